"""Chapters on zoning; a module with ``ORDER`` and ``section`` is a chapter."""
