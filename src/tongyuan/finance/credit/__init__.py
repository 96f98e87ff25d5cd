"""Credits of the public (碳普惠): one act one credit, capped, retired once, in a chain that shows forgery."""
