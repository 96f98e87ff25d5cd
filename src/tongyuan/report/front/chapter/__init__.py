"""The chapter that stands first; a module with ``ORDER`` and ``section`` is a chapter."""
