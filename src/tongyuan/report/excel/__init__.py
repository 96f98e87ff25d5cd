"""Workbooks: of the report, and of a document."""
