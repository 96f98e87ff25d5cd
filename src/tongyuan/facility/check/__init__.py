"""Checks: one row of a shelf and one vectorised predicate each, over all enterprises at once."""
