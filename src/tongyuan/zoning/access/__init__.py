"""Rules of access as data: lists of regions, rules, verdicts, and what would change them."""
