"""Climate finance: what a project is worth and to whom, what a budget buys, what may be claimed once."""
