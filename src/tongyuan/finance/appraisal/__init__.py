"""Appraisal of projects: value and rate of return, cost of both reductions, tariffs, support, portfolios."""
