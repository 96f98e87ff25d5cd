"""The run itself: what was found and what was computed."""
