"""Runs of made-up cities as one region: summed, summed again, planned together."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest
from tests.flows.ask.plan.test_joined import LINK, PLACES, _workspace

from tongyuan.flows.ask.plan.given import given
from tongyuan.flows.ask.region import member, share, total, transfer, twice, wanted_of
from tongyuan.flows.run import run
from tongyuan.ledger.finding import FindingError
from tongyuan.pathway.ask.least_cost import least_cost

QUIET = '\n[report]\nlanguages = ["en"]\nannex = false\n'


@pytest.fixture(scope="module")
def ran(tmp_path_factory) -> list[Path]:
    root = tmp_path_factory.mktemp("cities")
    folders = [_workspace(root / name, *place) for name, place in PLACES.items()]
    for folder in folders:
        settings = folder / "tongyuan.toml"
        settings.write_text(settings.read_text("utf-8") + QUIET, "utf-8")
        run(folder, only=("account",))
    return folders


def refused(ask) -> list[str]:
    with pytest.raises(FindingError) as told:
        ask()
    return [f.check for f in told.value.findings]


def test_runs_are_summed_and_the_sum_is_summed_again(ran, tmp_path):
    answer = total(ran, within="山东省", output=tmp_path / "two")
    assert answer.facts == {"members": 3, "years": [2021]}
    assert [f.check for f in answer.findings] == ["absent"]
    whole = member(tmp_path / "two")
    emitted = sum(member(f).tables["emission"].filter(pl.col("scope") == "direct", pl.col("species") == "SO2")
                  ["value"].sum() for f in ran)  # fmt: skip
    table = answer["region_balance"].filter(pl.col("species") == "SO2", pl.col("sector").is_null())
    assert table["parts"].item() == pytest.approx(emitted, rel=1e-12)
    assert whole.tables["summary"].height == sum(member(f).tables["summary"].height for f in ran)
    other = total(ran[:2], parent=tmp_path / "two")
    assert set(other["region_balance"]["state"]) <= {"compared", "parent_only"}
    assert refused(lambda: total([*ran, tmp_path / "two"])) == ["overlap_same"] * 3
    assert twice([*ran, tmp_path / "two"])["region_overlap"]["region"].n_unique() == 3


def test_what_has_no_run_and_regions_that_are_none_are_said(ran, tmp_path):
    assert refused(lambda: total([ran[0], tmp_path])) == ["no_results"]
    assert refused(lambda: wanted_of("济南市")) == ["no_such_region"]
    assert refused(lambda: wanted_of("Atlantis")) == ["no_such_region"]
    assert len(wanted_of("汾渭平原")) == 13
    assert len(wanted_of("jjj_surroundings")) == 38
    assert len(wanted_of("Shandong")) == 16
    assert refused(lambda: transfer(ran, ran[0])) == ["nothing_passes"]


def test_power_between_cities_by_a_table_of_one_of_them(ran):
    (ran[1] / "power_exchange.csv").write_text(
        "送出地区,受入地区,年份,送电量,送出地电力因子,来源\n潍坊市,青岛市,2021,100,0.9,made up\n", "utf-8"
    )
    try:
        made = transfer(ran, ran[1])["region_power"]
    finally:
        (ran[1] / "power_exchange.csv").unlink()
    assert made["carbon_received"].sum() == pytest.approx(900.0)


def test_a_line_between_cities_saves_and_the_saving_is_shared(ran, tmp_path):
    driver = ran[1] / "driver.csv"
    driver.write_text("driver,year,value\nelectricity,2021,100\nelectricity,2035,150\n", encoding="utf-8")
    (tmp_path / "link.csv").write_text(LINK, encoding="utf-8")
    try:
        alone = [least_cost(given(folder).case).cost for folder in ran[:2]]
        answer = share(ran[:2], tmp_path / "link.csv")
    finally:
        driver.unlink()
    made = answer["region_share"]
    assert made["alone"].to_list() == pytest.approx(alone, rel=1e-9)
    assert answer.facts["saving"] > 0
    assert made["saving"].to_list() == pytest.approx([answer.facts["saving"] / 2] * 2)
    assert made["joint"].sum() == pytest.approx(sum(alone) - answer.facts["saving"], rel=1e-9)
    assert made["payment"].sum() == pytest.approx(0, abs=1e-6 * sum(alone))
    assert (made["fair"] <= made["alone"] * (1 + 1e-12)).all()


def test_a_joint_plan_of_nothing_is_refused(ran):
    assert refused(lambda: share(ran[:2])) == ["share_nothing"]
    assert refused(lambda: share(ran[:1], pool=("CO2e",))) == ["share_count"]
    assert refused(lambda: share(ran[:2], pool=("CO2e",))) == ["pool_none"]


def test_limits_met_together_cost_no_more_than_apart(ran):
    """Two cities that keep 90 % of their base CO2: together they may choose where."""
    rows = "target,family,quantity_kind,quantity,comparator,bound,basis,year\n"
    rows += "c,carbon,emission,CO2,at_most,{b},share_of_base,2030\n"
    files = [folder / "target.csv" for folder in ran[:2]]
    for file in files:
        file.write_text(rows.format(b=0.9), "utf-8")
    try:
        made = share(ran[:2], pool=("CO2",))["region_share"]
    finally:
        for file in files:
            file.unlink()
    assert made["saving"].sum() >= -1e-6 * made["alone"].abs().sum()
    assert made["payment"].sum() == pytest.approx(0, abs=1e-6 * made["alone"].abs().sum())
