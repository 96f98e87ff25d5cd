"""Zones on the ground: areas on the ellipsoid, what a project touches, faults of the layers themselves."""
