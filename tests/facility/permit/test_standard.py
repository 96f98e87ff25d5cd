"""Limits of standards by kind, region, month and reference oxygen."""

from __future__ import annotations

from datetime import date

import polars as pl
import pytest

from tongyuan.facility.permit.standard import limits, standards
from tongyuan.ledger.table import table
from tongyuan.reference.units import UnitError


def make(name: str, *rows: dict[str, object]) -> pl.DataFrame:
    schema = table(name).dtypes
    base = {"facility": "F"} if "facility" in schema else {}
    return pl.DataFrame([{**dict.fromkeys(schema), **base, **row} for row in rows], schema=schema)


OWN = {
    "installation_kind": "boiler", "species": "SO2", "value": 50.0, "unit": "mg/m3",
    "date_from": date(2025, 1, 1), "standard": "地方标准",
}  # fmt: skip


def found(
    kind: str, *own: dict[str, object], month: str = "2026-01", oxygen: float | None = None,
    region: str = "370100", unverified: bool = False, species: str = "SO2",
) -> list[float]:  # fmt: skip
    months = pl.DataFrame({"facility": ["F"], "outlet": ["A"], "species": [species], "month": [month]})
    return standards(
        months,
        make("outlet", {"outlet": "A", "medium": "air", "oxygen_reference": oxygen}),
        make("outlet_link", {"installation": "U", "outlet": "A", "month_from": "2020-01"}),
        make("installation", {"installation": "U", "kind": kind}),
        make("facility", {"region": region}),
        limits(make("own_standard_limit", *own), unverified=unverified),
    )["standard"].to_list()


def test_ultra_low_steel_by_process() -> None:
    """Sinter 10/35/50 at 16 % oxygen, coke ovens 10/30/150 at 8 %, other processes 10/50/200."""
    assert [found("sinter", species=s) for s in ("TSP", "SO2", "NOx")] == [[10.0], [35.0], [50.0]]
    assert [found("coke_oven", species=s) for s in ("TSP", "SO2", "NOx")] == [[10.0], [30.0], [150.0]]
    assert [found("converter", species=s) for s in ("TSP", "SO2", "NOx")] == [[10.0], [50.0], [200.0]]
    assert found("sinter", oxygen=16.0) == [35.0]
    assert found("sinter", oxygen=9.0) == []


def test_what_is_from_memory_is_off() -> None:
    assert found("power_unit") == []
    assert found("power_unit", unverified=True) == [35.0]


def test_a_local_limit_holds_in_its_place_only() -> None:
    assert found("kiln_line", region="410300", species="NOx") == [100.0]
    assert found("kiln_line", region="370100", species="NOx") == []


def test_own_limits_go_before_the_shelf_by_their_dates_and_region() -> None:
    assert found("boiler", OWN) == [50.0]
    assert found("boiler", OWN, month="2024-12") == []
    ended = {**OWN, "date_to": date(2025, 12, 31)}
    assert found("boiler", ended, month="2025-12") == [50.0]
    assert found("boiler", ended, month="2026-01") == []
    province = {**OWN, "region": "370000", "value": 80.0}
    city = {**OWN, "region": "370100", "value": 90.0}
    assert found("boiler", OWN, province, city) == [90.0]
    assert found("boiler", OWN, province, city, region="370200") == [80.0]
    assert found("boiler", OWN, province, city, region="110000") == [50.0]
    sinter = {**OWN, "installation_kind": "sinter", "value": 0.02, "unit": "g/m3"}
    assert found("sinter", sinter) == [pytest.approx(20.0)]


def test_a_unit_that_is_no_concentration_is_refused() -> None:
    with pytest.raises(UnitError):
        limits(make("own_standard_limit", {**OWN, "unit": "t"}))
