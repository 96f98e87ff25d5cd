"""Greening: what trees emit, their pollen, and which to plant."""
