"""All four methods of the law from one record: chosen by rule, the others beside, and no door apart."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from itertools import combinations

import polars as pl
import pytest

from tongyuan.flows.account.account import emitted
from tongyuan.flows.facility.account import account_facilities
from tongyuan.flows.source import Inputs
from tongyuan.reference.factors.library import library

Make = Callable[..., pl.DataFrame]
Plant = Callable[..., Inputs]
MONTHS = [f"2026-{m:02d}" for m in range(1, 13)]


@pytest.fixture
def works(plant: Plant, make: Make) -> Callable[..., Inputs]:
    """Return a function to a unit with any of: manual tests, sulphur of its coal, a desulphuriser."""

    def made(*what: str, **settings: object) -> Inputs:
        fuel = {"product": "raw_coal", "value": 50_000.0, "unit": "t", "carbon": 55.0}
        fuel |= {"sulphur": 0.8} if "sulphur" in what else {}
        tables = [
            ("fuel_use", make("fuel_use", *({**fuel, "month": m} for m in MONTHS))),
            ("outlet", make("outlet", {"outlet": "DA001", "medium": "air"})),
            ("outlet_link", make("outlet_link", {"outlet": "DA001", "month_from": "2026-01"})),
        ]
        if "test" in what:
            test = {
                "outlet": "DA001",
                "species": "SO2",
                "value": 20.0,
                "unit": "mg/m3",
                "flow": 1e6,
                "hours": 700.0,
            }
            tables.append(("manual_test", make("manual_test", {**test, "time": datetime(2026, 1, 10, 9)})))
        if "fgd" in what:
            tables.append(("device", make("device", {"device": "D", "control": "wet_fgd"})))
        if "half" in what:
            runs = [
                {"device": "D", "month": m, "hours": h, "production_hours": 700.0}
                for m, h in zip(MONTHS, [700.0, 350.0] * 6, strict=True)
            ]
            tables.append(("device_run", make("device_run", *runs)))
        return plant(*tables, **settings)

    return made


def so2(inputs: Inputs) -> pl.DataFrame:
    made = account_facilities(inputs)[0]["facility_emission"]
    return made.filter(pl.col("species") == "SO2")


def test_each_step_of_the_ladder_counts_where_those_above_lack(works: Callable[..., Inputs]) -> None:
    got = so2(works("test", "sulphur", "fgd"))
    january = got.filter(pl.col("month") == "2026-01")
    assert set(january["method"]) == {"manual", "balance", "coefficient"}
    assert january.filter("counted")["method"].to_list() == ["manual"]
    assert january.filter("counted")["value"].item() == pytest.approx(20 * 1e6 * 700 * 1e-9)
    rest = got.filter(pl.col("month") == "2026-02", pl.col("counted"))
    assert rest["method"].to_list() == ["balance"]
    assert "自动监测：没有数据；手工监测：没有数据" in rest["reason_zh"].item()
    assert "manual monitoring: no data" in rest["reason_en"].item()
    bare = so2(works()).filter("counted")
    assert set(bare["method"]) == {"coefficient"}
    assert "燃料没有硫分" in bare["reason_zh"][0]


def test_the_balance_by_hand(works: Callable[..., Inputs]) -> None:
    """50,000 t · 0.8 % · 2 · (1 − 0.15) = 680 t a month; a desulphuriser of 0.967 leaves 22.44 t."""
    keeps = library().filter(pl.col("record_id") == "ceds-coal_S-retention")["value"].item()
    assert keeps == 0.15
    bare = so2(works("sulphur")).filter(pl.col("method") == "balance")
    assert bare["value"].to_list() == pytest.approx([680.0] * 12)
    fitted = so2(works("sulphur", "fgd")).filter(pl.col("method") == "balance")
    assert fitted["value"].to_list() == pytest.approx([680 * (1 - 0.967)] * 12)
    half = so2(works("sulphur", "fgd", "half")).filter(pl.col("method") == "balance").sort("month")
    assert half["value"].to_list()[:2] == pytest.approx([680 * (1 - 0.967), 680 * (1 - 0.967 / 2)])


def test_never_two_at_once_and_every_figure_is_kept(works: Callable[..., Inputs]) -> None:
    got = so2(works("test", "sulphur", "fgd"))
    counted = got.filter("counted").group_by("month").agg(pl.col("method").n_unique())
    assert counted["method"].to_list() == [1] * 12
    assert got.height == 1 + 12 + 12


def test_a_measurement_taken_away_never_makes_a_figure_look_better_known(
    works: Callable[..., Inputs],
) -> None:
    what = ("test", "sulphur")
    for count in range(len(what) + 1):
        for kept in combinations(what, count):
            most = so2(works(*what)).group_by("month").agg(pl.col("uncertainty_joint").first()).sort("month")
            less = so2(works(*kept)).group_by("month").agg(pl.col("uncertainty_joint").first()).sort("month")
            pairs = zip(most["uncertainty_joint"], less["uncertainty_joint"], strict=True)
            assert all(b is None or (a is not None and a <= b * (1 + 1e-12)) for a, b in pairs)


@pytest.mark.parametrize(
    "what",
    [(), ("sulphur",), ("test",), ("fgd",), ("sulphur", "fgd"), ("fgd", "half"), ("test", "fgd", "half")],
)
def test_the_record_and_the_inventory_say_the_same(
    works: Callable[..., Inputs], what: tuple[str, ...]
) -> None:
    """SO2, NOx and particulates of ``facility_emission`` are those of the inventory, whatever the method."""
    inputs = works(*what, account={"years": [2026], "basis": "before_control"})
    record = account_facilities(inputs)[0]["facility_emission"].filter("counted")
    inventory = emitted(inputs).emission.filter(pl.col("scope") == "direct", pl.col("origin") != "control")
    for species in ("SO2", "NOx", "TSP", "CO"):
        a, b = (float(f.filter(pl.col("species") == species)["value"].sum()) for f in (record, inventory))
        assert a == pytest.approx(b, rel=1e-9), species


def test_a_part_by_test_and_a_part_by_factor_are_both_in_the_inventory(plant: Plant, make: Make) -> None:
    """A unit with two stacks of which one was tested: the other keeps its half of the coefficient."""
    test = {"outlet": "A", "species": "SO2", "value": 20.0, "unit": "mg/m3", "flow": 1e6, "hours": 700.0}
    inputs = plant(
        ("outlet", make("outlet", {"outlet": "A", "medium": "air"}, {"outlet": "B", "medium": "air"})),
        (
            "outlet_link",
            make("outlet_link", *({"outlet": o, "month_from": "2026-01", "share": 0.5} for o in "AB")),
        ),
        ("manual_test", make("manual_test", {**test, "time": datetime(2026, 1, 10, 9)})),
    )
    rows = so2(inputs)
    january = rows.filter(pl.col("month") == "2026-01", pl.col("counted")).sort("outlet")
    assert january["method"].to_list() == ["manual", "coefficient"]
    inventory = emitted(inputs).emission.filter(pl.col("species") == "SO2", pl.col("scope") == "direct")
    assert inventory["value"].sum() == pytest.approx(rows.filter("counted")["value"].sum())


def test_a_works_without_fuel_or_output_has_no_estimate(plant: Plant, make: Make) -> None:
    assert so2(plant(("fuel_use", make("fuel_use")))).is_empty()


@pytest.mark.parametrize("unit", ["t", "万吨", "kg"])
def test_neither_the_order_of_rows_nor_the_unit_of_fuel_matters(
    works: Callable[..., Inputs], unit: str
) -> None:
    scale = {"t": 1.0, "万吨": 1e-4, "kg": 1e3}[unit]
    inputs = works("test", "sulphur", "fgd", "half")
    fuel = inputs.tables["fuel_use"]
    other = fuel.reverse().with_columns(pl.col("value") * scale, pl.lit(unit).alias("unit"))
    shuffled = {name: frame.reverse() for name, frame in inputs.tables.items()} | {"fuel_use": other}
    key = ["facility", "month", "installation", "outlet", "product", "species", "method", "counted"]
    a, b = (
        account_facilities(Inputs(inputs.settings, tables))[0]["facility_emission"].sort(key)
        for tables in (inputs.tables, shuffled)
    )
    assert a.select(key).equals(b.select(key))
    assert a["value"].to_list() == pytest.approx(b["value"].to_list(), rel=1e-12)


STEEL = (
    {"installation": "烧结", "kind": "sinter"},
    {"installation": "炼铁", "kind": "blast_furnace"},
    {"installation": "转炉", "kind": "converter"},
)
MADE = (("烧结", "sinter", 1.5e5), ("炼铁", "pig_iron", 1e5), ("转炉", "crude_steel", 1.1e5))


@pytest.mark.parametrize("kept", [("烧结", "炼铁", "转炉"), ("炼铁", "转炉"), ("转炉",)])
def test_a_coefficient_of_steel_making_as_a_whole_is_not_one_of_the_converter_beside_others(
    plant: Plant, make: Make, kept: tuple[str, ...]
) -> None:
    """Alone the converter stands for the works; beside other processes it would count them twice."""
    output = [
        {"installation": i, "product": p, "value": v, "unit": "t", "month": m}
        for i, p, v in MADE
        if i in kept
        for m in MONTHS
    ]
    inputs = plant(
        ("facility", make("facility", {"kind": "steel", "region": "370600"})),
        ("installation", make("installation", *(s for s in STEEL if s["installation"] in kept))),
        ("fuel_use", make("fuel_use")),
        ("output", make("output", *output)),
        account={"years": [2026]},
    )
    record, findings = account_facilities(inputs)
    rows = record["facility_emission"].filter(pl.col("installation") == "转炉")
    alone = len(kept) == 1
    for species in ("SO2", "NOx", "CO"):
        assert set(rows.filter(pl.col("species") == species)["counted"]) == {alone}, species
    assert rows.filter(pl.col("species") == "TSP")["counted"].all()
    assert ("coefficient_of_whole" in {f.check for f in findings}) == (not alone)
    inventory = emitted(inputs).emission.filter(pl.col("scope") == "direct", pl.col("origin") != "control")
    counted = record["facility_emission"].filter("counted")
    for species in ("SO2", "NOx", "CO", "TSP"):
        a, b = (float(f.filter(pl.col("species") == species)["value"].sum()) for f in (counted, inventory))
        assert a == pytest.approx(b, rel=1e-9), species


def test_slag_and_fly_ash_of_the_works_give_the_share_of_bottom_ash(plant: Plant, make: Make) -> None:
    """50,000 t · 25 % ash, of which 1,500 of 12,000 t are slag: 12,500 · 0.875 = 10,937.5 t TSP a month."""
    fuel = {"product": "raw_coal", "value": 50_000.0, "unit": "t", "carbon": 55.0, "ash": 25.0}
    waste = [
        {"month": m, "waste": w, "generated": v}
        for m in MONTHS
        for w, v in (("炉渣", 1500.0), ("粉煤灰", 10_500.0))
    ]
    burnt = ("fuel_use", make("fuel_use", *({**fuel, "month": m} for m in MONTHS)))
    inputs = plant(burnt, ("waste_transfer", make("waste_transfer", *waste)))
    rows = account_facilities(inputs)[0]["facility_emission"].filter(
        pl.col("species") == "TSP", pl.col("method") == "balance"
    )
    assert rows["value"].to_list() == pytest.approx([10_937.5] * 12)
    only = plant(burnt, ("waste_transfer", make("waste_transfer", *waste[1::2])))
    bare = account_facilities(only)[0]["facility_emission"]
    assert bare.filter(pl.col("species") == "TSP", pl.col("method") == "balance", "counted").is_empty()


def test_the_two_doors_of_a_steel_works_differ_by_the_coefficients_of_the_whole_alone(
    plant: Plant, make: Make
) -> None:
    """A table of activity does not say whose a process is: steel of bought iron keeps its coefficient.

    Products by month and the same as rows of activity: every other species and process is the same; SO2, NOx
    and CO of the converter stand in the workbook of the area alone.
    """
    output = [
        {"installation": i, "product": p, "value": v, "unit": "t", "month": m}
        for i, p, v in MADE
        for m in MONTHS
    ]
    works = plant(
        ("facility", make("facility", {"kind": "steel", "region": "370600"})),
        ("installation", make("installation", *STEEL)),
        ("fuel_use", make("fuel_use")),
        ("output", make("output", *output)),
        account={"years": [2026]},
    )
    kinds = {"烧结": "sinter", "炼铁": "blast_furnace", "转炉": "bof"}
    row = {"region": "370600", "year": 2026, "unit": "t"}
    rows = [
        {**row, "process": f"industry.steel.{kinds[i]}", "product": p, "value": v * len(MONTHS)}
        for i, p, v in MADE
    ]
    area = Inputs(works.settings, {"activity": make("activity", *rows)})
    keys = ["process", "species"]
    a, b = (
        emitted(door)
        .emission.with_columns(pl.col("process", "species", "scope").cast(pl.String))
        .filter(pl.col("scope") == "direct", ~pl.col("species").str.starts_with("CO2"))
        .group_by(keys)
        .agg(pl.col("value").sum())
        for door in (works, area)
    )
    both = b.join(a, on=keys, how="full", suffix="_works", coalesce=True)
    alike = both.drop_nulls()
    assert alike.height > 40
    assert alike["value_works"].to_list() == pytest.approx(alike["value"].to_list(), rel=1e-9)
    other = both.filter(pl.any_horizontal(pl.all().is_null())).sort("species")
    assert other["process"].to_list() == ["industry.steel.bof"] * 3
    assert other["species"].to_list() == ["CO", "NOx", "SO2"]
    assert other["value_works"].null_count() == 3
