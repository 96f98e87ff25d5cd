"""What a user may type beside a draft: each wrong input its sentence, and what is missing its note."""

from __future__ import annotations

from pathlib import Path

import pytest

from tongyuan.flows.account.account import account
from tongyuan.flows.ask.plan.draft import Drafted, draft
from tongyuan.flows.plan.plan import prepare
from tongyuan.flows.source import open_workspace
from tongyuan.ledger.finding import FindingError

ROWS = """energy.power,raw_coal,320,万吨
building.residential.rural,raw_coal,22,万吨
transport.road,diesel,41,万吨
industry.cement.clinker,clinker,410,万吨
waste.landfill,municipal_waste,30,万吨"""
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
"""


def city(folder: Path, rows: str = ROWS, **more: str) -> Drafted:
    """Draft a small city with typed tables beside its activity, up to the check of its plan."""
    folder.mkdir()
    lines = [f"370700,2021,{line},made up" for line in rows.splitlines()]
    head = "region,year,process,product,value,unit,source"
    (folder / "activity.csv").write_text("\n".join([head, *lines]) + "\n", encoding="utf-8")
    for name, text in more.items():
        (folder / f"{name}.csv").write_text(text + "\n", encoding="utf-8")
    (folder / "tongyuan.toml").write_text(SETTINGS, encoding="utf-8")
    workspace = open_workspace(folder)
    accounted = account(workspace).tables
    made = draft(workspace, accounted)
    prepare(made.workspace, accounted)
    return made


PRICE = "flow,direction,value,unit\n"
DEMAND = "node,flow,year,value,unit\n"
STOCK = "node,technology,activity,activity_unit,capacity,capacity_unit\n"
DRIVER = "driver,year,value\n"
EVERY = "\n".join(f"潍坊市,{{}},{year},{{}},{{}}" for year in (2025, 2030, 2035))


@pytest.mark.parametrize(
    ("typed", "check"),
    [
        ({"price": PRICE + "coal,purchase,-30,CNY/GJ"}, "price_negative"),
        ({"price": PRICE + "coal,purchase,30,CNY/m2"}, "unit_unfit"),
        ({"price": PRICE + "steam,purchase,30,CNY/GJ"}, "unknown_name"),
        ({"demand": DEMAND + EVERY.format(*["electricity", "-5000", "GWh"] * 3)}, "demand_negative"),
        ({"demand": DEMAND + EVERY.format(*["electricity", "5000", "t"] * 3)}, "unit_unfit"),
        ({"demand": DEMAND + EVERY.format(*["hydrogen", "5000", "t"] * 3)}, "unknown_name"),
        ({"demand": DEMAND + "潍坊市,electricity,2027,5000,GWh"}, "year_outside"),
        ({"demand": DEMAND + "青岛市,electricity,2025,5000,GWh"}, "unknown_name"),
        ({"stock": STOCK + "潍坊市,energy_power-raw_coal,8000,GWh,100,MW"}, "draft_stock_free"),
        ({"stock": STOCK + "潍坊市,energy_power-raw_coal,-5,GWh,,"}, "negative"),
        ({"stock": STOCK + "潍坊市,energy_power-raw_coal,5,t,,"}, "draft_stock_unit"),
        ({"driver": DRIVER + "electricity,2025,100"}, "draft_driver_base"),
        ({"driver": DRIVER + "steel,2021,1\nsteel,2035,1"}, "draft_driver_unknown"),
        ({"driver": DRIVER + "electricity,2021,1\nelectricity,2035,0"}, "draft_driver_zero"),
    ],
)
def test_what_is_wrong_is_said_with_what_to_do(tmp_path, typed, check) -> None:
    with pytest.raises(FindingError) as wrong:
        city(tmp_path / "w", **typed)
    errors = [f for f in wrong.value.findings if f.severity == "error"]
    assert check in {f.check for f in errors}
    for found in errors:
        for language in ("zh", "en"):
            assert "{" not in found.message(language)
            assert found.next_step(language)


def test_hours_that_no_year_has_are_refused_where_the_capacity_counts(tmp_path) -> None:
    option = "technology,unit,capacity,capacity_unit,availability\nenergy_power-raw_coal,GWh,tracked,MW,0.6"
    with pytest.raises(FindingError) as wrong:
        city(tmp_path / "w", technology_option=option,
             stock=STOCK + "潍坊市,energy_power-raw_coal,8000,GWh,100,MW")  # fmt: skip
    (found,) = [f for f in wrong.value.findings if f.check == "draft_stock_hours"]
    assert "80,000" in found.message("en")
    assert "0.6" in found.message("zh")


def test_what_has_no_service_no_alternative_and_no_driver_is_told(tmp_path) -> None:
    notes = {r["subject"]: r for r in city(tmp_path / "w").tables["plan_note"].to_dicts()}
    assert "生活垃圾" in notes["draft_no_service"]["sentence_zh"]
    assert "水泥熟料" in notes["draft_no_alternative"]["sentence_zh"]
    assert "0 grow" in notes["draft_demand"]["sentence_en"]
