"""What is written in a cell: numbers, marks, units."""
