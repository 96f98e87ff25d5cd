"""The factor library: cited records, found, shown, compared and resolved."""
