"""Chapters on the inventory; a module with ``ORDER`` and ``section`` is a chapter."""
