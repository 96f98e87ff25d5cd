"""How pollution and carbon changed together."""
