"""From tables to files."""
