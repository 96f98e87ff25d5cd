"""Several workspaces as one region: summed, reconciled, what passes between them, what they save."""
