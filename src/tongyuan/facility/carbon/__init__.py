"""Carbon of an enterprise by the guide that is in force."""
