"""Statistics of air-quality stations: hours, days, years, indices and attainment."""
