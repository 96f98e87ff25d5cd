from __future__ import annotations

from typing import Any

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tongyuan.ledger.table import empty
from tongyuan.reference.energy import fuels
from tongyuan.reference.factors.resolve import heating_value, multiplier, resolve
from tongyuan.reference.shelf import shelf

KEY = {
    "process": "energy.power",
    "product": "raw_coal",
    "technology": "",
    "region": "370000",
    "year": 2021,
    "unit": "t",
}


def frame(*rows: dict[str, Any]) -> pl.DataFrame:
    blank: dict[str, Any] = dict.fromkeys(empty("factor").columns)
    basic = {
        "kind": "emission_factor",
        "process": "energy.power",
        "product": "coal",
        "region": "CN",
        "species": "SO2",
        "unit": "kg/t",
        "tier": "1",
        "status": "official",
        "source": "s",
        "locator": "t",
    }
    full = [blank | basic | {"record_id": f"r{i}", "value": float(i + 1)} | row for i, row in enumerate(rows)]
    return pl.DataFrame(full, schema=empty("factor").schema)


def best(factors: pl.DataFrame, **key: Any) -> str:
    found = resolve(pl.DataFrame([KEY | key]), factors).factors
    return str(found["record_id"][0]) if found.height else ""


PREFERENCES = [
    ("measured goes before all", {"process": "", "status": "measured"}, {"region": "370000"}),
    ("own province before country", {"process": "", "region": "370000"}, {}),
    ("country before world", {"process": ""}, {"region": "global"}),
    ("world before elsewhere", {"process": "", "region": "global"}, {"region": "EU"}),
    ("process before product", {}, {"process": "energy", "product": "raw_coal"}),
    ("nearer ancestor", {"process": "energy"}, {"process": ""}),
    ("product before technology", {"product": "raw_coal"}, {"product": "coal", "technology": "cfb"}),
    ("nearer parent", {"product": "bituminous"}, {"product": "coal"}),
    ("technology before status", {"technology": "cfb", "status": "derived"}, {}),
    ("official before secondary", {}, {"status": "secondary", "tier": "3"}),
    ("secondary before derived", {"status": "secondary"}, {"status": "derived", "tier": "3"}),
    ("higher tier", {"tier": "2"}, {"tier": "1", "valid_from": 2020}),
    ("newest valid year", {"valid_from": 2020}, {"valid_from": 2010}),
    ("generation before emission", {"kind": "generation_factor"}, {}),
]


@pytest.mark.parametrize(("winner", "loser"), [p[1:] for p in PREFERENCES], ids=[p[0] for p in PREFERENCES])
def test_order_of_preference(winner: dict[str, Any], loser: dict[str, Any]) -> None:
    assert best(frame(loser, winner), technology="cfb") == "r1"
    assert best(frame(winner, loser), technology="cfb") == "r0"


def test_a_measured_value_of_another_country_is_not_the_users_own() -> None:
    assert best(frame({"region": "US", "status": "measured"}, {"region": "global"})) == "r1"


def test_a_technology_serves_nobody_else() -> None:
    only = frame({"technology": "cfb"})
    assert best(only) == ""
    assert best(only, technology="pc") == ""
    assert best(only, technology="cfb") == "r0"


def test_another_province_never_serves() -> None:
    assert best(frame({"region": "110000"})) == ""


def test_unverified_acts_only_when_asked() -> None:
    doubtful = frame({"status": "unverified"})
    assert best(doubtful) == ""
    assert resolve(pl.DataFrame([KEY]), doubtful, include_unverified=True).factors.height == 1


def test_equal_rank_and_different_values_are_reported() -> None:
    found = resolve(pl.DataFrame([KEY]), frame({}, {}))
    assert found.factors["record_id"].to_list() == ["r0"]
    assert found.issues["check"].to_list() == ["ambiguous"]
    assert found.issues["records"][0] == "r0, r1"


