"""A made-up city of twenty rows, never seen by the library, from its inventory to a plan."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from tongyuan.flows.account.account import account
from tongyuan.flows.ask.plan.draft import RATE, answer, draft, draft_of_folder
from tongyuan.flows.ask.plan.given import given
from tongyuan.flows.plan.plan import least_cost_plan, prepare
from tongyuan.flows.source import open_workspace
from tongyuan.ledger.finding import FindingError
from tongyuan.pathway.problem.base import base_point

CITY = """process,product,technology,value,unit
energy.power,raw_coal,,320,万吨
energy.power,natural_gas,,2.5,亿立方米
energy.heat,raw_coal,,90,万吨
energy.coking,coke,,60,万吨
industry.combustion.boiler,raw_coal,,75,万吨
industry.combustion,natural_gas,,3.1,亿立方米
industry.steel.blast_furnace,coke,,55,万吨
industry.cement.clinker,clinker,,410,万吨
industry.nitric_acid,nitric_acid,,12,万吨
building.residential.urban,natural_gas,,1.8,亿立方米
building.residential.rural,raw_coal,,22,万吨
building.commercial,lpg,,1.2,万吨
transport.road,gasoline,,38,万吨
transport.road,diesel,,41,万吨
transport.nonroad.construction,diesel,,6,万吨
solvent.coating.vehicle,car,,120000,vehicle
solvent.domestic,population,,310,万人
agriculture.fertiliser,urea,,5,万吨
waste.landfill,municipal_waste,,30,万吨
energy.coal_mining.underground,raw_coal,,150,万吨
"""
SETTINGS = """name = "某市"
kind = "city"
language = "zh"
region = "潍坊市"
tables = ["*.csv"]

