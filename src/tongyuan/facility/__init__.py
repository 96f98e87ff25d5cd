"""企业 enterprises: reported once, accounted for everything, checked together."""
