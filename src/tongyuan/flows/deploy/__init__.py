"""From a plan to tasks, forms, progress and assessment in a folder."""
