"""Registered benchmarks: run them with ``python -m benchmarks``."""
