from __future__ import annotations

import polars as pl
import pytest

from tongyuan.pathway import money
from tongyuan.pathway.case import Settings
from tongyuan.pathway.example import steel


@pytest.mark.parametrize(
    ("rate", "life", "expected"), [(0.05, 20.0, 0.0802425872), (0.0, 20.0, 0.05), (0.05, None, 0.05)]
)
def test_annuity(rate, life, expected):
    frame = pl.DataFrame({"r": [rate], "n": [life]}, schema={"r": pl.Float64, "n": pl.Float64})
    assert frame.select(money.annuity(pl.col("r"), pl.col("n"))).item() == pytest.approx(expected)


def test_costs_are_converted_with_the_index_of_the_shelf(monkeypatch):
    rows = pl.DataFrame(
        {
            "id": ["a", "b", "c"], "currency": ["CNY", "CNY", "USD"], "to_currency": ["", "", "CNY"],
            "year": ["2015", "2020", "2015"],
            "kind": ["index", "index", "exchange"], "value": ["80", "100", "6"], "source": ["test"] * 3,
        }
    )  # fmt: skip
    monkeypatch.setattr(money, "shelf", lambda name: rows)
    case = steel()
    price = case["price"].with_columns(
        currency=pl.Series(["CNY", "USD", "CNY"]),
        price_year=pl.Series([2015, 2015, 2020]),
        value=pl.Series([10.0, 10.0, 10.0]),
    )
    settings = Settings(discount_rate=0.05, price_year=2020)
    converted, findings = money.in_one_money(type(case)({**case.tables, "price": price}, settings))
    assert converted["price"]["value"].to_list() == pytest.approx([12.5, 75.0, 10.0])
    assert not [f for f in findings if f.sheet == "price"]
