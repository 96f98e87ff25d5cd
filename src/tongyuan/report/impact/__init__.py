"""What reports say of air, health and climate."""
