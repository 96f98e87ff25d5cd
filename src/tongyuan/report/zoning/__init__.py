"""Chapters of zoning: verdicts, reductions matched, capacity that goes, land and carbon of projects."""
