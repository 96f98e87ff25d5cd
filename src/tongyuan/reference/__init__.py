"""已知 the shelves of cited facts: species, units, fuels, regions, processes, factors."""
