from datetime import date

import polars as pl
import pytest

from tongyuan.facility.check.prepare import code_right, family, prepared, rank


def test_check_character_of_credit_codes() -> None:
    """GB 32100: 91350100M000100Y43 is the example printed in the standard."""
    assert code_right("91350100M000100Y43")
    assert not code_right("91350100M000100Y44")
    assert not code_right("9135")
    assert not code_right("91350100M000100O43")


def test_families_and_ranks_of_fuels() -> None:
    assert [family(p) for p in ("raw_coal", "coke", "blast_furnace_gas", "lng", "straw", "electricity")] == [
        "coal",
        "coke",
        "derived_gas",
        "gas",
        "biomass",
        "electricity",
    ]
    assert [rank(p) for p in ("cleaned_coal", "anthracite", "gangue", "diesel")] == [
        "bituminous",
        "anthracite",
        "",
        "",
    ]
    assert family("moon_dust") == ""


def use(**row: object) -> dict[str, object]:
    base = {
        "facility": "x",
        "month": "2025-02",
        "installation": "1",
        "product": "bituminous",
        "state": "fired",
    }
    return prepared({"fuel_use": pl.DataFrame([base | row])}, "fuel_use").row(0, named=True)


def test_amounts_are_brought_to_tonnes_volumes_and_heat() -> None:
    assert use(value=6.0, unit="万吨")["t"] == pytest.approx(60000)
    gas = use(value=2.0e6, unit="m3", product="natural_gas", ncv=350.0)
    assert gas["e4m3"] == pytest.approx(200)
    assert gas["gj"] == pytest.approx(70000)
    assert use(value=1.0, unit="km")["t"] is None
    assert use(value=1.0, unit="km")["dimension"] == ""


def test_carbon_is_brought_to_as_received() -> None:
    """GB/T 483: 58 % air-dry with 3 % and 9 % of moisture is 54.4124 % as received; 59.7938 % dry
    likewise."""
    wet = {"value": 1.0, "unit": "t", "moisture_ar": 9.0, "moisture_ad": 3.0}
    assert use(carbon=58.0, carbon_basis="ad", **wet)["carbon_ar"] == pytest.approx(54.4124, abs=1e-4)
    assert use(carbon=59.7938, carbon_basis="d", **wet)["carbon_ar"] == pytest.approx(54.4124, abs=1e-4)
    assert use(carbon=54.4, **wet)["carbon_ar"] == 54.4


def test_months_have_their_days() -> None:
    row = use(value=1.0, unit="t")
    assert (row["first_day"], row["last_day"], row["days"], row["year"]) == (
        date(2025, 2, 1),
        date(2025, 2, 28),
        28.0,
        2025,
    )


@pytest.mark.parametrize(
    ("kind", "month", "due"),
    [
        ("month_deposit", "2025-01", date(2025, 3, 12)),
        ("quarter_tax", "2025-03", date(2025, 4, 15)),
        ("year_emission", "2025-12", date(2026, 3, 31)),
        ("year_permit", "2025-12", date(2026, 1, 31)),
        ("year_disclosure", "2025-12", date(2026, 3, 15)),
        ("month_permit", "2025-01", date(2025, 2, 10)),
    ],
)
def test_days_on_which_reports_are_due(kind: str, month: str, due: date) -> None:
    """Forty calendar days after 31 January 2025 is 12 March; 31 March, 15 March and 31 January are dates."""
    row = prepared(
        {"month_report": pl.DataFrame([{"facility": "x", "month": month, "kind": kind}])}, "month_report"
    )
    assert row["due"].to_list() == [due]


def test_a_table_that_is_not_there_is_empty() -> None:
    assert prepared({}, "fuel_use").is_empty()
    assert "carbon_ar" in prepared({}, "fuel_use").columns
