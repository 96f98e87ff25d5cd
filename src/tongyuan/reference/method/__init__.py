"""Published coefficients, and the equations that more than one room needs."""
