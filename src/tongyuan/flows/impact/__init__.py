"""Air, health and climate of a workspace."""
