"""Chapters on the least-cost plan; a module with ``ORDER`` and ``section`` is a chapter."""
