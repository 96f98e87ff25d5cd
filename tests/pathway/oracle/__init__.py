"""The meaning of a plan written a second time, in another modelling layer, from the documentation alone.

`unit` has a small table of factors of its own, `formulation` turns raw tables into rows of linopy, `world`
draws random plans in mixed units, and `bind` sets their limits and targets so that they bind.
"""
