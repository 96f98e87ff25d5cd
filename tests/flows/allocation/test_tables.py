"""What is told of an allocation."""

import numpy as np
import polars as pl
import pytest
from tests.allocation.test_field import BEGIN
from tests.flows.allocation.worlds import SMALL, TABLES, WHO, emissions, profile, world

from tongyuan.flows.allocation.allocate import allocate
from tongyuan.flows.allocation.tables import (
    allocation_tables,
    balance,
    boundary,
    cells,
    field_of,
    in_time,
    inside_shares,
    model_amounts,
    model_totals,
)
from tongyuan.ledger.finding import FindingError

RULES = TABLES["allocation_rule"]
NOX = [
    {"profile": "n", "species": "NOx", "model_species": m, "share": s, "mole": s / 46, "source": WHO}
    for m, s in (("NO", 0.9), ("NO2", 0.1))
]
SPLIT = {"allocation_rule": [r | {"profile_species": "n"} for r in RULES], "profile_species": NOX}


def test_cells_by_hand() -> None:
    """Plants: 3/4 and 1/4 of 100 and of 40 t; roads: 1/4, 1/2 and 1/4 outside of 80 t; works 8 t."""
    made = allocate(world(), SMALL)
    frame = cells(made)
    told = {(s, c, r): v for s, c, r, v in frame.select("species", "column", "row", "value").iter_rows()}
    wanted = {("SO2", 1, 1): 75, ("SO2", 2, 2): 25, ("SO2", 2, 1): 8, ("NOx", 1, 1): 50, ("NOx", 2, 2): 10,
              ("NOx", 2, 1): 40}  # fmt: skip
    assert told == pytest.approx(wanted)
    assert frame.filter(row=2)["latitude"].unique().to_list() == [36.75]
    assert inside_shares(made).tolist() == pytest.approx([1, 0.75, 1])
    sheet = balance(made)
    assert sheet.filter(pl.col("reason") == "outside")["outside"].to_list() == pytest.approx([20])
    assert (sheet["inside"] + sheet["outside"] - sheet["value"]).abs().max() == pytest.approx(0, abs=1e-12)


def test_months_and_hours_of_what_lies_in_the_grid() -> None:
    rush = profile("rush", hour=[24.0 if h == 8 else 0.0 for h in range(24)])
    rules = [RULES[0], RULES[1] | {"profile_time": "rush"}, RULES[2]]
    made = in_time(allocate(world(allocation_rule=rules, profile_time=rush), SMALL))
    nox = made.filter(species="NOx", kind="hour")["value"].to_list()
    assert nox[8] == pytest.approx(60 + 40 / 24)
    assert nox[0] == pytest.approx(40 / 24)
    assert sum(nox) == pytest.approx(100)
    january = made.filter(species="SO2", kind="month", index=1)["value"][0]
    assert january == pytest.approx(108 * 31 / 365)


def test_model_species_in_mass_and_moles() -> None:
    brought = world(None, **SPLIT)
    made = allocate(brought, SMALL)
    amounts = model_amounts(brought, made)
    totals = model_totals(made, amounts.frame)
    by = {m: (v, n) for m, v, n in totals.select("model_species", "value", "mole").iter_rows()}
    assert by["NO"] == pytest.approx((90, 90e6 / 46))
    assert by["NO2"] == pytest.approx((10, 10e6 / 46))
    assert by["SO2"] == pytest.approx((108, 108e6 / 64.058))
    assert amounts.findings == ()


