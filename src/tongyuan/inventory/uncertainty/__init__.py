"""How sure totals are: intervals of first order and of drawn factors."""
