"""Capacity that stands: which of it goes first."""
