"""Index of allergy of a green place."""

import polars as pl
import pytest

from tongyuan.reference.shelf import shelf
from tongyuan.zoning.green.pollen import allergy_index

COUNT = {"侧柏": 9446, "圆柏": 4062, "垂柳": 3536, "油松": 3205, "毛白杨": 682, "桑": 196, "白蜡": 114}
SHARE = {
    "侧柏": 33.56,
    "圆柏": 12.81,
    "垂柳": 23.09,
    "油松": 12.81,
    "毛白杨": 13.16,
    "桑": 1.06,
    "白蜡": 3.50,
}


def test_POL_01() -> None:
    rows = {r["title_zh"]: r for r in shelf("greening_species").filter(pl.col("allergy") != "").to_dicts()}
    assert set(rows) == set(COUNT)
    names = list(COUNT)
    columns = [[float(rows[n][c]) for n in names]
               for c in ("allergy", "pollen_emission", "flowering", "crown", "height")]  # fmt: skip
    made = allergy_index([COUNT[n] for n in names], *columns, area=290.8e4)
    assert made.sum() == pytest.approx(0.637493, abs=1e-5)
    shares = dict(zip(names, 100 * made / made.sum(), strict=True))
    assert shares == pytest.approx(SHARE, abs=6e-3)


def test_a_female_clone_without_pollen_adds_nothing():
    assert allergy_index([5], [2], [0], [20], [90], [15], 1e4).sum() == 0
