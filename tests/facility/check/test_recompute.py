from typing import Any

import polars as pl
import pytest

from tongyuan.facility.check.evaluate import Relations
from tongyuan.facility.check.recompute import RECOMPUTED
from tongyuan.ledger.table import table


def made(name: str, **tables: list[dict[str, Any]]) -> pl.DataFrame:
    """Return a relation over a few typed rows."""
    frames = {k: pl.DataFrame(v, schema=table(k).dtypes) for k, v in tables.items()}
    return Relations(frames)(name)


def test_quotas_are_computed_again_by_the_plan_of_their_year() -> None:
    """Load 60 % in 2023: 1.015^4 = 1.061364; steel (1.4 + 0.2)/1 = 1.6; α = 0.15·(1.5 − 1.6)/1.5."""
    rows = made(
        "quota_line",
        facility=[{"facility": "P", "ets_sector": "power"}, {"facility": "S", "ets_sector": "steel"}],
        quota_notice=[
            {"facility": "P", "year": 2023, "installation": "U1", "unit_class": "up_to_300", "load": 60.0},
            {"facility": "P", "year": 2023, "initial": 1e6, "verified": 1.5e6},
            {"facility": "P", "year": 2021, "initial": 1e6, "verified": 1.5e6},
            {
                "facility": "S",
                "year": 2026,
                "installation": "BF",
                "ironmaking": 1.4e6,
                "sinter": 2e5,
                "product": 1e6,
                "intensity": 1.6,
                "balance_value": 1.5,
                "verified": 1e6,
            },
        ],
    ).to_dicts()
    unit, topped, capped, steel = rows
    assert unit["expected_load_factor"] == 1.061364
    assert unit["expected_benchmark_power"] == 0.8090
    assert (topped["expected_fixed"], topped["expected_obligation"]) == (1.2e6, 1.5e6)
    assert (capped["expected_fixed"], capped["expected_obligation"]) == (1e6, 1.3e6)
    assert steel["expected_intensity"] == pytest.approx(1.6)
    assert steel["expected_alpha"] == pytest.approx(-0.01)


def test_units_that_report_as_one_take_the_class_least_favourable() -> None:
    units = [
        {"facility": "P", "installation": "A", "capacity": 600.0, "fuel_class": "conventional_coal"},
        {"facility": "P", "installation": "B", "capacity": 135.0, "fuel_class": "conventional_coal"},
        {"facility": "P", "installation": "D", "capacity": 135.0, "fuel_class": "conventional_coal"},
    ]
    units[1] |= {"merged_with": "A"}
    notice = [{"facility": "P", "year": 2023, "installation": n} for n in ("A", "D")]
    rows = made("quota_line", installation=units, quota_notice=notice).sort("installation").to_dicts()
    assert [(r["least_class"], r["merged"]) for r in rows] == [("above_300", 2), ("up_to_300", 1)]


def test_the_most_to_carry_over_and_the_fine_of_a_shortfall() -> None:
    """10,000 + 1.5 × 2,000 = 13,000; 100 t short at 80 yuan: 5–10 × 8,000 yuan."""
    given = {"facility": "P", "year": 2024, "holding": 20000.0, "net_sold": 2000.0, "price": 80.0}
    given |= {"verified_total": 100.0, "surrendered_total": 0.0}
    who = [{"facility": "P", "ets_sector": "power"}]
    row = made("registry_line", facility=who, registry_year=[given]).row(0, named=True)
    assert row["expected_carried"] == 13000
    assert (row["expected_low"], row["expected_high"]) == (40000, 80000)
    late = made("registry_line", facility=who, registry_year=[given | {"in_default": True}])
    assert late["expected_carried"].item() == 0


@pytest.mark.parametrize(("over", "expected"), [(10.0, 525.0), (20.0, 1050.0)])
def test_noise_by_step_day_and_night(over: float, expected: float) -> None:
    """3 dB by day 350, 5 dB by night 700 yuan; half of it below 15 days of noise."""
    given = {"facility": "P", "month": "2025-03", "place": "x", "day_excess": 3.0, "night_excess": 5.0}
    row = made("noise_line", noise_test=[given | {"days_over": over}])
    assert row["expected_tax"].item() == expected


def test_what_was_filed_stands_beside_the_month() -> None:
    """12 t of coal with 1 % sulphur hold 0.12 t; 0.95 kg is the equivalent value of SO2 in air."""
    fuel = {
        "facility": "C",
        "month": "2025-01",
        "installation": "K",
        "product": "bituminous",
        "state": "fired",
    }
    rows = made(
        "filed_figure",
        facility=[{"facility": "C", "kind": "cement", "region": "370000", "ets_sector": "cement"}],
        fuel_use=[fuel | {"value": 12.0, "unit": "t", "sulphur": 1.0}],
        filed_line=[
            {"facility": "C", "period": "2025-01", "form": "permit_form", "item": item, "value": 1.0}
            for item in ("bituminous", "sulphur", "SO2")
        ]
        + [
            {"facility": "C", "period": "2023", "form": "carbon_form", "item": "grid_factor", "value": 1.0}
            | {"basis": "average"}
        ],
    )
    of = {r["item"]: r for r in rows.to_dicts()}
    assert of["bituminous"]["fired"] == 12
    assert of["sulphur"]["content"] == pytest.approx(0.12)
    assert of["SO2"]["annex_value"] == 0.95
    assert (of["SO2"]["guide"], of["SO2"]["warming"]) == ("cement_2024", "SAR")
    assert of["grid_factor"]["grid_factor"] == 0.6191


def test_every_relation_is_empty_without_tables() -> None:
    for name in RECOMPUTED:
        assert Relations({})(name).is_empty()
