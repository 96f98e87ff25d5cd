"""协同度 how synergistic pollution and carbon reduction are."""
