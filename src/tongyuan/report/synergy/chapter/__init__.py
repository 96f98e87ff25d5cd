"""Chapters on synergy; a module with ``ORDER`` and ``section`` is a chapter."""
