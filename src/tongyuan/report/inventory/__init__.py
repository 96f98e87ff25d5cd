"""What is emitted: chapters of the report and the bulletin."""
