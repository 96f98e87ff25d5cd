"""Questions about a plan, one function each."""