def test_a_mechanism_gives_moles_and_knows_its_names() -> None:
    rows = [
        {"profile": "n", "species": "NMVOC", "model_species": m, "share": s, "source": WHO}
        for m, s in (("XYL", 0.6), ("XYLENE", 0.4))
    ]
    organic = emissions(("370000", "energy.power", "NMVOC", 10.0))
    own = {"allocation_rule": SPLIT["allocation_rule"], "profile_species": rows}
    without = world(None, **own)
    frame = model_amounts(without, allocate(without, organic)).frame
    assert frame["mole"].null_count() == 2
    brought = world({"mechanism": "RADM2"}, **own)
    amounts = model_amounts(brought, allocate(brought, organic))
    assert amounts.frame.filter(model_species="XYL")["mole"].to_list() == pytest.approx([0.6 * 10e6 / 106])
    assert amounts.frame.filter(model_species="XYLENE")["mole"].null_count() == 1
    assert [f.check for f in amounts.findings] == ["mechanism_lacks"]
    assert "XYLENE" in amounts.findings[0].message("zh")


def test_moles_of_some_sources_only_are_refused() -> None:
    rules = [RULES[0] | {"profile_species": "n"}, RULES[1] | {"profile_species": "o"}, RULES[2]]
    bare = [{k: v for k, v in row.items() if k != "mole"} | {"profile": "o"} for row in NOX]
    brought = world(allocation_rule=rules, profile_species=[*NOX, *bare])
    with pytest.raises(FindingError, match="NO"):
        model_amounts(brought, allocate(brought, SMALL))


def test_what_is_left_out_of_a_profile_is_told_and_not_written() -> None:
    short = SPLIT | {"profile_species": NOX[:1]}
    brought = world(None, **short)
    made = allocate(brought, SMALL)
    amounts = model_amounts(brought, made).frame
    rest = model_totals(made, amounts).filter(model_species="")
    assert rest["value"].to_list() == pytest.approx([10])
    assert [s.name for s in field_of(made, amounts, moles=False).species] == ["NO", "SO2"]


@pytest.mark.parametrize("moles", [True, False])
def test_a_field_holds_the_cells_by_layer(moles: bool) -> None:
    rules = [RULES[0] | {"profile_height": "gnfr_a", "profile_species": "n"}, *SPLIT["allocation_rule"][1:]]
    brought = world({"layers": [184, 2000]}, allocation_rule=rules, profile_species=NOX)
    made = allocate(brought, SMALL)
    field = field_of(made, model_amounts(brought, made).frame, moles=moles)
    assert [(s.name, s.unit) for s in field.species] == [
        (n, "mol" if moles else "g") for n in ("NO", "NO2", "SO2")
    ]
    per = 1e6 / 64.058 if moles else 1e6
    sulphur = field.species[2]
    assert (sulphur.total, sulphur.inside, sulphur.outside) == pytest.approx((108 * per, 108 * per, 0))
    hour = field.hours(BEGIN, 1)[0, :, 2] * 8760
    assert hour[:, 0, 0] == pytest.approx([75 * per * 0.0025, 75 * per * 0.9975], rel=1e-5)
    assert hour[:, 0, 1] == pytest.approx([8 * per, 0], rel=1e-5)


def test_tables_of_the_room_in_their_form() -> None:
    made, found = allocation_tables(world(), SMALL)
    assert list(made) == ["cell_emission", "allocation_balance", "model_emission", "emission_time"]
    assert [f.check for f in found] == ["left_outside"]
    grid = np.unique(made["cell_emission"]["grid"])
    assert grid.tolist() == ["g"]


def test_a_boundary_crosses_cells_and_has_a_number() -> None:
    part = {
        "part": "a",
        "geometry": "POLYGON ((117 36, 118 36, 118 36.4, 117 36))",
        "approval": "GS1",
        "source": WHO,
    }
    brought = world(map_boundary=[part])
    told = boundary(brought, allocate(brought, SMALL))
    assert sorted(told.select("column", "row").rows()) == [(1, 1), (2, 1)]
    assert told["approval"].unique().to_list() == ["GS1"]
    for text, check in (("POINT (117 36)", "boundary_kind"), ("LINESTRING (", "geometry_unreadable")):
        wrong = world(map_boundary=[part | {"geometry": text}])
        with pytest.raises(FindingError) as refused:
            boundary(wrong, allocate(wrong, SMALL))
        assert [f.check for f in refused.value.findings] == [check]
