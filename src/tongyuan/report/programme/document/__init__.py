"""Official documents on targets and tasks."""
