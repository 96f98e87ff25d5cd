"""From an inventory and the tables of a plan to a solved, audited plan."""
