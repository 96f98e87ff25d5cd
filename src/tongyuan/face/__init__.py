"""The door for Python: what ``import tongyuan as ty`` offers, functions over tables."""
