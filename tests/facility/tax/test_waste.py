from __future__ import annotations

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tongyuan.facility.tax.waste import noise_step, noise_tax, waste_tax


def waste(**amount: float) -> pl.DataFrame:
    return pl.DataFrame(
        {"facility": "F", "month": "2025-01", "waste": "x", "tax_class": "tailings"} | amount, strict=False
    )


def test_vector_tax_07_tailings() -> None:
    assert waste_tax(waste(generated=1000, used=300, stored=200))["tax"].to_list() == [7500.0]


def test_vector_tax_08_noise_of_ten_days() -> None:
    assert noise_tax(72 - 65, 60 - 55, 10) == 1050.0


def test_fifteen_days_are_a_whole_month() -> None:
    assert noise_tax(7, 5, 15) == 2100.0
    assert noise_tax(7, 5, 14) == 1050.0


@pytest.mark.parametrize(
    ("excess", "amount"),
    [(0, 0), (-2, 0), (1, 350), (3, 350), (4, 700), (15, 5600), (16, 11200), (3.0001, 700)],
)
def test_steps_of_noise(excess: float, amount: float) -> None:
    assert noise_step(excess) == amount


def test_more_taken_away_than_generated_comes_from_stock() -> None:
    assert waste_tax(waste(generated=10.0, used=30.0))["tax"].to_list() == [0.0]


@given(st.floats(0, 1e6), st.floats(0, 1e6), st.floats(0, 1e3))
def test_tax_never_falls_when_more_is_generated(generated: float, used: float, more: float) -> None:
    less = waste_tax(waste(generated=generated, used=used))["tax"][0]
    assert waste_tax(waste(generated=generated + more, used=used))["tax"][0] >= less


def test_hazardous_waste_costs_a_thousand_a_tonne() -> None:
    rows = waste(generated=2.5).with_columns(tax_class=pl.lit("hazardous"))
    assert waste_tax(rows)["tax"].to_list() == [2500.0]