def test_values_a_thousandth_apart_are_reported() -> None:
    close = frame({"value": 1.0}, {"value": 1.001})
    assert resolve(pl.DataFrame([KEY]), close).issues["check"].to_list() == ["ambiguous"]


def test_a_yearly_factor_serves_what_is_counted_by_head() -> None:
    """68 kg CH4 per cow and year is 0.068 t per head; a factor per tonne of cow says nothing of heads."""
    cow = {"process": "agriculture.enteric", "product": "dairy_cattle"}
    key = pl.DataFrame([KEY | cow | {"unit": "head"}])
    for unit in ("kg/head/a", "kg/head"):
        yearly = frame(cow | {"value": 68.0, "unit": unit, "species": "CH4"})
        found = resolve(key, yearly).factors.row(0, named=True)
        assert (found["value"], found["factor_unit"]) == (pytest.approx(0.068), "t/head")
    by_mass = frame(cow | {"value": 68.0, "unit": "kg/t/a", "species": "CH4"})
    assert resolve(key, by_mass).issues["check"].to_list() == ["dimension"]


def test_equal_rank_and_equal_values_are_no_issue_even_in_other_units() -> None:
    same = frame({"value": 1.0}, {"value": 1000.0, "unit": "g/t"})
    assert resolve(pl.DataFrame([KEY]), same).issues.is_empty()


def test_units_come_out_canonical() -> None:
    found = resolve(pl.DataFrame([KEY]), frame({"value": 16.0, "lower": 8.0, "upper": 24.0})).factors.row(
        0, named=True
    )
    assert (found["value"], found["lower"], found["upper"]) == pytest.approx((0.016, 0.008, 0.024))
    assert found["factor_unit"] == "t/t"
    assert found["heating_value"] is None


def test_heating_value_of_the_fuel_set_carries_energy_to_mass_and_back() -> None:
    heat, unit = fuels.heating_value("raw_coal", "C")
    assert unit == "t"
    assert heating_value("raw_coal", "C") == (heat, unit)
    assert heating_value("coking_coal", "A") == fuels.heating_value("bituminous", "A")
    assert heating_value("clinker", "A") is None
    per_energy = frame({"value": 100_000.0, "unit": "kg/TJ", "species": "CO2"})
    found = resolve(pl.DataFrame([KEY]), per_energy).factors.row(0, named=True)
    assert found["value"] == pytest.approx(100.0 * heat)
    assert found["heating_value"] == heat
    back = resolve(pl.DataFrame([KEY | {"unit": "TJ"}]), frame({"value": 1000.0})).factors.row(0, named=True)
    assert back["value"] == pytest.approx(1.0 / heat)


def test_printed_carbon_of_set_c_per_mass() -> None:
    # methods test 1: diesel 3.0959 t CO2 per t
    factors = fuels.combustion_factors("C")
    key = KEY | {"process": "transport.road.heavy_truck", "product": "diesel"}
    found = resolve(pl.DataFrame([key]), factors, fuel_set="C").factors
    assert round(found["value"][0], 4) == 3.0959


def test_an_unknown_fuel_set_raises() -> None:
    with pytest.raises(KeyError, match="fuel set"):
        resolve(pl.DataFrame([KEY]), frame({"unit": "kg/TJ"}), fuel_set="no such set")


def test_impossible_dimension_is_reported_and_a_fitting_record_is_taken_instead() -> None:
    found = resolve(pl.DataFrame([KEY]), frame({"unit": "kg/head"}))
    assert found.factors.is_empty()
    assert found.issues.select("check", "records").row(0) == ("dimension", "r0")
    both = resolve(pl.DataFrame([KEY]), frame({"unit": "kg/head"}, {"process": "energy"}))
    assert both.factors["record_id"].to_list() == ["r1"]
    assert both.issues.is_empty()


@pytest.mark.parametrize("basis", ["高位热值", "毛热值", "gross", "HHV basis", "hhv"])
def test_gross_in_any_words_never_acts(basis: str) -> None:
    found = resolve(pl.DataFrame([KEY]), frame({"basis": basis, "status": "measured"}, {"value": 7.0}))
    assert found.factors["record_id"].to_list() == ["r1"]
    assert found.issues["check"].to_list() == ["gross_basis"]
    assert best(frame({"basis": "低位热值"})) == "r0"


