"""From a case to a linear problem."""
