"""Settings of the property tests of this folder."""

from hypothesis import settings

settings.register_profile("synergy", deadline=None)
settings.load_profile("synergy")
