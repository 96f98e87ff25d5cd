"""Shares of every source in every cell of a grid: points, boxes, lines, polygons, other grids."""
