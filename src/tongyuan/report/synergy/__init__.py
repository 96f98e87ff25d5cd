"""The score in the chapter on synergy: what it rests on, and how firm it is."""
