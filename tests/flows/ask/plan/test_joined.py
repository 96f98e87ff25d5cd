"""Three small made-up cities, each with its own inventory, as one plan that exchanges power."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from tongyuan.flows.account.account import account
from tongyuan.flows.ask.plan.given import given
from tongyuan.flows.ask.plan.joined import join_folders, join_workspaces
from tongyuan.flows.source import open_workspace
from tongyuan.ledger.finding import FindingError
from tongyuan.ledger.table import empty
from tongyuan.pathway.ask.least_cost import least_cost
from tongyuan.pathway.problem.base import base_point

PLACES = {
    "weifang": (
        "潍坊市",
        "370700",
        "energy.power,raw_coal,320,万吨\nbuilding.residential.rural,raw_coal,22,万吨",
    ),
    "qingdao": ("青岛市", "370200", "energy.power,natural_gas,9,亿立方米\ntransport.road,diesel,41,万吨"),
    "jinan": (
        "济南市",
        "370100",
        "energy.power,raw_coal,80,万吨\nindustry.combustion,natural_gas,3,亿立方米",
    ),
}
SETTINGS = """name = "{name}"
kind = "city"
region = "{name}"
tables = ["*.csv"]

[account]
years = [2021]
draws = 0

[plan]
discount_rate = {rate}
base_year = 2021
price_year = 2025
"""
LINK = "from_node,to_node,flow,limit,unit,cost,loss\n潍坊市,青岛市,electricity,2000,GWh,10000,0.05\n"


@pytest.fixture
def folders(tmp_path: Path) -> list[Path]:
    return [_workspace(tmp_path / name, *place) for name, place in PLACES.items()]


def _workspace(folder: Path, name: str, code: str, rows: str, rate: float = 0.08) -> Path:
    folder.mkdir()
    (folder / "tongyuan.toml").write_text(SETTINGS.format(name=name, rate=rate), encoding="utf-8")
    lines = ["region,year,process,product,value,unit,source"]
    lines += [f"{code},2021,{line},made up" for line in rows.splitlines()]
    (folder / "activity.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return folder


def test_without_a_line_the_plan_is_the_sum_and_the_base_point_the_inventories(folders, tmp_path):
    answer = join_folders(folders, tmp_path / "one")
    assert [f.check for f in answer.findings if f.check.startswith("joined")] == ["joined_no_link"]
    assert answer.facts["regions"] == 3
    whole = given(tmp_path / "one").case
    assert set(whole["node"]["node"]) == {"潍坊市", "青岛市", "济南市"}
    alone = [least_cost(given(folder).case).cost for folder in folders]
    assert least_cost(whole).cost == pytest.approx(sum(alone), rel=1e-9)
    emitted = pl.concat(account(open_workspace(folder)).tables["emission"] for folder in folders)
    emitted = emitted.filter(pl.col("scope") != "avoided")
    inventory = dict(emitted.group_by("species").agg(pl.col("value").sum()).iter_rows())
    base = base_point(whole)["plan_emission"].group_by("species").agg(pl.col("value").sum())
    for species, value in base.iter_rows():
        assert value == pytest.approx(inventory[species], rel=1e-12)


def test_cheap_power_of_one_region_takes_the_place_of_dear_power_of_another(folders, tmp_path):
    """Where Qingdao needs a half more power, coal power of Weifang fills what the line carries of it."""
    (folders[1] / "driver.csv").write_text(
        "driver,year,value\nelectricity,2021,100\nelectricity,2035,150\n", encoding="utf-8"
    )
    (tmp_path / "link.csv").write_text(LINK, encoding="utf-8")
    join_folders(folders, tmp_path / "apart")
    join_folders(folders, tmp_path / "one", tmp_path / "link.csv")
    apart, one = (least_cost(given(tmp_path / name).case) for name in ("apart", "one"))
    assert one.cost < apart.cost
    sent = one["plan_link"].filter(pl.col("flow") == "electricity")
    assert 0.0 < sent["sent"].max() <= 2000.0 * (1 + 1e-9)


def test_what_cannot_be_joined_is_said_with_what_to_do(folders, tmp_path):
    def wrong(*names: Path, link: str | None = None, **more) -> str:
        file = None
        if link is not None:
            file = tmp_path / "wrong.csv"
            file.write_text(link, encoding="utf-8")
        with pytest.raises(FindingError) as error:
            join_folders(names, tmp_path / "out", file, **more)
        found = error.value.findings[0]
        assert all("{" not in found.message(lang) and found.next_step(lang) for lang in ("zh", "en"))
        return found.check

    other = _workspace(tmp_path / "dear", "烟台市", "370600", "energy.power,raw_coal,10,万吨", rate=0.05)
    twin = _workspace(tmp_path / "twin", *PLACES["jinan"])
    assert wrong(folders[0]) == "joined_few"
    assert wrong(folders[0], other) == "joined_settings"
    assert wrong(folders[2], twin) == "joined_same_node"
    assert wrong(*folders, link=LINK.replace("青岛市", "青岛")) == "joined_link"
    assert wrong(*folders, exchanged=("steam",)) == "joined_exchange"
    join_folders(folders, tmp_path / "out")
    assert wrong(*folders) == "plan_folder_taken"


def test_workspaces_are_joined_without_a_folder_too(folders):
    opened = {path.name: open_workspace(path) for path in folders[:2]}
    tables, settings, told = join_workspaces(opened, empty("link"))
    assert settings.discount_rate == 0.08
    assert {t.rpartition("@")[2] for t in tables["technology_option"]["technology"]} == {"潍坊市", "青岛市"}
    assert any(f.check == "joined_no_link" for f in told)
