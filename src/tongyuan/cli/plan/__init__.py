"""Commands of ``tongyuan plan``."""
