"""Chapters on enterprises; a module with ``ORDER`` and ``section`` is a chapter."""
