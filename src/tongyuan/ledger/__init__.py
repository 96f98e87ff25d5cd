"""一本账 the tables: one schema each, checked, read, written, traced."""
