from __future__ import annotations

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tongyuan.pathway.example import steel
from tongyuan.pathway.problem.assemble import assemble
from tongyuan.pathway.problem.problem import Builder, matched, packed


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


@pytest.mark.parametrize("times", [1, 10_000], ids=["counted", "sought"])
@given(of=st.lists(st.integers(0, 12)), to=st.lists(st.integers(0, 12)))
def test_places_of_equal_numbers_are_those_of_an_ordered_join(times: int, of: list[int], to: list[int]):
    left, right = (pl.Series("x", s, dtype=pl.Int64) * times for s in (of, to))
    first, second = matched(left, right)
    wanted = (
        left.to_frame().with_row_index("of")
        .join(right.to_frame().with_row_index("to"), on="x", maintain_order="left_right")
    )  # fmt: skip
    assert list(zip(first, second, strict=True)) == wanted.select("of", "to").rows()


def test_codes_are_packed_as_digits():
    frame = pl.DataFrame({"n": [2, 0], "t": [1, 3], "l": [0, 4]}, schema=dict.fromkeys("ntl", pl.Int32))
    assert packed(frame, ("n", "t", "l"), (4, 5)).to_list() == [(2 * 4 + 1) * 5, 3 * 5 + 4]
