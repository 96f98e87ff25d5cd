"""What reports say of projects, green power and the credits of the public."""
