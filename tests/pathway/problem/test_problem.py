from __future__ import annotations

import numpy as np
import polars as pl

from tongyuan.pathway.example import steel
from tongyuan.pathway.problem.assemble import assemble
from tongyuan.pathway.problem.problem import Builder


def test_every_row_and_column_has_a_name_of_its_own():
    problem = assemble(steel())
    for which, size in (("rows", problem.matrix.shape[0]), ("columns", problem.matrix.shape[1])):
        frame = getattr(problem, which)
        assert frame.height == size
        labels = [problem.label(r) for r in frame.to_dicts()]
        assert len(set(labels)) == size
    assert "activity/south/arc/2030" in [problem.label(r) for r in problem.columns.to_dicts()]


def test_entries_at_one_place_are_summed():
    build = Builder()
    column = build.add_columns("x", pl.DataFrame({"n": [1, 2]}), 0.0, np.inf)
    row = build.add_rows("r", pl.DataFrame({"n": [1]}), -np.inf, 1.0)
    build.add_entries(row[0], column, [1.0, 2.0])
    build.add_entries(row[0], column[:1], 3.0)
    assert sum(e[2].sum() for e in build.entries) == 6.0
    assert (build.n_columns, build.n_rows) == (2, 1)
