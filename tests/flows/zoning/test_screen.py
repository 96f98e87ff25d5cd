"""Zoning of a workspace in one go."""

import sys
from datetime import date

import polars as pl
import pytest
from tests.flows.zoning.world import Brought, settings
from tests.zoning.zone.test_overlay import ZONES, square

from tongyuan.flows.zoning.screen import found_once, zoning
from tongyuan.ledger.finding import FindingError
from tongyuan.ledger.table import from_rows

pytest.importorskip("shapely")
PROJECT = {
    "project": "J",
    "title": "锅炉",
    "region": "370811",
    "industry": "4430",
    "kind": "new",
    "filed": date(2026, 3, 2),
    "start": date(2027, 1, 1),
    "plan_conform": True,
    "standards_met": True,
    "improvement_met": True,
    "longitude": 118.05,
    "latitude": 36.05,
    "investment": 3e7,
    "source": "made up",
}
BOILER = {
    "project": "J",
    "process": "industry.combustion.boiler",
    "product": "bituminous",
    "value": 20_000.0,
    "unit": "t",
    "source": "made up",
}
STATE = [
    {"region": "370800", "pollutant": p, "year": 2025, "attained": a, "goal_met": True, "source": "made up"}
    for p, a in (("PM2.5", False), ("NOx", False))
]


def workspace(**tables):
    base = {"project": [PROJECT], "project_activity": [BOILER], "region_state": STATE}
    frames = {name: from_rows(name, rows) for name, rows in (base | tables).items()}
    return Brought(frames | ({} if "zone" in tables else {"zone": ZONES}), settings())


def states(made):
    return {(r["rule"], r["species"]): r["state"] for r in made["verdict_rule"].iter_rows(named=True)}


def test_a_boiler_is_screened_with_all_its_facts():
    made, found = zoning(workspace())
    said = states(made)
    assert said["AIR-90", None] == "failed_rule"
    assert said["air.jining", "NOx"] == "failed_rule"
    assert said["EN-8a", None] == "due"
    assert made["verdict"]["verdict"].to_list() == ["conditional"]
    contact = {r["zone"] for r in made["zone_contact"].iter_rows(named=True)}
    assert contact == {"A", "R"}
    assert not [f for f in found if f.severity == "error"]


def test_declared_at_half_is_found_and_refused():
    made, _ = zoning(workspace())
    full = dict(made["declared_state"].select("species", "accounted").iter_rows())
    half = [{"project": "J", "species": "NOx", "value": full["NOx"] / 2, "unit": "t", "source": "made up"}]
    made, found = zoning(workspace(project_emission=half))
    row = made["declared_state"].filter(pl.col("species") == "NOx").to_dicts()[0]
    assert (row["state"], row["share"]) == ("understated", pytest.approx(0.5))
    assert "understated" in {f.check for f in found}
    assert states(made)["EIA-11-5", None] == "failed_rule"
    assert made["verdict"]["verdict"].to_list() == ["refused"]


def test_a_site_in_the_red_line_is_refused_and_an_accepted_activity_is_not():
    inside = PROJECT | {"boundary": square(118.32, 36.02, 0.01)}
    made, _ = zoning(workspace(project=[inside]))
    assert states(made)["RED-142-2", None] == "failed_rule"
    fact = [{"project": "J", "fact": "limited_activity", "value": 1.0, "source": "made up"}]
    made, _ = zoning(workspace(project=[inside], project_fact=fact))
    assert ("RED-142-2", None) not in states(made)


def test_offsets_and_budgets_enter():
    made, _ = zoning(workspace())
    need = (
        made["verdict_rule"]
        .filter(pl.col("rule") == "air.jining", pl.col("species") == "NOx")["limit"]
        .item()
    )
    sources = [
        {
            "offset": f"S{s}",
            "region": "370800",
            "species": s,
            "value": 1e5,
            "unit": "t",
            "available": date(2026, 6, 1),
            "source": "made up",
        }
        for s in ("NOx", "SO2", "TSP", "PM10", "PM2.5", "NMVOC")
    ]
    budget = [{"zone": "A", "item": "NOx", "limit": 10.0, "used": 9.9, "unit": "t", "source": "made up"}]
    made, _ = zoning(workspace(offset=sources, zone_budget=budget))
    used = made["offset_use"].filter(pl.col("species") == "NOx")
    assert used["value"].item() == pytest.approx(need)
    assert made["offset_admission"]["admitted"].to_list() == [True]
    assert made["headroom"]["left"].item() < 0
    assert states(made)["ZONE-budget", "NOx"] == "failed_rule"


