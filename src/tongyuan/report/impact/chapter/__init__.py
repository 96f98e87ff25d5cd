"""Chapters on air, health and climate; a module with ``ORDER`` and ``section`` is a chapter."""
