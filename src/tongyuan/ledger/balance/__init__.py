"""Energy balances of yearbooks."""
