"""From a checked workspace to its inventory."""