[account]
years = [2021]
fuel_set = "C"
draws = 0
"""
DEVICES = """region,year,process,product,control,applied,operation,source
370700,2021,energy.power,raw_coal,wet_fgd,1,0.98,made up
370700,2021,energy.power,raw_coal,scr,0.9,0.95,made up
"""


def city(folder: Path, rows: str = CITY, **more: str) -> Path:
    folder.mkdir()
    head, *body = rows.strip().splitlines()
    lines = [f"region,year,{head},source", *(f"370700,2021,{line},made up" for line in body)]
    (folder / "activity.csv").write_text("\n".join(lines), encoding="utf-8")
    (folder / "control.csv").write_text(DEVICES, encoding="utf-8")
    for name, text in more.items():
        (folder / f"{name}.csv").write_text(text, encoding="utf-8")
    (folder / "tongyuan.toml").write_text(SETTINGS, encoding="utf-8")
    return folder


def test_the_base_point_is_the_inventory_and_the_plan_is_audited(tmp_path: Path) -> None:
    workspace = open_workspace(city(tmp_path / "w"))
    accounted = account(workspace).tables
    made = draft(workspace, accounted)
    assert made.tables["stock"].height == 20
    case, inventory, _ = prepare(made.workspace, accounted)
    mine = base_point(case)["plan_emission"].group_by("species").agg(mine=pl.col("value").sum())
    own = (pl.col("origin") == "control") & (pl.col("scope") == "indirect")
    rows = accounted["emission"].filter(pl.col("scope") != "avoided", ~own)
    theirs = rows.group_by("species").agg(pl.col("value").sum())
    both = theirs.join(mine, on="species", how="full")
    assert both.null_count().sum_horizontal().item() == 0
    assert both.height > 20
    assert (both["mine"] / both["value"] - 1.0).abs().max() <= 1e-12
    plan = least_cost_plan(case, inventory.evaluate)  # raises where the inventory does not bear the plan out
    assert plan.tables
    run = plan["plan_activity"].filter(pl.col("technology") == "energy_power-raw_coal")
    base = made.tables["stock"].filter(pl.col("technology") == "energy_power-raw_coal")["activity"][0]
    least = dict(run.group_by("year").agg(pl.col("value").sum()).iter_rows())
    assert least[2025] >= base * 0.8 * (1 - 1e-9)  # a twentieth a year from 2021


def test_devices_in_place_are_not_sold_again(tmp_path: Path) -> None:
    workspace = open_workspace(city(tmp_path / "w"))
    made = draft(workspace, account(workspace).tables)
    options = made.tables["control_option"].filter(pl.col("technology") == "energy_power-raw_coal")
    assert not options["control"].str.contains("scr|fgd").any()


def test_coverage_adds_up_and_facts_count(tmp_path: Path) -> None:
    workspace = open_workspace(city(tmp_path / "w"))
    made = draft(workspace, account(workspace).tables)
    parts = made.coverage.select(pl.sum_horizontal("changeable", "constant", "outside"))
    assert parts.to_series().to_list() == pytest.approx([1.0] * made.coverage.height)
    co2 = made.coverage.filter(pl.col("species") == "CO2").row(0, named=True)
    assert co2["outside"] == pytest.approx(0.0, abs=1e-12)
    assert co2["changeable"] > 0.6
    facts = answer(made).facts
    assert facts["sources"] == 20
    assert facts["left_out"] == made.tables["not_offered"].height
    assert made.tables["not_offered"].height > 100


def test_a_folder_is_written_checked_and_asked(tmp_path: Path) -> None:
    folder = city(tmp_path / "w")
    draft_of_folder(folder)
    written = {p.name for p in (folder / "plan").iterdir()}
    assert {"technology_option.csv", "demand.csv", "not_offered.csv", "plan_origin.csv"} <= written
    assert f"discount_rate = {RATE}" in (folder / "tongyuan.toml").read_text(encoding="utf-8")
    asked = given(folder)
    assert asked.case["technology_option"].height > 20
    with pytest.raises(FindingError) as refused:
        draft_of_folder(folder)
    assert [f.check for f in refused.value.findings] == ["plan_folder_taken"]
    draft_of_folder(folder, tmp_path / "elsewhere", years=(2026, 2031))
    assert (tmp_path / "elsewhere" / "plan.toml").is_file()
    assert pl.read_csv(tmp_path / "elsewhere" / "period.csv")["year"].to_list() == [2026, 2031]


def test_a_workspace_without_a_plan_is_asked_through_the_draft(tmp_path: Path) -> None:
    asked = given(city(tmp_path / "w"))
    assert "plan_drafted" in {f.check for f in asked.findings}
    assert asked.evaluate is not None


@pytest.mark.parametrize(
    ("more", "years", "said"),
    [
        ({}, (2020, 2030), "draft_years"),
        ({}, (2030, 2025), "draft_years"),
        ({"driver": "driver,year,value\nsteel,2021,1\n"}, (), "draft_driver_unknown"),
        ({"driver": "driver,year,value\nelectricity,2025,1\n"}, (), "draft_driver_base"),
    ],
)
def test_what_cannot_be_drafted_is_said(tmp_path: Path, more, years, said) -> None:
    workspace = open_workspace(city(tmp_path / "w", **more))
    with pytest.raises(FindingError) as wrong:
        draft(workspace, account(workspace).tables, years)
    assert said in {f.check for f in wrong.value.findings}
    for found in wrong.value.findings:
        assert "{" not in found.message("zh") + found.message("en")


STOCK = "node,technology,activity,activity_unit\n潍坊市,energy_power-raw_coal,"


@pytest.mark.parametrize(
    ("more", "choices", "said"),
    [
        ({"driver": "driver,year,value\nelectricity,2021,0\nelectricity,2030,1\n"}, {}, "draft_driver_zero"),
        ({"driver": "driver,year,value\nfreight,2021,5\nfreight,2030,0\n"}, {}, "draft_driver_zero"),
        ({"stock": STOCK + "9000,t\n"}, {}, "draft_stock_unit"),
        ({"stock": STOCK + "9000,furlong\n"}, {}, "draft_stock_unit"),
        ({"stock": STOCK + "0,GWh\n"}, {}, "draft_stock_zero"),
        ({}, {"pace": -0.1}, "draft_limit"),
        ({}, {"pace": float("nan")}, "draft_limit"),
        ({}, {"retire": 3.0}, "draft_limit"),
        ({"rows": CITY[: CITY.index("energy")] + "energy.power,raw_coal,,0,万吨\n"}, {}, "draft_nothing"),
        ({"rows": CITY + "industry.steel.eaf,crude_steel,,9000,万吨\n"}, {}, "draft_net_demand"),
    ],
)  # fmt: skip
def test_each_bad_input_has_its_sentence(tmp_path: Path, more, choices, said) -> None:
    found = {}
    try:
        workspace = open_workspace(city(tmp_path / "w", **more))
        draft(workspace, account(workspace).tables, **choices)
    except FindingError as wrong:
        found = {f.check: f for f in wrong.findings}
    assert said in found or (said == "draft_stock_unit" and "unknown_unit" in found)
    for each in found.values():
        assert "{" not in each.message("zh") + each.message("en")


@pytest.mark.parametrize("rows", [
    "process,product,technology,value,unit\nsolvent.domestic,population,,310,万人\n",
    "process,product,technology,value,unit\nagriculture.fertiliser,urea,,5,万吨\n",
])  # fmt: skip
def test_keys_without_service_stand_and_are_named(tmp_path: Path, rows: str) -> None:
    workspace = open_workspace(city(tmp_path / "w", rows))
    made = draft(workspace, account(workspace).tables).tables
    said = {r["subject"]: r["sentence_zh"] for r in made["plan_note"].to_dicts()}
    assert "1 个来源" in said["draft_no_service"]
    assert made["demand"]["flow"].str.starts_with("own:").all()


def test_services_without_alternative_and_missing_drivers_are_named(tmp_path: Path) -> None:
    rows = "process,product,technology,value,unit\nindustry.cement.clinker,clinker,,410,万吨\n"
    workspace = open_workspace(city(tmp_path / "w", rows))
    made = draft(workspace, account(workspace).tables).tables
    said = {r["subject"]: r["sentence_en"] for r in made["plan_note"].to_dicts()}
    assert "1 services have no alternative" in said["draft_no_alternative"]
    assert (
        said["draft_demand"]
        == "Demand: 1 have no driver and stay as in the base year; 0 grow by their driver."
    )


def test_a_driver_moves_demand_and_says_so(tmp_path: Path) -> None:
    driver = "driver,year,value,source\nelectricity,2021,100,user\nelectricity,2035,128,user\n"
    workspace = open_workspace(city(tmp_path / "w", driver=driver))
    made = draft(workspace, account(workspace).tables).tables
    power = made["demand"].filter(pl.col("flow") == "electricity").sort("year")["value"]
    assert power[2] / power[0] == pytest.approx(1.28 / 1.08)
    came = made["plan_origin"].filter(pl.col("table") == "demand", pl.col("row").str.contains("electricity"))
    assert set(came["origin"]) == {"user"}


def test_steel_by_arc_without_any_power_is_refused_in_words(tmp_path: Path) -> None:
    rows = "process,product,technology,value,unit\nindustry.steel.eaf,crude_steel,,50,万吨\n"
    workspace = open_workspace(city(tmp_path / "w", rows))
    with pytest.raises(FindingError) as wrong:
        draft(workspace, account(workspace).tables)
    assert [f.check for f in wrong.value.findings] == ["draft_net_demand"]


def test_rows_typed_in_the_workspace_stand_in_for_drafted_ones(tmp_path: Path) -> None:
    stock = "node,technology,activity,activity_unit,source\n潍坊市,energy_power-raw_coal,9000,GWh,measured\n"
    price = "flow,direction,value,unit,source\ncoal,purchase,30000,CNY/TJ,contract\n"
    workspace = open_workspace(city(tmp_path / "w", stock=stock, price=price))
    made = draft(workspace, account(workspace).tables).tables
    power = made["stock"].filter(pl.col("technology") == "energy_power-raw_coal")
    assert power["activity"].to_list() == [9000.0]
    coal = made["price"].filter(pl.col("flow") == "coal")
    assert coal["value"].to_list() == [30000.0]
    flow = pl.col("flow") == "electricity"
    gas = made["stock"].filter(pl.col("technology") == "energy_power-natural_gas")["activity"][0]
    assert made["demand"].filter(flow)["value"][0] == pytest.approx(9000.0 + gas)
    came = made["plan_origin"].filter(pl.col("table").is_in(["price", "stock"]), pl.col("origin") == "user")
    assert came.height == 2


PARTS = {
    "night": (8, 0.80, 0.0),
    "morning": (5, 1.05, 0.25),
    "noon": (5, 1.10, 0.55),
    "evening": (6, 1.15, 0.02),
}
SEASONS = {"winter": 90, "mild": 153, "summer": 122}


def shapes() -> dict[str, str]:
    """Return the tables of a made-up load and sun in twelve slices (365 days)."""
    slices, load, sun = [], [], []
    whole = sum(days * hours * high for days in SEASONS.values() for hours, high, _ in PARTS.values())
    for season, days in SEASONS.items():
        for part, (hours, high, light) in PARTS.items():
            name = f"{season}_{part}"
            slices.append(f"{name},{days * hours},{season}")
            load.append(f"electricity,{name},{days * hours * high / whole:.15f}")
            sun += [f"{pv},{name},{light}" for pv in ("cn_pv_central", "cn_pv_distributed")]
    return {
        "slice": "slice,hours,season\n" + "\n".join(slices) + "\n",
        "demand_slice": "flow,slice,share\n" + "\n".join(load) + "\n",
        "technology_slice": "technology,slice,availability\n" + "\n".join(sun) + "\n",
    }


def test_a_city_with_its_own_load_curve_is_planned_in_twelve_slices(tmp_path: Path) -> None:
    """The sun yields nothing at night, and demand is met in each of the twelve slices."""
    target = (
        "target,quantity_kind,quantity,comparator,bound,basis,year,family\n"
        "co2,emission,CO2,at_most,0.72,share_of_base,2030,carbon\n"
    )
    workspace = open_workspace(city(tmp_path / "w", target=target, **shapes()))
    accounted = account(workspace).tables
    made = draft(workspace, accounted)
    assert made.tables["slice"].height == 12
    case, inventory, _ = prepare(made.workspace, accounted)
    plan = least_cost_plan(case, inventory.evaluate)
    assert plan.tables
    run = plan["plan_dispatch"].filter(pl.col("year") == 2030)
    dark = run.filter(pl.col("technology").str.starts_with("cn_pv"), pl.col("slice").str.ends_with("night"))
    light = run.filter(pl.col("technology").str.starts_with("cn_pv"), pl.col("slice").str.ends_with("noon"))
    assert float(dark["value"].sum()) == pytest.approx(0.0, abs=1e-6)
    assert float(light["value"].sum()) > 0.0
    power = plan["plan_slice"].filter(pl.col("year") == 2030, pl.col("flow") == "electricity")
    assert power.height == 12
    demand = made.tables["demand"].filter(pl.col("flow") == "electricity", pl.col("year") == 2030)["value"][0]
    assert float(power["demand"].sum()) == pytest.approx(demand, rel=1e-9)
    assert {"cn_pumped_storage", "cn_battery"} <= set(made.tables["storage"]["technology"])


def test_two_drafted_cities_are_one_plan_that_exchanges_power(tmp_path: Path) -> None:
    """Without a line the cost is the sum of both; with one it is no more, and each keeps its own carbon."""
    from tongyuan.pathway.case.check import case
    from tongyuan.pathway.draft.joined import joined

    small = CITY.replace("raw_coal,,320", "raw_coal,,150").replace("natural_gas,,2.5", "natural_gas,,1.2")
    plans, total, carbon = {}, 0.0, 0.0
    for name, rows in (("潍坊市", CITY), ("淄博市", small)):
        folder = city(tmp_path / name, rows)
        settings = folder / "tongyuan.toml"
        settings.write_text(SETTINGS.replace("潍坊市", name), encoding="utf-8")
        lines = (folder / "activity.csv").read_text(encoding="utf-8")
        code = {"潍坊市": "370700", "淄博市": "370300"}[name]
        (folder / "activity.csv").write_text(lines.replace("370700", code), encoding="utf-8")
        (folder / "control.csv").unlink()
        workspace = open_workspace(folder)
        accounted = account(workspace).tables
        own, inventory, _ = prepare(draft(workspace, accounted).workspace, accounted)
        alone = least_cost_plan(own, inventory.evaluate)
        total += float(alone["plan_cost"]["discounted"].sum())
        carbon += float(base_point(own)["plan_emission"].filter(pl.col("species") == "CO2")["value"].sum())
        plans[name] = own.tables

    def together(limit: float) -> tuple[float, float]:
        line = pl.DataFrame({"from_node": ["潍坊市", "淄博市"], "to_node": ["淄博市", "潍坊市"],
                             "flow": ["electricity"] * 2, "limit": [limit] * 2})  # fmt: skip
        both = case(joined(plans, line), own.settings)
        plan = least_cost_plan(both, None)
        base = base_point(both)["plan_emission"].filter(pl.col("species") == "CO2")["value"].sum()
        return float(plan["plan_cost"]["discounted"].sum()), float(base)

    apart, same = together(0.0)
    assert apart == pytest.approx(total, rel=1e-7)
    assert same == pytest.approx(carbon, rel=1e-12)
    assert together(500.0)[0] <= apart * (1 + 1e-9)
