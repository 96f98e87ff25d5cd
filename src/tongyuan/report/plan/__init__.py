"""The chapter on the least-cost plan, part by part."""
