"""The operations of the office; a module in this folder with ``OPERATIONS`` adds its own."""
