"""Chapters of allocation."""
