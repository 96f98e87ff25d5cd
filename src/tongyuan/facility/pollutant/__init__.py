"""Pollutants that nothing measured: mass balances, and which outlet a figure belongs to."""
