"""The office: every operation of the shared system, with permission and trail.

The page, the programming interface and the command line call the same operations.
"""
