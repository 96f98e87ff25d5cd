"""The shared system from the command line: served, kept, and filled with people and folders."""
