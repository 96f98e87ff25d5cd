from __future__ import annotations

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.facility.tax.conftest import emissions, own_rates

from tongyuan.facility.rounding import half_up
from tongyuan.facility.tax.account import tax_account


def lines(frame: pl.DataFrame) -> dict[str, float]:
    kept = frame.filter("taxed")
    return {i: half_up(t, 2) for i, t in zip(kept["item"], kept["tax"], strict=True)}


def test_vector_tax_01_three_of_four() -> None:
    account = tax_account(
        emissions(air_SO2=10, air_fluoride=10, air_CO=100, air_HCl=100), own=own_rates(("air", "", 1.2))
    )
    assert lines(account) == {"air.fluoride": 13.79, "air.SO2": 12.63, "air.HCl": 11.16}
    assert half_up(sum(lines(account).values()), 2) == 37.58
    by = dict(zip(account["item"], account["equivalent"], strict=True))
    assert [half_up(by[f"air.{n}"], 2) for n in ("SO2", "fluoride", "CO", "HCl")] == [10.53, 11.49, 5.99, 9.3]


def test_vector_tax_02_hydrogen_chloride_drops_out() -> None:
    account = tax_account(
        emissions(air_SO2=100, air_fluoride=100, air_CO=200, air_HCl=80), own=own_rates(("air", "", 1.2))
    )
    assert set(lines(account)) == {"air.fluoride", "air.SO2", "air.CO"}
    assert half_up(account["tax"].sum(), 2) == 278.62


def test_vector_tax_04_hainan_from_the_shelf() -> None:
    account = tax_account(emissions(region="460100", air_fluoride=10, air_SO2=10, air_CO=100, air_CS2=100))
    got = lines(account)
    assert got["air.fluoride"] == pytest.approx(27.58, abs=0.02)
    assert got["air.SO2"] == pytest.approx(25.25, abs=0.02)
    assert got["air.CO"] == pytest.approx(14.38, abs=0.02)
    assert account["rate"].unique().to_list() == [2.4]
    assert account["rate_source"].unique().to_list() == ["hainan_tax_exam"]


def test_vector_tax_05_class_one_water() -> None:
    metals = {f"water_{m}": 10.0 for m in ("Hg", "Cd", "Cr", "As", "Pb", "Ag")}
    account = tax_account(emissions("DW001", **metals), own=own_rates(("water", "", 1.4)))
    assert lines(account) == {
        "water.Hg": 28000,
        "water.Cd": 2800,
        "water.As": 700,
        "water.Ag": 700,
        "water.Pb": 560,
    }


def test_vector_tax_11_reductions() -> None:
    rows = emissions(air_SO2=1000).with_columns(limit=35.0, hours_over=0.0)
    own = own_rates(("air", "", 6.0))
    for mean, tax in ((24.0, 4736.84), (17.5, 3157.89), (24.6, 6315.79)):
        account = tax_account(rows.with_columns(concentration=mean), own=own)
        assert half_up(account["tax"][0], 2) == tax


def test_vector_tax_12_several_rates() -> None:
    own = own_rates(("air", "SO2", 6.65), ("air", "NOx", 7.6), ("air", "", 1.2), region="310000")
    account = tax_account(emissions(region="310000", air_SO2=10, air_NOx=20, air_CO=300, air_Hg=1), own=own)
    assert lines(account) == {"air.Hg": 12000.0, "air.NOx": 160.0, "air.CO": 21.56}
    assert half_up(account["tax"].sum(), 2) == 12181.56


def test_one_hour_above_the_limit_ends_the_reduction() -> None:
    rows = emissions(air_SO2=1000).with_columns(limit=35.0, concentration=10.0, hours_over=1.0)
    assert tax_account(rows, own=own_rates(("air", "", 6.0)))["reduction"].to_list() == ["no_reduction"]


def test_who_tampered_pays_for_what_was_generated() -> None:
    rows = emissions(air_SO2=10).with_columns(
        limit=35.0, concentration=1.0, hours_over=0.0, generated=500.0, violation=True
    )
    account = tax_account(rows, own=own_rates(("air", "", 1.2)))
    assert account["tax"][0] == pytest.approx(500 / 0.95 * 1.2)
    assert account["reduction"].to_list() == ["no_reduction"]


def test_without_a_verified_rate_there_is_no_tax_and_it_is_said_why() -> None:
    rows = emissions(region="110100", air_SO2=10)
    account = tax_account(rows)
    assert account["tax"].to_list() == [None]
    assert account["rate_source"].to_list() == ["only_unverified"]
    assert tax_account(rows, unverified=True)["rate"].to_list() == [12.0]


masses = st.lists(st.floats(0, 1e5), min_size=5, max_size=5)
NAMES = ("air_SO2", "air_NOx", "air_CO", "air_HCl", "air_fluoride")


@settings(max_examples=40, deadline=None)
@given(masses, st.integers(0, 4), st.floats(0, 1e4))
def test_tax_never_falls_when_an_emission_rises(mass: list[float], which: int, more: float) -> None:
    own = own_rates(("air", "", 1.2))
    higher = [m + more * (i == which) for i, m in enumerate(mass)]
    before = tax_account(emissions(**dict(zip(NAMES, mass, strict=True))), own=own)["tax"].sum()
    after = tax_account(emissions(**dict(zip(NAMES, higher, strict=True))), own=own)["tax"].sum()
    assert after >= before - 1e-9


@settings(max_examples=20, deadline=None)
@given(st.permutations(range(5)), st.permutations(["2025-01", "2025-02", "2025-03"]))
def test_the_order_of_rows_months_and_outlets_does_not_matter(order: list[int], months: list[str]) -> None:
    rows = pl.concat(
        [
            emissions(outlet, month, **{n: 10.0 * (i + 1) for i, n in enumerate(NAMES)})
            for month in months
            for outlet in ("DA002", "DA001")
        ]
    )
    own = own_rates(("air", "", 1.2))
    one = tax_account(rows, own=own)
    two = tax_account(rows.sort("month", "outlet"), own=own)
    assert one.sort("month", "outlet", "item").equals(two.sort("month", "outlet", "item"))
    shuffled = tax_account(rows[[5 * (i // 5) + order[i % 5] for i in range(30)]], own=own)
    assert shuffled.sort("month", "outlet", "item").equals(one.sort("month", "outlet", "item"))
