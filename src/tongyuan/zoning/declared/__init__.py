"""What a project declares against what its activity yields, and its carbon."""
