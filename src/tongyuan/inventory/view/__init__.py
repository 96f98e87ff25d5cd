"""What an inventory tells: totals, changes, key sources, gaps, and figures published elsewhere."""
