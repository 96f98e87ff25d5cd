"""Allowances of the national carbon market: allocation, settlement, surrender, and what complying costs."""
