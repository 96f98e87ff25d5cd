"""What does not fit: doubled activity, idle factors, negative sums, doubtful records."""
