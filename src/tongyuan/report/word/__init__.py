"""Word documents in official form."""
