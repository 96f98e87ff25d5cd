"""Runs of several regions in an archive as one, and what passes between them."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest
from tests.flows.ask.plan.test_joined import PLACES, _workspace
from tests.office.desk import Town

from tongyuan.flows.run import run
from tongyuan.office.operation import Refused
from tongyuan.office.operator import bring_folder

QUIET = '\n[report]\nlanguages = ["en"]\nannex = false\n'


@pytest.fixture(scope="module")
def folders(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    root = tmp_path_factory.mktemp("cities")
    made = [_workspace(root / name, *place) for name, place in list(PLACES.items())[:2]]
    target = "target,family,quantity_kind,quantity,comparator,bound,basis,year\n"
    target += "c,carbon,emission,CO2,at_most,0.9,share_of_base,2030\n"
    for folder in made:
        (folder / "target.csv").write_text(target, "utf-8")
        settings = folder / "tongyuan.toml"
        settings.write_text(settings.read_text("utf-8") + QUIET, "utf-8")
        run(folder, only=("account",))
    exchange = "送出地区,受入地区,年份,送电量,送出地电力因子,来源\n潍坊市,青岛市,2021,100,0.9,made up\n"
    (made[1] / "power_exchange.csv").write_text(exchange, "utf-8")
    return made


def asked(made: Town, person: str, name: str, **more: object) -> pl.DataFrame:
    told = made.do(person, name, **more)
    assert isinstance(told, pl.DataFrame)
    return told


def test_runs_of_two_cities_are_one_region_to_a_bureau_alone(made: Town, folders: list[Path]) -> None:
    brought = [
        bring_folder(made.office, folder, who) for folder, who in zip(folders, ("P", "B"), strict=True)
    ]
    runs = [one.runs[0] for one in brought]
    balance = asked(made, "province", "region.sum", runs=runs)
    parts = asked(made, "province", "region.sum", runs=runs, table="region_part")
    whole = balance.filter(pl.col("species") == "SO2", pl.col("sector").is_null())["parts"].item()
    assert whole == pytest.approx(parts.filter(pl.col("species") == "SO2")["value"].sum(), rel=1e-12)
    assert asked(made, "province", "region.overlap", runs=runs).is_empty()
    for name in ("region.sum", "region.overlap"):
        with pytest.raises(Refused, match=r"twice|两次"):
            asked(made, "province", name, runs=[runs[0], runs[0]])
    power = {"submission": brought[1].submission, "table": "region_power"}
    passed = asked(made, "province", "region.transfer", runs=runs, **power)
    assert passed["carbon_received"].sum() == pytest.approx(900.0)
    for person in ("lin", "jinan", "qingdao"):
        with pytest.raises(Refused) as refused:
            asked(made, person, "region.sum", runs=runs)
        assert refused.value.status in (403, 404)
    numbers = [one.submission for one in brought]
    with pytest.raises(Refused, match="NOx"):
        asked(made, "province", "region.share", submissions=numbers, pool=["NOx"])
    with pytest.raises(Refused):
        asked(made, "province", "region.share", submissions=[*numbers, 99_999], pool=["CO2"])
    told = asked(made, "province", "region.share", submissions=numbers, pool=["CO2"])
    size = told["alone"].abs().sum()
    assert told["saving"].sum() >= -1e-6 * size
    assert told["payment"].sum() == pytest.approx(0, abs=1e-6 * size)
