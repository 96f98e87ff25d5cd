"""Diagnosis of an enterprise: distances to limits and levels, grades, peers, audits that are due."""
