"""Files that chemistry models read, written hour by hour."""
