"""The plan as tasks and targets: the chapter and the official documents."""
