"""The web: one programming interface and one console over the operations of the office."""
