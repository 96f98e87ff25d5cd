"""The least-cost plan, part by part."""
