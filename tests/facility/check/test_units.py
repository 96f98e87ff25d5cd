from datetime import date, datetime
from typing import Any

import numpy as np
import polars as pl
import pytest
from scipy import stats

from tongyuan.facility.check.evaluate import Relations
from tongyuan.facility.check.units import UNITS
from tongyuan.ledger.table import table


def made(name: str, **tables: list[dict[str, Any]]) -> pl.DataFrame:
    """Return a relation over a few typed rows."""
    frames = {k: pl.DataFrame(v, schema=table(k).dtypes) for k, v in tables.items()}
    return Relations(frames)(name)


def test_flue_gas_per_power_against_the_other_months() -> None:
    """Eleven months alternate 1.00 and 1.02, one is 1.5: it lies far off, the others do not."""
    who = {"facility": "P", "installation": "U"}
    rates = [1.0 if m % 2 else 1.02 for m in range(1, 12)] + [1.5]
    months = [f"2025-{m:02d}" for m in range(1, 13)]
    rows = made(
        "unit_flow",
        device=[who | {"device": "F", "control": "wet_fgd"}],
        device_run=[
            {"facility": "P", "month": m, "device": "F", "gas_volume": r * 1000}
            for m, r in zip(months, rates, strict=True)
        ],
        output=[who | {"month": m, "product": "electricity", "value": 1000.0, "unit": "MWh"} for m in months],
    ).sort("month")
    assert abs(rows["off"][11]) > 20
    assert rows["off"].head(11).abs().max() < 3


def test_meters_behind_a_meter_by_their_ratio() -> None:
    meters = [
        {"facility": "P", "meter": "M", "kind": "electricity_meter", "ratio": 100.0},
        {"facility": "P", "meter": "a", "kind": "electricity_meter", "part_of": "M", "ratio": 10.0},
        {"facility": "P", "meter": "b", "kind": "electricity_meter", "part_of": "M"},
    ]
    readings = [
        {"facility": "P", "meter": n, "time": datetime(2025, 1, d), "reading": v}
        for n, last in (("M", 2.0), ("a", 9.0), ("b", 80.0))
        for d, v in ((1, 0.0), (30, last))
    ]
    row = made("meter_tree", meter=meters, meter_reading=readings).row(0, named=True)
    assert (row["meter"], row["moved"], row["behind"]) == ("M", 200.0, 170.0)


def test_hours_of_merged_units_are_weighted_by_capacity() -> None:
    """300 MW for 700 h and 100 MW for 500 h: (210,000 + 50,000)/400 = 650 h."""
    units = [
        {"facility": "P", "installation": "A", "kind": "power_unit", "capacity": 300.0},
        {"facility": "P", "installation": "B", "kind": "power_unit", "capacity": 100.0, "merged_with": "A"},
    ]
    rows = [
        {"facility": "P", "month": "2025-01", "installation": n, "product": "electricity", "value": 1.0}
        | {"unit": "MWh", "hours": h}
        for n, h in (("A", 700.0), ("B", 500.0))
    ]
    filed = {
        "facility": "P",
        "period": "2025-01",
        "form": "carbon_form",
        "item": "hours",
        "installation": "A",
    }
    row = made("merged_hours", installation=units, output=rows, filed_line=[filed | {"value": 600.0}])
    assert row["weighted"].item() == 650


@pytest.mark.parametrize(("default", "rate"), [(20.0, 1 / 16), (40.0, 1.0)])
def test_defaults_where_they_pay(default: float, rate: float) -> None:
    """Four months tested at 60 % and 24 GJ/t, 25 tC/TJ: a default of 20 pays each time, of 40 never."""
    months = range(1, 5)
    unit = {"facility": "P", "installation": "U", "product": "bituminous", "state": "fired"}
    fuel = [
        unit
        | {"month": f"2025-{m:02d}", "value": 1.0, "unit": "t", "ncv": 24.0, "carbon_per_heat": default}
        | {"carbon_source": "default_value"}
        for m in months
    ]
    sample = [
        unit
        | {"sample": str(m), "covers_to": date(2025, m, 28), "basis": "ar", "carbon": 60.0}
        | {"heat_net": 24000.0}
        for m in months
    ]
    assert made("default_choice", fuel_use=fuel, fuel_sample=sample)["rate"].item() == pytest.approx(rate)


def step(together: bool, seed: int = 0) -> float:
    """Return the rate of a laboratory of four enterprises whose carbon walks alone or together."""
    rng = np.random.default_rng(seed)
    common = rng.normal(0, 1, 12)
    samples, reports = [], []
    for k in range(4):
        own = np.cumsum(rng.normal(0, 1, 12)) if k % 2 else rng.normal(0, 1, 12)
        for m in range(12):
            value = 55 + (common[m] + 0.1 * own[m] if together else own[m])
            name = f"{k}-{m}"
            samples.append(
                {
                    "facility": str(k),
                    "sample": name,
                    "installation": "U",
                    "product": "bituminous",
                    "report": name,
                }
                | {"covers_to": date(2025, m + 1, 28), "basis": "ar", "carbon": value}
            )
            reports.append({"facility": str(k), "report": name, "laboratory": "L"})
    return float(made("laboratory_move", fuel_sample=samples, laboratory_report=reports)["rate"].item())


def test_one_laboratory_in_step() -> None:
    assert step(together=True) < 0.01


def test_laboratories_apart_give_uniform_rates() -> None:
    rates = [step(together=False, seed=k) for k in range(150)]
    assert stats.kstest(rates, "uniform").pvalue > 0.01


def test_two_enterprises_of_a_laboratory_say_nothing() -> None:
    assert Relations({})("laboratory_move").is_empty()


def test_every_relation_is_empty_without_tables() -> None:
    for name in UNITS:
        assert Relations({})(name).is_empty()
