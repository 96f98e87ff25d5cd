from __future__ import annotations

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tongyuan.inventory.account.dictionary import dictionary

TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=30)


def back(series: pl.Series) -> list[str]:
    code, names = dictionary(series)
    assert names.to_list() == sorted(set(names.to_list()))
    assert names.name == series.name
    return names.gather(code).to_list()


@given(st.lists(TEXT, max_size=60))
@settings(max_examples=100, deadline=None)
def test_texts_come_back(texts: list[str]) -> None:
    assert back(pl.Series("s", texts, dtype=pl.String)) == texts


@given(st.lists(TEXT, min_size=1, max_size=30))
@settings(max_examples=30, deadline=None)
def test_long_texts_that_lie_in_different_places_are_one_value(texts: list[str]) -> None:
    twice = pl.concat(
        [pl.Series("s", texts, dtype=pl.String), pl.Series("s", texts, dtype=pl.String)], rechunk=False
    )
    assert back(twice) == texts * 2


@given(st.lists(TEXT, min_size=3, max_size=30))
@settings(max_examples=30, deadline=None)
def test_slices_and_gathered_rows(texts: list[str]) -> None:
    series = pl.Series("s", texts, dtype=pl.String)
    assert back(series[1:-1]) == texts[1:-1]
    assert back(series.gather(list(range(len(texts)))[::-1])) == texts[::-1]


def test_nulls_count_as_empty_text() -> None:
    assert back(pl.Series("s", ["b", None, ""])) == ["b", "", ""]


def test_very_many_values_are_still_right() -> None:
    texts = [f"a rather long text with the number {n}" for n in range(40_000)]
    assert back(pl.Series("s", texts + texts[:5])) == texts + texts[:5]


def test_categories_and_integers() -> None:
    assert back(pl.Series("s", ["q", "p", "q"], dtype=pl.Categorical)) == ["q", "p", "q"]
    code, names = dictionary(pl.Series("y", [2021, 2014, 2021]))
    assert names.to_list() == [2014, 2021]
    assert code.tolist() == [1, 0, 1]
    wide, values = dictionary(pl.Series("y", [10**12, 5]))
    assert values.to_list() == [5, 10**12]
    assert wide.tolist() == [1, 0]
    with pytest.raises(ValueError, match="missing"):
        dictionary(pl.Series("y", [1, None]))


def test_the_column_is_left_as_it_was() -> None:
    series = pl.Series("s", ["x", "a text longer than twelve bytes"] * 1000)
    before = series.clone()
    for _ in range(20):
        dictionary(series)
    assert series.equals(before)


def test_codes_do_not_depend_on_the_order_of_rows() -> None:
    rng = np.random.default_rng(0)
    series = pl.Series("s", rng.choice(["c", "a", "b"], 100))
    order = rng.permutation(100)
    code, names = dictionary(series)
    again, other = dictionary(series.gather(order))
    assert names.equals(other)
    assert (code[order] == again).all()
