"""CO2 of fuels of an enterprise: measured before default, and the traps of the guides."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tongyuan.facility.carbon.fuel import fuel_lines, metered, sampled
from tongyuan.facility.carbon.guide import guided

Make = Callable[..., pl.DataFrame]
COAL: dict[str, Any] = {"product": "bituminous", "value": 60_000.0, "unit": "t"}


def lines(
    make: Make, *rows: dict[str, Any], kind: str = "power", samples: Any = (), meters: Any = (),
    installation_kind: str = "power_unit", unverified: bool = False,
) -> pl.DataFrame:  # fmt: skip
    fuel = make("fuel_use", *rows).with_columns(
        pl.lit(kind).alias("kind"), pl.lit(installation_kind).alias("installation_kind")
    )
    return fuel_lines(
        guided(fuel), make("fuel_sample", *samples), make("meter", *meters), unverified=unverified
    )


def test_coke_at_enterprise_level_has_no_oxidation_factor(make: Make) -> None:
    """10,000 t of coke: 30673.78 t (vector STL-07); × 0.99 is the classical error."""
    coke = {"product": "coke", "state": "net_bought", "value": 1.0, "unit": "万吨"}
    got = lines(make, coke, kind="steel", installation_kind="whole")
    assert round(got["emission"][0], 2) == 30673.78
    co_fired = lines(make, {**coke, "state": "fired"}, kind="steel", installation_kind="own_power")
    assert co_fired["emission"][0] == pytest.approx(30673.78 * 0.99, abs=0.01)


def test_a_converter_gives_away_more_carbon_than_it_takes(make: Make) -> None:
    """Natural gas in, converter gas out: −14839.42 t, and negative is right (vector STL-09)."""
    gas = {"product": "natural_gas", "value": 20.0, "unit": "万立方米"}
    out = {"product": "converter_gas", "state": "given_out", "value": 1000.0, "unit": "万立方米"}
    got = lines(make, gas, out, kind="steel", installation_kind="converter")
    assert round(float(got["emission"].sum()), 2) == -14839.42


def test_natural_gas_by_defaults_is_not_rounded_on_the_way(make: Make) -> None:
    """21 ×10⁴ m³: 454.65 t unrounded; 454.33 with C rounded to 5.96 (vector FUEL-01)."""
    got = lines(make, {"product": "natural_gas", "value": 21.0, "unit": "10^4 m3"})
    assert round(got["emission"][0], 2) == 454.65
    assert got["method"][0] == "guide_default"


def test_measured_carbon_goes_before_heat_and_default(make: Make) -> None:
    tested = lines(
        make, {**COAL, "carbon": 58.0, "carbon_basis": "ad", "moisture_ar": 9.0, "moisture_ad": 3.0}
    )
    assert tested["carbon_used"][0] == pytest.approx(0.544124, abs=1e-6)
    assert tested["emission"][0] == pytest.approx(60_000 * 0.54412371 * 0.99 * 44 / 12)
    assert tested["method"][0] == "measured_carbon"
    by_heat = lines(make, {**COAL, "ncv": 21.0})
    assert by_heat["emission"][0] == pytest.approx(60_000 * 21.0 * 0.02618 * 0.99 * 44 / 12)
    assert by_heat["method"][0] == "tested_heat"
    called_default = lines(make, {**COAL, "carbon": 50.0, "carbon_source": "default_value"})
    assert called_default["method"][0] == "guide_default"


def test_samples_are_weighted_by_the_mass_they_stand_for(make: Make) -> None:
    """3000, 5000, 2000 t at 52, 55, 50 % as received: 53.1 % (vector FUEL-04)."""
    day = dt.date(2026, 1, 10)
    base = {"product": "bituminous", "basis": "ar", "covers_from": day, "covers_to": day}
    samples = [
        {**base, "sample": name, "mass": mass, "carbon": carbon}
        for name, mass, carbon in (("a", 3000.0, 52.0), ("b", 5000.0, 55.0), ("c", 2000.0, 50.0))
    ]
    got = lines(make, {**COAL, "value": 10_000.0}, samples=samples)
    assert got["carbon_used"][0] == pytest.approx(0.531)
    light = [*samples[:2], {**samples[2], "mass": None}]
    month = sampled(make("fuel_sample", *light))
    assert month["plain_mean"][0]
    assert month["sample_carbon"][0] == pytest.approx((52 + 55 + 50) / 3)


def test_a_missing_carbon_of_2025_is_not_filled_from_memory(make: Make) -> None:
    without = {**COAL, "month": "2025-06", "ncv": 21.0}
    got = lines(make, without)
    assert got["problem"][0] == "carbon_missing"
    assert got["emission"][0] is None
    high = lines(make, without, unverified=True)
    assert high["emission"][0] == pytest.approx(60_000 * 21.0 * 0.03085 * 0.99 * 44 / 12)


def test_what_was_fired_goes_before_what_was_received_and_ignition_is_left_out(make: Make) -> None:
    rows = (
        {**COAL, "carbon": 55.0}, {**COAL, "state": "received", "carbon": 55.0},
        {"product": "diesel", "value": 5.0, "unit": "t", "excluded": "transport_use"},
    )  # fmt: skip
    assert lines(make, *rows)["counted"].to_list() == [True, False, False]
    assert lines(make, rows[1])["counted"].to_list() == [True]


def test_air_dry_heat_needs_a_conversion_that_was_not_read(make: Make) -> None:
    row = {**COAL, "ncv": 22.0, "ncv_basis": "ad", "moisture_ar": 9.0, "moisture_ad": 3.0}
    assert lines(make, row)["problem"][0] == "heat_basis"
    got = lines(make, row, unverified=True)
    assert got["ncv_used"][0] == pytest.approx((22_069 * 91 / 97 - 207) / 1000)


def test_units_guides_and_moistures_that_do_not_answer_are_named(make: Make) -> None:
    assert lines(make, {**COAL, "unit": "kWh"})["problem"][0] == "unit"
    assert lines(make, {**COAL, "month": "2012-01"})["problem"][0] == "guide"
    assert lines(make, {**COAL, "carbon": 58.0, "carbon_basis": "ad"})["problem"][0] == "moisture"


def test_biomass_is_kept_apart(make: Make) -> None:
    got = lines(make, {**COAL, "carbon": 50.0, "biomass_share": 0.25})
    assert got["emission"][0] == pytest.approx(3 * got["biogenic"][0])


def test_a_meter_calibrated_late_or_never_costs_its_error(make: Make) -> None:
    """100,300.00 and 100,500.00 t (vector METER-01)."""
    frame = pl.DataFrame(
        {"facility": ["E1"] * 4, "month": ["2026-01"] * 4, "meter": ["late", "never", "good", None],
         "amount": [100_000.0] * 4}
    )  # fmt: skip
    day = dt.date
    meters = make(
        "meter",
        {"meter": "late", "required_precision": 0.5, "calibrated_on": day(2026, 3, 1), "measured_error": 0.8},
        {"meter": "never", "required_precision": 0.5},
        {"meter": "good", "required_precision": 0.5, "calibrated_on": day(2025, 6, 1), "measured_error": 0.8},
    )
    got = metered(frame, meters)
    assert got["amount"].to_list() == pytest.approx([100_300.0, 100_500.0, 100_000.0, 100_000.0], abs=1e-9)
    assert got["metered"].to_list() == ["late", "never", None, None]
    made = metered(frame, meters, output=True)
    assert made["amount"].to_list() == pytest.approx([99_700.0, 99_500.0, 100_000.0, 100_000.0], abs=1e-9)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=15)
@given(st.permutations(range(4)), st.sampled_from(["kg", "t", "10^4 t"]))
def test_order_of_months_and_units_do_not_matter(make: Make, order: list[int], unit: str) -> None:
    scale = {"kg": 1e3, "t": 1.0, "10^4 t": 1e-4}[unit]
    rows = [
        {**COAL, "month": f"2026-0{m + 1}", "carbon": 50.0 + m, "value": 1000.0 * (m + 1)} for m in range(4)
    ]
    plain = lines(make, *rows).sort("month")["emission"]
    mixed = lines(make, *({**rows[i], "unit": unit, "value": rows[i]["value"] * scale} for i in order))
    assert mixed.sort("month")["emission"].to_list() == pytest.approx(plain.to_list())
