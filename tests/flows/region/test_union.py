"""Sums of parts, held against the whole; what stands in two workspaces."""

from __future__ import annotations

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tongyuan.flows.region.union import Member, absent, balance, checked, outside, overlaps, parts
from tongyuan.ledger.finding import FindingError
from tongyuan.ledger.table import conform
from tongyuan.reference.region import cities

JINAN, QINGDAO, WEIFANG, SHANDONG = "370100", "370200", "370700", "370000"


def member(name, *rows, gwp_set="AR5"):
    """Rows: region, year, sector, species, value[, unit]."""
    lines = [(*row, "t")[:6] for row in rows]
    frame = pl.DataFrame(lines, schema=["region", "year", "sector", "species", "value", "unit"], orient="row")
    frame = frame.with_columns(pl.col("value").cast(pl.Float64))
    return Member(name, {"summary": conform("summary", frame)}, gwp_set)


def checks(*members, **more):
    with pytest.raises(FindingError) as told:
        checked(members, **more)
    for found in told.value.findings:
        assert all("{" not in found.message(lang) and found.next_step(lang) for lang in ("zh", "en"))
    return [f.check for f in told.value.findings]


A = member("a", (JINAN, 2021, "energy", "SO2", 30), (JINAN, 2021, "industry", "SO2", 5),
           (JINAN, 2021, "energy", "CO2e", 1000))  # fmt: skip
B = member("b", (QINGDAO, 2021, "energy", "SO2", 0.02, "kt"), (QINGDAO, 2021, "energy", "CO2e", 500))
WHOLE = member("p", (SHANDONG, 2021, "energy", "SO2", 48), (SHANDONG, 2021, "energy", "CO2e", 1500),
               (SHANDONG, 2021, "waste", "CH4", 7))  # fmt: skip


def row(frame, species, sector=None):
    same = pl.col("sector").is_null() if sector is None else pl.col("sector") == sector
    (found,) = frame.filter(pl.col("species") == species, same).to_dicts()
    return found


def test_parts_are_held_against_the_whole_by_sector_and_in_all():
    """30 t + 5 t + 0.02 kt = 55 t, of the whole's 48 t: 7 t more, 14.58 %."""
    made, found = checked([A, B], WHOLE)
    table = made["region_balance"]
    assert not found
    so2 = row(table, "SO2")
    assert (so2["parts"], so2["parent"], so2["difference"], so2["state"]) == (55.0, 48.0, 7.0, "compared")
    assert so2["share"] == pytest.approx(7 / 48)
    assert row(table, "SO2", "energy")["difference"] == 2.0
    assert row(table, "SO2", "industry")["state"] == "parts_only"
    assert row(table, "CO2e")["difference"] == 0.0
    ch4 = row(table, "CH4")
    assert (ch4["state"], ch4["parts"], ch4["difference"]) == ("parent_only", None, None)


def test_a_year_that_a_member_lacks_is_no_nought():
    late = member("b", (QINGDAO, 2022, "energy", "SO2", 4))
    made, found = checked([A, late], WHOLE)
    assert row(made["region_balance"].filter(pl.col("year") == 2021), "SO2")["state"] == "incomplete"
    assert row(made["region_balance"].filter(pl.col("year") == 2021), "SO2")["difference"] is None
    assert [f.check for f in found] == ["years_differ", "nothing_compared"]
    assert "2021、2022" in found[0].message("zh")


def test_a_city_that_stands_in_two_workspaces_is_found():
    twin = member("c", (JINAN, 2021, "energy", "SO2", 1))
    assert checks(A, B, twin) == ["overlap_same"]
    with pytest.raises(FindingError, match=r"济南市|Jinan"):
        checked([A, twin])
    assert overlaps([A, twin]).select("region", "first", "second", "kind").rows() == [
        (JINAN, "a", "c", "same")
    ]


def test_a_province_beside_its_city_is_found_in_either_order_and_inside_one():
    assert checks(A, WHOLE) == ["overlap_contains"]
    assert checks(WHOLE, A) == ["overlap_contains"]
    mixed = member("m", (JINAN, 2021, "energy", "SO2", 1), (SHANDONG, 2021, "energy", "SO2", 1))
    assert checks(mixed, member("x", ("130100", 2021, "energy", "SO2", 1))) == ["overlap_contains"]
    assert overlaps([mixed])["within"].to_list() == [SHANDONG]
    assert checks(A, B, parent=mixed) == ["overlap_contains"]


