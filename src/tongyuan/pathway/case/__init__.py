"""What a plan consists of, checked and in one unit."""
