"""The pages of the console; a module in this folder with ``ROUTES`` adds its own."""
