"""Solving: HiGHS and the structured interior point."""
