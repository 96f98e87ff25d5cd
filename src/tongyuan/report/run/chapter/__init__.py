"""Chapters on the run; a module with ``ORDER`` and ``section`` is a chapter."""
