"""Documents on a project: the carbon part of its impact assessment."""
