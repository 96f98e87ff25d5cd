from __future__ import annotations

from typing import Any

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tongyuan.reference.unit.magnitude import ABSURD, DOUBTFUL, check_magnitude, verdict


def records(*rows: dict[str, Any]) -> pl.DataFrame:
    base = {
        "kind": "emission_factor",
        "process": "energy.power",
        "product": "raw_coal",
        "species": "NOx",
        "unit": "kg/t",
    }
    return pl.DataFrame([base | {"record_id": f"r{n}"} | row for n, row in enumerate(rows)])


LIBRARY = records({"value": 2.0}, {"value": 10.0}, {"value": 3.0, "product": "diesel"})


def said(*rows: dict[str, Any]) -> list[str]:
    return [found.check for found in check_magnitude(records(*rows), LIBRARY)]


@pytest.mark.parametrize(
    ("value", "check"),
    [
        (2.0, ""),
        (10.0, ""),
        (200.0, ""),
        (200.1, "factor_doubtful"),
        (2000.0, "factor_doubtful"),
        (2000.1, "factor_absurd"),
        (0.1, ""),
        (0.099, "factor_doubtful"),
        (0.0099, "factor_absurd"),
        (0.0, ""),
    ],
)
def test_twenty_and_two_hundred_times_beyond_the_range(value: float, check: str) -> None:
    assert verdict(value, 2.0, 10.0)[0] == check


@given(st.floats(1e-9, 1e9), st.floats(1e-3, 1e3), st.floats(1, 1e3))
def test_the_verdict_does_not_depend_on_the_unit(value: float, low: float, width: float) -> None:
    check, ratio = verdict(value, low, low * width)
    again, same = verdict(value * 1000, low * 1000, low * width * 1000)
    assert same == pytest.approx(ratio)
    assert again == check or min(abs(ratio / limit - 1) for limit in (DOUBTFUL, ABSURD)) < 1e-9


@pytest.mark.parametrize(("unit", "value"), [("kg/t", 10.0), ("g/kg", 10.0), ("t/kt", 10.0), ("g/GJ", 478.0)])
def test_other_units_of_the_same_amount_are_in_range(unit: str, value: float) -> None:
    """10 kg/t of raw coal with 20.908 GJ/t is 478 g/GJ."""
    assert said({"unit": unit, "value": value}) == []
    assert said({"unit": unit, "value": value * 1000}) == ["factor_absurd"]
    assert said({"unit": unit, "value": value * 30}) == ["factor_doubtful"]


def test_the_nearest_source_is_what_counts() -> None:
    assert said({"product": "diesel", "value": 70.0}) == ["factor_doubtful"]
    assert said({"product": "raw_coal", "value": 70.0}) == []
    assert said({"product": "bituminous", "process": "energy", "value": 201.0}) == ["factor_doubtful"]
    assert said({"process": "industry.combustion.boiler", "value": 4000.0}) == ["factor_absurd"]


def test_removals_other_species_and_skipped_records_say_nothing() -> None:
    assert said({"kind": "removal_efficiency", "unit": "fraction", "value": 1e6}) == []
    assert said({"species": "Hg", "value": 1e6}) == []
    assert check_magnitude(records({"value": 1e6}), LIBRARY, skip=["r0"]) == []


def test_the_sentence_gives_value_range_and_ratio_in_the_users_unit() -> None:
    (found,) = check_magnitude(records({"value": 10.0, "unit": "t/t"}), LIBRARY)
    assert found.message("en") == (
        "Record r0: NOx 10 t/t lies 1,000 times beyond the library's values for the same source "
        "(0.002 to 0.01 t/t)."
    )
