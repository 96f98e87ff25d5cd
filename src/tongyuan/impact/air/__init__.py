"""From emission to concentration."""
