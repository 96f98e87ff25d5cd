"""The table of units against an independent one, and the algebra of quantities."""

from __future__ import annotations

import subprocess
import sys
from functools import cache

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tongyuan.reference.shelf import shelf
from tongyuan.reference.unit.quantity import Quantity, evaluate, table

OTHER_NAME = {
    "μ": "u", "t": "tonne", "L": "liter", "K": "kelvin", "min": "minute", "barrel": "oil_bbl", "a": "year",
    "cal": "international_calorie", "BTU": "Btu_iso", "percent": "percent", "d": "day", "h": "hour",
}  # fmt: skip
"""Names that pint has for units of the table."""

OWN = (
    "tce",
    "kgce",
    "gce",
    "jin",
    "mu_area",
    "weight_case",
    "steam_ton",
    "head",
    "vehicle",
    "person",
    "household",
    "item",
    "CNY",
    "USD",
    "EUR",
    "pollutant_equivalent",
    "fraction",
)
"""Units that pint does not have."""

BASE = {"kg": "kg", "m": "m", "s": "s", "K": "kelvin", "mol": "mol"}
SHARED = [row for row in shelf("unit_base").to_dicts() if row["unit"] not in OWN]


@cache
def registry():  # type: ignore[no-untyped-def]
    pint = pytest.importorskip("pint")
    return pint.UnitRegistry()


@pytest.mark.parametrize("row", SHARED, ids=[row["unit"] for row in SHARED])
def test_every_factor_and_dimension_is_that_of_an_independent_table(row: dict[str, str]) -> None:
    name = OTHER_NAME.get(row["unit"], row["unit"])
    mine = table()[row["unit"]]
    other = (1 * registry().parse_units(name)).to_base_units()
    assert mine.factor == pytest.approx(other.magnitude, rel=1e-9)
    expected = registry().Quantity(1, "")
    for unit, power in mine.powers:
        expected = expected * registry().parse_units(BASE[unit]) ** power
    assert other.dimensionality == expected.dimensionality


@pytest.mark.parametrize("name", ["PWh", "EJ", "Gg", "kPa", "mL", "μg", "ug", "ng", "cm", "hPa", "TW"])
def test_prefixes_are_those_of_an_independent_table(name: str) -> None:
    other = (1 * registry().parse_units(name)).to_base_units()
    assert table()[name].factor == pytest.approx(other.magnitude, rel=1e-9)


@pytest.mark.parametrize("name", ["Mm", "Gm", "mt", "mJ", "mW", "hm", "nt", "pt", "kha", "MBTU", "Tm"])
def test_prefixes_that_nobody_means_are_not_in_the_table(name: str) -> None:
    assert name not in table()


@given(st.lists(st.sampled_from(["kg", "m", "h", "kW", "lb", "kcal"]), min_size=1, max_size=4), st.data())
def test_products_and_quotients_agree_with_an_independent_table(
    names: list[str], data: st.DataObject
) -> None:
    signs = data.draw(st.lists(st.sampled_from([1, -1]), min_size=len(names), max_size=len(names)))
    mine, other = Quantity(1.0), registry().Quantity(1.0, "")
    for name, sign in zip(names, signs, strict=True):
        there = "kilointernational_calorie" if name == "kcal" else name
        mine = mine * table()[name] if sign > 0 else mine / table()[name]
        other = other * registry().parse_units(there) ** sign
    base = other.to_base_units()
    assert mine.factor == pytest.approx(base.magnitude, rel=1e-9)
    assert dict(mine.powers) == {
        {"kilogram": "kg", "meter": "m", "second": "s"}[str(unit)]: power
        for unit, power in base.unit_items()
        if power
    }


def test_a_sum_of_powers_that_vanishes_is_no_dimension() -> None:
    assert (table()["t"] / table()["kg"]) == Quantity(1000.0)
    assert (table()["m"] ** 3 / table()["L"]).powers == ()


def test_base_units_are_written_out() -> None:
    assert evaluate("kW*h").base == "kg*m**2/s**2"
    assert (Quantity(1.0) / table()["s"]).base == "1/s"
    assert Quantity(2.0).base == ""


def test_expressions_are_evaluated() -> None:
    assert evaluate("1e6*foot**3").factor == pytest.approx(28316.846592)  # 0.3048 ** 3 * 1e6
    assert evaluate("0.001*fraction") == Quantity(0.001)
    for wrong in ("furlong", "kg*", "kg/m", ""):
        with pytest.raises(KeyError):
            evaluate(wrong)


def test_the_other_table_is_for_tests_only() -> None:
    code = (
        "import sys; from tongyuan.reference import units; units.canonical('t'); print('pint' in sys.modules)"
    )
    found = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    assert found.stdout == "False\n"


@pytest.mark.parametrize(
    ("name", "metres", "power"),
    [("nm", 1e-9, 1), ("um", 1e-6, 1), ("cm", 1e-2, 1), ("dm", 1e-1, 1), ("dL", 1e-4, 3), ("hL", 1e-1, 3)],
)
def test_small_prefixes_of_lengths_and_volumes(name: str, metres: float, power: int) -> None:
    """A litre is 1e-3 m3; the prefixes are those of the SI brochure, table 7."""
    assert table()[name].factor == pytest.approx(metres)
    assert table()[name].powers == (("m", power),)