def test_the_same_region_in_other_years_is_no_overlap():
    assert overlaps([A, member("c", (JINAN, 2022, "energy", "SO2", 1))]).is_empty()


@pytest.mark.parametrize(
    ("members", "check"),
    [
        ([A], ["too_few"]),
        ([], ["too_few"]),
        ([A, A], ["same_name"]),
        ([A, Member("empty", {})], ["no_inventory"]),
        ([A, member("b", (QINGDAO, 2021, "energy", "SO2", 1), gwp_set="AR6")], ["gwp_differs"]),
        ([A, member("b", (QINGDAO, 2021, "energy", "SO2", 1, "kWh"))], ["units_differ"]),
    ],
)
def test_what_cannot_be_summed_is_refused(members, check):
    assert checks(*members) == check


def test_the_parent_needs_an_inventory_of_the_same_potentials():
    assert checks(A, B, parent=Member("p", {})) == ["no_inventory"]
    assert checks(A, B, parent=Member("p", WHOLE.tables, "AR6")) == ["gwp_differs"]


def test_cities_that_lack_and_those_outside_are_named():
    _, found = checked([A, B], WHOLE, wanted=cities(SHANDONG))
    (told,) = found
    assert told.check == "absent"
    assert told.message("en").startswith("14 of 16 cities are not there")
    hebei = member("h", ("130100", 2021, "energy", "SO2", 1))
    _, found = checked([A, hebei], WHOLE)
    assert [f.check for f in found] == ["outside_parent"]
    assert absent([WHOLE], [JINAN]) == ()
    assert [r.region for r in outside([hebei, A], [SHANDONG])] == ["130100"]


AMOUNT = st.floats(0, 1e6)
ROW = st.tuples(
    st.sampled_from([2020, 2021]), st.sampled_from(["energy", "industry", "waste"]),
    st.sampled_from(["SO2", "NOx", "CO2", "CO2e", "CH4"]), AMOUNT,
)  # fmt: skip


@given(st.lists(st.lists(ROW, min_size=1, max_size=6), min_size=2, max_size=4))
@settings(max_examples=25, deadline=None)
def test_parts_sum_to_the_whole_for_every_species(worlds):
    """Whatever the members tell, in any order, and summed in two steps or in one."""
    places = cities(SHANDONG)
    made = [
        member(f"m{k}", *((places[k], *line) for line in {r[:3]: r for r in rows}.values()))
        for k, rows in enumerate(worlds)
    ]
    whole = pl.concat([m.tables["summary"] for m in made]).with_columns(region=pl.lit(SHANDONG))
    part = parts(made)
    table = balance(part, len(made), whole)
    compared = table.filter(pl.col("state") == "compared")
    assert compared["difference"].abs().max() in (None, 0.0)
    for (year, species), rows in whole.group_by(["year", "species"]):
        told = row(table.filter(pl.col("year") == year), species)["parts"]
        assert told == pytest.approx(rows["value"].sum(), rel=1e-12)
    by_sector = (
        table.filter(pl.col("sector").is_not_null()).group_by("year", "species").agg(pl.col("parts").sum())
    )
    again = table.filter(pl.col("sector").is_null()).join(by_sector, on=["year", "species"])
    assert again["parts"].to_list() == pytest.approx(again["parts_right"].to_list(), rel=1e-12)
    turned = balance(parts(made[::-1]), len(made), whole)
    keys = ["year", "sector", "species"]
    both = table.join(turned, on=keys, nulls_equal=True)
    assert both.height == table.height
    assert both["parts"].to_list() == pytest.approx(both["parts_right"].to_list(), rel=1e-12)
    stacked = Member("two", {"summary": pl.concat([m.tables["summary"] for m in made[:2]])}, "AR5")
    if len(made) > 2:
        nested, _ = checked([stacked, *made[2:]])
        for line in nested["region_balance"].filter(pl.col("sector").is_null()).to_dicts():
            flat = row(table.filter(pl.col("year") == line["year"]), line["species"])
            assert line["parts"] == pytest.approx(flat["parts"], rel=1e-12)
