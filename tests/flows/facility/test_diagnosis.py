"""Diagnosis of enterprises from their tables."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import polars as pl
import pytest

from tongyuan.flows.facility.ledgers import ledgers
from tongyuan.flows.source import Inputs
from tongyuan.ledger.finding import FindingError
from tongyuan.ledger.settings import Settings

Make = Callable[..., pl.DataFrame]


def judged(tables: dict[str, pl.DataFrame], made: dict[str, pl.DataFrame], **settings: object):  # type: ignore[no-untyped-def]
    chosen = Settings.model_validate({"name": "x", "kind": "enterprise", **settings})
    out, found = ledgers(Inputs(chosen, tables, made=made))
    return out["diagnosis"], [f.check for f in found]


def test_limits_intensities_and_peers(make: Make) -> None:
    place = {"month": "2026-01", "species": "SO2", "outlet": "DA001"}
    month = make(
        "outlet_month",
        {**place, "mean": 17.5, "limit": 35.0, "hours_valid": 700.0, "hours_over": 1.0, "unit": "mg/m3"},
    )
    emission = make(
        "facility_emission",
        *(
            {
                "facility": f"E{k}",
                "month": "2026-01",
                "species": "CO2",
                "value": 100.0 * k,
                "unit": "t",
                "scope": "direct",
                "counted": True,
            }
            for k in range(1, 8)
        ),
    )
    output = make(
        "output",
        *(
            {"facility": f"E{k}", "month": "2026-01", "product": "clinker", "value": 100.0, "unit": "t"}
            for k in range(1, 8)
        ),
    )
    who = make(
        "facility",
        *({"facility": f"E{k}", "kind": "cement", "region": "370100", "name": "x"} for k in range(1, 8)),
    )
    rows, _ = judged(
        {"output": output, "facility": who}, {"facility_emission": emission, "outlet_month": month}
    )
    limit = rows.filter(pl.col("aspect") == "limit_of_concentration").row(0, named=True)
    assert (limit["place"], limit["distance"]) == ("DA001", -0.5)
    best = rows.filter((pl.col("aspect") == "product_intensity") & (pl.col("facility") == "E1")).row(
        0, named=True
    )
    assert (best["value"], best["peers"], best["reference"]) == (1.0, 6, 4.5)
    audit = rows.filter(pl.col("aspect") == "audit_due")
    assert audit.select("facility", "indicator").rows() == [("E1", "over_limit")]


def test_levels_of_energy_and_a_wrong_statement(make: Make) -> None:
    rating = make(
        "rating",
        {"scheme": "energy_limit", "indicator": "水泥", "day": date(2026, 1, 1), "value": 90.0, "level": "1"},
        {"scheme": "energy_level", "indicator": "转炉工序", "day": date(2026, 1, 1), "value": -5.0},
        {"scheme": "energy_level", "indicator": "顶装焦炉", "day": date(2026, 1, 1), "value": 100.0},
    )
    rows, found = judged({"rating": rating}, {})
    by = {r["indicator"]: r for r in rows.filter(pl.col("aspect").str.starts_with("energy")).to_dicts()}
    assert by["水泥"]["level"] == "3"
    assert by["水泥"]["distance"] == pytest.approx(0.125)
    assert by["水泥"]["note_zh"] == "企业填报为 1，按数值应为 3 级（基准）"
    assert by["转炉工序"]["level"] == "above"
    assert found == ["level_unknown"]
    assert rows.filter(pl.col("aspect") == "audit_due")["indicator"].to_list() == ["energy_over"]
    more, none = judged({"rating": rating}, {}, account={"include_unverified": True})
    assert none == []
    assert more.filter(pl.col("indicator") == "顶装焦炉")["level"].to_list() == ["1"]


def test_the_grade_of_the_form_a_user_filled(make: Make) -> None:
    form = make(
        "grading_indicator",
        {"family": "limits", "indicator": "SO2", "grade": "grade_a", "test": "at_most", "bound": 35.0},
        {"family": "limits", "indicator": "SO2", "grade": "grade_b", "test": "at_most", "bound": 50.0},
        {"family": "transport", "indicator": "clean", "grade": "grade_a", "test": "at_least", "bound": 80.0},
    )
    rating = make(
        "rating",
        {"scheme": "heavy_pollution", "indicator": "SO2", "day": date(2026, 1, 1), "value": 40.0},
        {"scheme": "heavy_pollution", "indicator": "clean", "day": date(2026, 1, 1), "value": 90.0},
    )
    rows, _ = judged({"rating": rating, "grading_indicator": form}, {})
    got = dict(rows.filter(pl.col("aspect") == "performance_grade").select("indicator", "level").iter_rows())
    assert got == {"limits": "B", "transport": "A", "whole": "B"}
    _, found = judged({"rating": rating.head(1), "grading_indicator": form}, {})
    assert found == ["grade_missing"]


def test_the_distance_to_the_limit_of_a_standard(make: Make) -> None:
    """Two months of a sinter stack, 28 and 42 mg/m3 over 300 and 100 h: 31.5 against 35, 10 % below."""
    place = {"species": "SO2", "outlet": "DA001", "unit": "mg/m3"}
    month = make(
        "outlet_month",
        {**place, "month": "2026-01", "mean": 28.0, "hours_valid": 300.0},
        {**place, "month": "2026-02", "mean": 42.0, "hours_valid": 100.0},
    )
    tables = {
        "facility": make("facility", {"kind": "steel", "region": "370600", "name": "x"}),
        "installation": make("installation", {"kind": "sinter"}),
        "outlet": make("outlet", {"outlet": "DA001", "medium": "air", "oxygen_reference": 16.0}),
        "outlet_link": make("outlet_link", {"outlet": "DA001", "month_from": "2020-01"}),
    }
    rows, _ = judged(tables, {"outlet_month": month})
    row = rows.filter(pl.col("aspect") == "standard_limit").row(0, named=True)
    assert (row["place"], row["indicator"], row["reference"], row["value"]) == ("DA001", "SO2", 35.0, 31.5)
    assert row["distance"] == pytest.approx(-0.1)
    own = {"installation_kind": "sinter", "species": "SO2", "value": 30.0, "unit": "mg/m3", "standard": "S"}
    tables["own_standard_limit"] = make("own_standard_limit", {**own, "date_from": date(2026, 2, 1)})
    rows, _ = judged(tables, {"outlet_month": month})
    row = rows.filter(pl.col("aspect") == "standard_limit").row(0, named=True)
    assert (row["reference"], row["value"], row["source"]) == (30.0, 42.0, "S")
    tables["own_standard_limit"] = make(
        "own_standard_limit", {**own, "unit": "t", "date_from": date(2026, 2, 1)}
    )
    with pytest.raises(FindingError, match="own_standard_limit"):
        judged(tables, {"outlet_month": month})
