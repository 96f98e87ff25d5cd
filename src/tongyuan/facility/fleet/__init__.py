"""Vehicles and machines of an enterprise: their fuel, their distance, their inspections."""
