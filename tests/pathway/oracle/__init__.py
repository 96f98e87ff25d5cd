"""The meaning of a plan written a second time, in another modelling layer, from the documentation alone.

`unit` has a small table of factors of its own, `problem` turns raw tables into rows, `formulation` adds the
targets and solves; `world` draws random plans in mixed units, and `bind` sets limits and targets that bind.
"""
