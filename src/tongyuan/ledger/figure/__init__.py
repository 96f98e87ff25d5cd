"""Figures read out of tables: which row counts, what two years have in common, where it came from."""
