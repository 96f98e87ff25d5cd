"""Index systems: their indicators, scores and how firm they are."""
