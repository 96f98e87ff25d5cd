"""Enterprises in the hall: their account, and how it enters the inventory of an area."""
