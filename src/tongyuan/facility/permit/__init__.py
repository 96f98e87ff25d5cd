"""The permit: tonnes so far, hours above the limit, the end of the year, the execution report."""
