"""A guide acts by the month of the fact; its numbers are rounded where it says and half up."""

from __future__ import annotations

import polars as pl
import pytest

from tongyuan.facility.carbon.guide import guide_of, guided, guides, printed
from tongyuan.reference.energy import fuels
from tongyuan.reference.shelf import shelf


def test_power_changes_its_guide_with_the_year_2026() -> None:
    assert guide_of("power", "2025-12")["guide"] == "power_2022"
    assert guide_of("power", "2026-01")["guide"] == "power_2026"
    assert guide_of("power", "2025-12")["purchased_power"] == "account"
    assert guide_of("power", "2026-01")["purchased_power"] == "auxiliary"


def test_a_guide_named_in_the_settings_goes_before_the_one_in_force() -> None:
    assert guide_of("power", "2025-12", ["power_2026"])["guide"] == "power_2026"
    assert guide_of("steel", "2025-12", ["power_2026"])["guide"] == "steel_2025"


def test_a_kind_without_a_guide_of_its_own_has_the_general_one() -> None:
    assert guide_of("chemical", "2020-05")["guide"] == "general_24"


def test_before_its_first_guide_a_kind_has_none() -> None:
    with pytest.raises(KeyError, match="no guide for power in 2019-01"):
        guide_of("power", "2019-01")
    frame = pl.DataFrame({"kind": ["power", "power"], "month": ["2019-01", "2025-01"]})
    assert guided(frame)["guide"].to_list() == ["", "power_2022"]


def test_every_guide_names_a_fuel_set_a_source_and_a_kind() -> None:
    for row in guides().to_dicts():
        assert fuels.products(row["fuel_set"])
        assert row["source"] in set(shelf("source")["id"])
        assert row["facility_kind"] in {"", *shelf("facility_kind")["facility_kind"]}


@pytest.mark.parametrize(
    ("value", "quantity", "text"),
    [
        (454.645, "emission", "454.65"), (2.675, "amount", "2.68"), (1234.5, "total", "1235"),
        (-0.5, "total", "-1"), (-14839.4249, "emission", "-14839.42"),
        (0.0309999, "carbon_per_heat", "0.03100"),
        (None, "ncv", ""), (float("nan"), "ncv", ""), (-0.0001, "emission", "0.00"),
    ],
)  # fmt: skip
def test_numbers_are_printed_with_the_decimals_of_the_guide(
    value: float | None, quantity: str, text: str
) -> None:
    assert printed(value, quantity) == text
