"""Chapters on climate finance; a module with ``ORDER`` and ``section`` is a chapter."""
