"""Report on allocation: the cells of a grid, what no cell holds, months and hours."""
