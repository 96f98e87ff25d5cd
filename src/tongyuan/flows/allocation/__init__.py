"""Emissions of an inventory on a grid: what is given, how it is allocated, what is told of it."""
