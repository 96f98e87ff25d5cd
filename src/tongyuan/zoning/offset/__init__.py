"""Regional reduction: scarce tonnes matched to projects, and a ledger without double promises."""
