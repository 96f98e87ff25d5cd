"""From effects to money: transfer of values, discounting, cost and benefit."""
