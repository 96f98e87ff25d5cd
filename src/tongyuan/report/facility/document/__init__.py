"""Documents on one enterprise."""
