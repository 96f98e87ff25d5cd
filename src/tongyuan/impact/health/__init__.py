"""From concentration to health: risk, burden, benefit, life tables."""
