"""Bring a database to the tables of this release, step by step, with its rows kept."""
