"""Mass balances of sulphur and ash, by hand."""

from __future__ import annotations

from datetime import date

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tongyuan.facility.pollutant.balance import accuracy, ash_balance, balanced, quality, sulphur_balance
from tongyuan.inventory.methods.coal_quality import mee_coal_so2
from tongyuan.ledger.table import table

AT = {"facility": "F", "month": "2026-01", "installation": "U", "product": "bituminous"}
FUEL = {
    **AT, "state": "fired", "installation_kind": "boiler", "amount": 1000.0, "per": "t",
    "sulphur": 0.8, "ash": 20.0,
}  # fmt: skip
KNOWN = {
    **AT, "process": "industry.combustion.boiler", "retention": 0.15, "bottom": 0.2,
    "pass_SO2": 0.1, "pass_TSP": 0.01, "unsure_SO2": 0.0, "unsure_TSP": 0.0,
}  # fmt: skip
TYPES = dict.fromkeys(("sulphur", "ash", "retention", "bottom", "pass_SO2", "pass_TSP"), pl.Float64)
TYPES |= dict.fromkeys(("unsure_SO2", "unsure_TSP"), pl.Float64)


def frame(*rows: dict[str, object]) -> pl.DataFrame:
    return pl.DataFrame(rows, schema_overrides={k: v for k, v in TYPES.items() if k in rows[0]})


def samples(*rows: dict[str, object]) -> pl.DataFrame:
    schema = table("fuel_sample").dtypes
    return pl.DataFrame([{**dict.fromkeys(schema), **row} for row in rows], schema=schema)


def of(made: pl.DataFrame, species: str) -> dict[str, object]:
    return made.filter(pl.col("species") == species).row(0, named=True)


def test_a_thousand_tonnes_by_hand() -> None:
    """1000 t · 0.8 % S · 2 · 0.85 · 0.1 = 1.36 t SO2; 1000 t · 20 % · 0.8 · 0.01 = 1.6 t of particulates."""
    made = balanced(frame(FUEL), samples(), frame(KNOWN))
    assert of(made, "SO2")["mass"] == pytest.approx(1.36)
    assert of(made, "TSP")["mass"] == pytest.approx(1.6)
    assert made["fault"].to_list() == ["", ""]


@pytest.mark.parametrize(
    ("fuel", "known", "fault"),
    [
        ({"sulphur": None}, {}, "no_sulphur"),
        ({"per": "10^4 m3"}, {}, "no_sulphur"),
        ({}, {"retention": None}, "no_retention"),
        ({}, {"pass_SO2": None}, "no_removal"),
    ],
)
def test_what_is_missing_is_named(fuel: dict[str, object], known: dict[str, object], fault: str) -> None:
    made = balanced(frame({**FUEL, **fuel}), samples(), frame({**KNOWN, **known}))
    assert of(made, "SO2")["fault"] == fault


def test_without_a_share_of_bottom_ash_there_is_no_balance_of_ash() -> None:
    made = balanced(frame(FUEL), samples(), frame({**KNOWN, "bottom": None}))
    assert of(made, "TSP")["fault"] == "no_bottom"
    assert of(made, "TSP")["mass"] is None
    assert of(made, "SO2")["fault"] == ""


def test_what_is_made_keeps_its_sulphur() -> None:
    """The sulphur of a kiln's fuel stays in the clinker: a kiln has no balance."""
    assert balanced(frame({**FUEL, "installation_kind": "kiln_line"}), samples(), frame(KNOWN)).is_empty()


def test_samples_weigh_by_mass_and_come_as_received() -> None:
    """S_ad 1.0 and 0.5 % with 10 % and 2 % moisture are 0.91837 and 0.45918 % as received; 3 : 1 by mass."""
    one = {
        "facility": "F", "sample": "a", "installation": "U", "product": "bituminous",
        "covers_to": date(2026, 1, 9),
        "basis": "ad", "moisture_ar": 10.0, "moisture_ad": 2.0, "sulphur": 1.0, "mass": 300.0,
    }  # fmt: skip
    made = quality(samples(one, {**one, "sample": "b", "sulphur": 0.5, "mass": 100.0})).row(0, named=True)
    assert made["sample_sulphur"] == pytest.approx(0.00875 * 90 / 98)
    got = balanced(frame({**FUEL, "sulphur": None}), samples(one), frame(KNOWN))
    assert of(got, "SO2")["mass"] == pytest.approx(2 * 1000 * 0.01 * 90 / 98 * 0.85 * 0.1)


def test_how_sure_a_balance_is() -> None:
    """Coal 0.5 %, sulphur 4 %, release 3 % in quadrature, and the devices."""
    wide = 1.96 * (0.005**2 + 0.04**2 + 0.03**2) ** 0.5
    assert 1.96 * accuracy("coal", "sulphur", "release") == pytest.approx(wide)
    made = balanced(frame(FUEL), samples(), frame({**KNOWN, "unsure_SO2": 0.5}))
    assert of(made, "SO2")["uncertainty"] == pytest.approx((wide**2 + 0.25) ** 0.5)
    unknown = balanced(frame(FUEL), samples(), frame({**KNOWN, "unsure_SO2": None}))
    assert of(unknown, "SO2")["uncertainty"] is None


share = st.floats(0, 1)


@given(st.floats(0, 1e6), share, share, share)
def test_the_balance_is_the_formula_of_the_inventory(b: float, s: float, r: float, p: float) -> None:
    assert sulphur_balance(b, s, r, p) == pytest.approx(mee_coal_so2(b, s, 1 - r, 1 - p), abs=1e-9)


@given(st.floats(0, 1e6), share, share, share, share)
def test_more_ash_or_sulphur_emits_more_and_more_kept_less(
    b: float, a: float, c: float, r: float, p: float
) -> None:
    low, high = sorted((a, c))
    for equation in (sulphur_balance, ash_balance):
        assert equation(b, low, r, p) <= equation(b, high, r, p)
        assert equation(b, r, low, p) >= equation(b, r, high, p)
        assert equation(b, a, r, 0.0) == 0
