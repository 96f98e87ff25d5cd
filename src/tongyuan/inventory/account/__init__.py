"""What activity becomes: emissions of every species, by the same source keys."""
