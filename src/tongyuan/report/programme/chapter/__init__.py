"""Chapters on targets and tasks; a module with ``ORDER`` and ``section`` is a chapter."""
