"""The typed examples of the documentation, each on a small drafted city: what is typed acts."""

from __future__ import annotations

import re
from pathlib import Path

import polars as pl
import pytest

from tongyuan.flows.account.account import account
from tongyuan.flows.ask.plan.draft import draft
from tongyuan.flows.plan.plan import least_cost_plan, prepare
from tongyuan.flows.source import open_workspace
from tongyuan.pathway.example import typed
from tongyuan.pathway.plan import Plan
from tongyuan.pathway.problem.base import base_point

DOCS = Path(__file__).parents[2] / "docs" / "pathway.md"
EXAMPLES = dict(re.findall(r"```text\n# (\w+)\n(.*?)```", DOCS.read_text(encoding="utf-8"), re.DOTALL))
ROWS = """energy.power,raw_coal,320,万吨
industry.steel.blast_furnace,coke,55,万吨
industry.cement.clinker,clinker,410,万吨
transport.road,gasoline,38,万吨
transport.road,diesel,41,万吨"""
SETTINGS = """name = "某市"
kind = "city"
region = "潍坊市"
tables = ["*.csv"]
[account]
years = [2021]
draws = 0
[plan]
discount_rate = 0.08
base_year = 2021
price_year = 2025
"""
PARTS = {
    "night": (8, 0.8, 0.0),
    "morning": (5, 1.05, 0.25),
    "noon": (5, 1.1, 0.55),
    "evening": (6, 1.15, 0.05),
}


def planned(folder: Path, tables: dict[str, pl.DataFrame], without: tuple[str, ...] = ()) -> Plan:
    """Draft and solve the city with typed tables; the base point is that of the inventory."""
    folder.mkdir()
    rows = [f"370700,2021,{line},made up" for line in ROWS.splitlines()]
    head = "region,year,process,product,value,unit,source"
    (folder / "activity.csv").write_text("\n".join([head, *rows]) + "\n", encoding="utf-8")
    for name, frame in tables.items():
        if name not in without:
            frame.write_csv(folder / f"{name}.csv")
    (folder / "tongyuan.toml").write_text(SETTINGS, encoding="utf-8")
    workspace = open_workspace(folder)
    accounted = account(workspace).tables
    made = draft(workspace, accounted)
    case, inventory, _ = prepare(made.workspace, accounted)
    whole = accounted["emission"].filter(pl.col("scope") != "avoided", pl.col("species") == "CO2")
    base = base_point(case)["plan_emission"].filter(pl.col("species") == "CO2")["value"].sum()
    assert base == pytest.approx(whole["value"].sum(), rel=1e-12)
    plan = least_cost_plan(case, inventory.evaluate)
    assert plan.tables
    return plan


def used(plan: Plan, technology: str, year: int) -> float:
    rows = plan["plan_activity"].filter(pl.col("technology") == technology, pl.col("year") == year)
    return float(rows["value"].sum())


def test_every_example_of_the_page_is_run() -> None:
    assert set(EXAMPLES) == {"scrap", "clinker", "lorries", "load"}


def test_scrap_beyond_the_first_step_comes_from_the_dearer_one(tmp_path) -> None:
    """200,000 t of arc steel take scrap beyond the 150,000 t of the first step."""
    plan = planned(tmp_path / "w", typed(EXAMPLES["scrap"]))
    steel = used(plan, "cn_steel_eaf-crude_steel", 2030)
    assert steel == pytest.approx(200_000.0, rel=1e-6)
    bought = plan["plan_flow"].filter(pl.col("flow") == "steel_scrap", pl.col("year") == 2030)
    assert float(bought["purchase"].sum()) == pytest.approx(150_000.0, rel=1e-6)
    taken = float(bought["consumption"].sum())
    assert used(plan, "scrap_far", 2030) == pytest.approx(taken - 150_000.0, rel=1e-6)
    assert taken > 200_000.0


def test_the_clinker_ratio_takes_the_blend_that_it_needs(tmp_path) -> None:
    """0.7 − 0.15 × share = 0.65: a third of the cement is blended, and the kiln makes less by as much."""
    plan = planned(tmp_path / "w", typed(EXAMPLES["clinker"]))
    whole = 5_857_142.0
    assert used(plan, "cement_blend", 2030) == pytest.approx(whole / 3.0, rel=1e-6)
    assert used(plan, "industry_cement_clinker-clinker", 2030) == pytest.approx(0.65 * whole, rel=1e-6)
    assert used(plan, "industry_cement_clinker-clinker", 2025) == pytest.approx(0.7 * whole, rel=1e-6)


def test_vehicles_stand_for_their_life_and_are_then_replaced(tmp_path) -> None:
    """Lorries of 2012 are gone in 2030, those of 2018 in 2035; before, all of them stand."""
    plan = planned(tmp_path / "w", typed(EXAMPLES["lorries"]))
    stands = plan["plan_capacity"].filter(pl.col("technology") == "transport_road-diesel")
    left = dict(stands.group_by("year").agg((pl.col("capacity") + pl.col("retired")).sum()).iter_rows())
    assert left[2025] == pytest.approx(16_000.0)
    assert left[2030] == pytest.approx(12_000.0)
    assert left.get(2035, 0.0) == pytest.approx(0.0)
    assert used(plan, "electric_lorry", 2035) > 0.0


def test_a_load_that_may_move_goes_where_the_sun_is(tmp_path) -> None:
    """Against the same cars with a fixed profile the plan costs no more, and charges more at noon."""
    tables = typed(EXAMPLES["load"])
    slices, load, sun = [], [], []
    whole = sum(365 * hours * high for hours, high, _ in PARTS.values())
    for part, (hours, high, light) in PARTS.items():
        slices.append({"slice": part, "hours": 365.0 * hours, "season": "year"})
        load.append({"flow": "electricity", "slice": part, "share": 365 * hours * high / whole})
        sun.append({"technology": "cn_pv_distributed", "slice": part, "availability": light})
    shapes = {"slice": pl.DataFrame(slices), "demand_slice": pl.DataFrame(load)}
    car = "eu_battery_electric_passenger_cars-car_motion"

    def solved(name: str, option: pl.DataFrame, more: pl.DataFrame) -> Plan:
        shaped = {**shapes, "technology_option": option,
                  "technology_slice": pl.concat([pl.DataFrame(sun), more], how="diagonal")}  # fmt: skip
        return planned(tmp_path / name, shaped)

    moves = solved("moves", tables["technology_option"], tables["technology_slice"])
    fixed = tables["technology_option"].with_columns(operation=pl.lit("profile")).drop("flexible_share")
    stays = solved("stays", fixed, tables["technology_slice"].clear())
    assert moves.cost <= stays.cost * (1 + 1e-9)

    def noon(plan: Plan) -> float:
        run = plan["plan_dispatch"].filter(pl.col("technology") == car, pl.col("year") == 2035)
        total = float(run["value"].sum())
        return float(run.filter(pl.col("slice") == "noon")["value"].sum()) / total

    assert noon(stays) == pytest.approx(5.0 / 24.0, rel=1e-6)
    assert noon(moves) <= 0.4 * (1 + 1e-6)
    assert noon(moves) != pytest.approx(noon(stays), rel=1e-3)
