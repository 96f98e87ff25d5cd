"""Evidence: what one source's many measurements say about each other, as rates under honest data.

Nothing here is a verdict: a result is a 疑点, a figure that honest data would show so seldom.
"""
