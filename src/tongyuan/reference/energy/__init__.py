"""Facts of energy: fuels, grids, steam, and names of the balance."""
