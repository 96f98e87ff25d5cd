"""What every document is made of: blocks, totals, labels, formats, excerpts."""
