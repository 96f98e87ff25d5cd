"""Charts drawn with matplotlib: for documents, for publications, for notebooks."""
