"""The first page: what is emitted, where from, are we on track, what to do next, what cannot be said."""
