"""Published measures of synergy, one pure function each."""