def test_bad_units_and_gross_basis_are_reported() -> None:
    assert resolve(pl.DataFrame([KEY]), frame({"unit": "furlong/t"})).issues["check"].to_list() == [
        "bad_unit"
    ]
    assert resolve(pl.DataFrame([KEY]), frame({"basis": "GCV"})).issues["check"].to_list() == ["gross_basis"]


def test_controlled_factors_are_flagged_and_those_of_devices_stand_aside() -> None:
    assert resolve(pl.DataFrame([KEY]), frame({"basis": "controlled"})).factors["controlled"][0]
    assert best(frame({"control": "wet_fgd"})) == ""


def test_species_and_null_keys() -> None:
    two = frame({}, {"species": "NOx"})
    assert resolve(pl.DataFrame([KEY]), two, ["NOx"]).factors["species"].to_list() == ["NOx"]
    missing = pl.DataFrame([KEY | {"technology": None}], schema_overrides={"technology": pl.String})
    assert resolve(missing, two).factors.height == 2
    with pytest.raises(ValueError, match="region"):
        resolve(pl.DataFrame([KEY]).drop("region"), two)


def test_multiplier_names_what_is_wrong() -> None:
    assert multiplier("g/kg", "SO2", "t", "", "C")[0] == pytest.approx(0.001)
    assert multiplier("kg/head", "CH4_biogenic", "head", "", "C")[:2] == (0.001, "t/head")
    assert multiplier("kWh/t", "electricity", "t", "", "C")[:2] == (pytest.approx(3.6e-6), "TJ/t")
    assert multiplier("kg/TJ", "CO2", "t", "clinker", "C")[3] == "dimension"


@given(order=st.permutations(range(6)))
@settings(max_examples=20, deadline=None)
def test_the_order_of_records_does_not_matter(order: list[int]) -> None:
    rows = frame(
        {}, {"process": ""}, {"region": "global"}, {"species": "NOx"}, {"product": "raw_coal"}, {"tier": "3"}
    )
    shuffled = rows[order]
    assert resolve(pl.DataFrame([KEY]), shuffled).factors.equals(resolve(pl.DataFrame([KEY]), rows).factors)


def test_many_keys_have_one_factor_each() -> None:
    rng = np.random.default_rng(0)
    count = 10_000
    processes = [p for p in shelf("process")["process"] if "." in p]
    keys = pl.DataFrame(
        {
            "process": rng.choice(processes, count),
            "product": rng.choice(["raw_coal", "diesel", "natural_gas", ""], count),
            "technology": rng.choice(["", "cfb"], count),
            "region": rng.choice(["110000", "370000", "370100", "500000"], count),
            "year": rng.integers(2000, 2024, count),
            "unit": "t",
        }
    )
    factors = frame(
        *({"process": p, "product": q} for p in ["", *processes[:60]] for q in ("coal", "diesel", "gas", ""))
    )
    found = resolve(keys, factors)
    assert found.factors.height > 1000
    assert (
        not found.factors.select("process", "product", "technology", "region", "year", "species")
        .is_duplicated()
        .any()
    )


@pytest.mark.parametrize("unit", ["kg", "1/t", "%/TJ"])
def test_a_share_of_the_activity_has_nothing_below_and_nothing_else_above(unit: str) -> None:
    assert multiplier(unit, "SO2", "t", "", "C")[3] == "dimension"
    assert multiplier("%", "SO2", "t", "", "C")[:2] == (pytest.approx(0.01), "t/t")


def test_what_is_no_known_species_keeps_its_own_unit() -> None:
    assert multiplier("m3/t", "brine", "t", "", "C")[:2] == (1.0, "m3/t")
    assert multiplier("m3/t", "SO2", "t", "", "C")[3] == "dimension"
