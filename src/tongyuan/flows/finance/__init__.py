"""Climate finance of a workspace: its projects, its green power, the credits of its public."""