def test_a_rule_of_a_place_acts_and_a_wrong_one_stops():
    rule = {
        "rule": "C-1",
        "title": "禁燃区",
        "industry": ["4430"],
        "fact": "coal",
        "relation": "at_most",
        "limit": "0",
        "effect": "forbid",
        "document": "某市准入清单",
        "zone": "A",
    }
    made, _ = zoning(workspace(zone_rule=[rule]))
    assert states(made)["C-1", None] == "failed_rule"
    flip = made["verdict_flip"].filter(pl.col("rule") == "C-1", pl.col("input") == "coal").to_dicts()[0]
    assert (flip["value"], flip["needed"]) == (20_000, 0)
    with pytest.raises(FindingError) as told:
        zoning(workspace(zone_rule=[rule | {"document": None}]))
    assert [f.check for f in told.value.findings] == ["rule_without_document"]


@pytest.mark.parametrize(
    ("change", "check"),
    [
        ({"start": date(2025, 1, 1)}, "start_before_filed"),
        ({"industry": "水泥"}, "industry_unknown"),
        ({"industry": "30111"}, "industry_unknown"),
        ({"region": "火星"}, "region_unknown"),
        ({"region": "999999"}, "region_unknown"),
        ({"longitude": 36.05, "latitude": 118.05}, "axes_turned"),
        ({"latitude": None}, "half_a_point"),
        ({"boundary": "POLYGON EMPTY"}, "empty_shape"),
    ],
)
def test_a_project_that_cannot_be_is_told(change, check):
    with pytest.raises(FindingError) as told:
        zoning(workspace(project=[PROJECT | change]))
    assert check in {f.check for f in told.value.findings}


def test_faults_of_the_layer_are_findings():
    rows = [
        {"zone": n, "kind": "unit", "boundary": square(x, 36.0), "source": "made up"}
        for n, x in (("A", 118.0), ("B", 118.05))
    ]
    made, found = zoning(workspace(zone=rows))
    assert made["zone_fault"]["fault"].to_list() == ["overlap"]
    assert "fault_overlap" in {f.check for f in found}


def test_nothing_brings_nothing():
    assert zoning(Brought({}, settings())) == ({}, ())
    assert found_once([]) == ()


STRIP = "POLYGON ((118 36.2, 118.1 36.2, 118.1 36.2001, 118 36.2001, 118 36.2))"
BOW = "POLYGON ((118 36, 118.1 36.1, 118.1 36, 118 36.1, 118 36))"


@pytest.mark.parametrize(
    ("boundary", "check"), [(STRIP, "fault_sliver"), (BOW, "fault_self_crossing"), ("ring", "fault_gap")]
)
def test_every_fault_has_its_sentence(boundary, check):
    import shapely

    if boundary == "ring":
        outer, hole = shapely.box(118, 36, 118.3, 36.3), shapely.box(118.1, 36.1, 118.2, 36.2)
        boundary = outer.difference(hole).wkt
    _, found = zoning(workspace(zone=[{"zone": "A", "kind": "unit", "boundary": boundary, "source": "s"}]))
    assert check in {f.check for f in found}


def test_a_budget_of_which_nobody_says_what_is_used_is_told():
    budget = [{"zone": "A", "item": "NOx", "limit": 10.0, "unit": "t", "source": "s"}]
    made, found = zoning(workspace(zone_budget=budget))
    assert "budget_unused" in {f.check for f in found}
    assert "headroom" not in made
    used = pl.DataFrame(
        {
            "region": ["A"],
            "year": [2023],
            "species": ["NOx"],
            "value": [4.0],
            "unit": ["t"],
            "scope": ["direct"],
        }
    )
    made, _ = zoning(workspace(zone_budget=budget), used)
    assert made["headroom"]["used"].item() == 4.0


def test_without_the_library_of_geometry_a_map_is_refused_and_a_typed_zone_serves(monkeypatch):
    monkeypatch.setitem(sys.modules, "shapely", None)
    with pytest.raises(FindingError) as told:
        zoning(workspace())
    assert {f.check for f in told.value.findings} == {"geometry_missing"}
    typed = PROJECT | {"zone": "ZH37081120002", "longitude": None, "latitude": None}
    made, _ = zoning(workspace(zone=[], project=[typed]))
    assert made["verdict"].height == 1


def test_a_process_without_factors_is_told():
    odd = BOILER | {"process": "industry.textile", "product": None}
    _, found = zoning(workspace(project_activity=[odd]))
    assert "no_factor_of" in {f.check for f in found}
