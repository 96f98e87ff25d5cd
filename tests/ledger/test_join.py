"""Joins neither lose nor multiply rows."""

from __future__ import annotations

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tongyuan.ledger.finding import FindingError
from tongyuan.ledger.join import join_exact


@given(st.lists(st.integers(0, 20), min_size=1, max_size=40))
def test_an_exact_join_keeps_rows_and_order(keys: list[int]) -> None:
    left = pl.DataFrame({"k": keys, "row": list(range(len(keys)))})
    right = pl.DataFrame({"k": list(range(21)), "v": [2 * k for k in range(21)]})
    joined = join_exact(left, right, ["k"])
    assert joined["row"].to_list() == left["row"].to_list()
    assert joined["v"].to_list() == [2 * k for k in keys]


@pytest.mark.parametrize(
    ("right", "check", "words"),
    [
        ({"k": ["a"], "v": [1]}, "join_lost", "1 rows"),
        ({"k": ["a", "b", "b"], "v": [1, 2, 3]}, "join_multiplied", "1 keys"),
        ({"k": ["a", "b"], "row": [1, 2]}, "join_columns", "row"),
    ],
)
def test_what_would_lose_or_multiply_is_refused(
    right: dict[str, list[object]], check: str, words: str
) -> None:
    left = pl.DataFrame({"k": ["a", "b"], "row": [0, 1]})
    with pytest.raises(FindingError) as raised:
        join_exact(left, pl.DataFrame(right), ["k"])
    (found,) = raised.value.findings
    assert found.check == check
    assert words in found.message("en")


def test_missing_and_empty_text_are_one_key() -> None:
    left = pl.DataFrame({"k": [None, "", "a"]}, schema={"k": pl.String})
    right = pl.DataFrame({"k": ["", "a"], "v": [1, 2]})
    joined = join_exact(left, right, ["k"])
    assert joined["v"].to_list() == [1, 1, 2]
    assert joined["k"].to_list() == [None, "", "a"]


def test_every_right_row_may_be_required() -> None:
    left, right = pl.DataFrame({"k": [1]}), pl.DataFrame({"k": [1, 2], "v": [1, 2]})
    assert join_exact(left, right, ["k"]).height == 1
    with pytest.raises(FindingError):
        join_exact(left, right, ["k"], every_right=True)


def test_rows_may_lack_a_partner_when_that_is_said_but_are_never_doubled() -> None:
    left = pl.DataFrame({"k": [1, 2]})
    joined = join_exact(left, pl.DataFrame({"k": [1], "v": [5]}), ["k"], may_lack=True)
    assert joined["v"].to_list() == [5, None]
    with pytest.raises(FindingError):
        join_exact(left, pl.DataFrame({"k": [1, 1], "v": [5, 6]}), ["k"], may_lack=True)
