"""Zoning: what may be built where, by which clause, against which reduction elsewhere."""
