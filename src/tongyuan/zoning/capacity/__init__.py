"""Old capacity for new, who reviews the energy of a project, and days by which it is decided."""
