"""Environmental protection tax: equivalents, order, rates, reductions, the return of a quarter."""
