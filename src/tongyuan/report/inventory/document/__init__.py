"""Official documents on the inventory."""
