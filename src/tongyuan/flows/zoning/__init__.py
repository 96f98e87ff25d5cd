"""The room of zoning in a run: projects accounted, laid over zones, screened; offsets, exit, land."""
