"""Simulated plants: fuel → flue gas → devices → stack, with meters; every number is an example, 示例."""
