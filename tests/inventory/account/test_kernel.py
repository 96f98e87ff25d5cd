from __future__ import annotations

import numpy as np
import polars as pl
import pytest

from tongyuan.inventory.account import algebra, dictionary, kernel


@pytest.mark.parametrize("texts", [["b", "a", "b", "", "a text that is longer than a view"], ["企业"], []])
def test_compiled_and_sorted_encoding_agree(monkeypatch: pytest.MonkeyPatch, texts: list[str]) -> None:
    column = pl.Series("s", texts, dtype=pl.String)
    by_sorting, names = dictionary.dictionary(column)
    monkeypatch.setattr(dictionary, "_FEW", 0)
    compiled, same = dictionary.dictionary(column)
    assert compiled.tolist() == by_sorting.tolist()
    assert same.to_list() == names.to_list()


def test_compiled_and_counted_sums_agree_to_the_bit() -> None:
    draw = np.random.default_rng(1)
    codes = (draw.integers(0, 5, 4_500).astype(np.int32), draw.integers(0, 9, 4_500).astype(np.int32))
    weight, value = np.array([10, 1], dtype=np.int32), draw.lognormal(0, 3, 4_500)
    counted, seen = algebra._totals(codes, weight, value, 50)
    total, occurs = np.zeros(50), np.zeros(50, dtype=np.bool_)
    kernel.accumulate(codes, weight, value, 0, 4_500, total, occurs)
    assert total.tolist() == counted.tolist()
    assert occurs.tolist() == seen.tolist()
    assert not seen[9]  # a combination that does not occur
