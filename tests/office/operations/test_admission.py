from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import polars as pl
import pytest
from tests.office.desk import Town

import tongyuan as ty
from tongyuan.ledger import table as ledger
from tongyuan.office.operation import Refused
from tongyuan.office.workspace import bring
from tongyuan.store.database import writing
from tongyuan.store.scope import Scope

pytestmark = pytest.mark.parametrize("kind", ["sqlite"])

SQUARE = "POLYGON ((117.0 36.6, 117.1 36.6, 117.1 36.7, 117.0 36.7, 117.0 36.6))"
PROJECTS: dict[str, list[Any]] = {
    "project": ["J", "K"], "title": ["电炉炼钢", "印刷"], "region": ["370100"] * 2,
    "industry": ["3120", "2319"], "kind": ["new"] * 2, "capacity": [1e6, None],
    "filed": [date(2024, 1, 8)] * 2, "plan_conform": [True] * 2, "standards_met": [True] * 2,
    "longitude": [117.05, 117.02], "latitude": [36.65, 36.62], "source": ["x"] * 2,
}  # fmt: skip
ZONES = {
    "zone": ["ZH37010020001"], "title": ["城北"], "kind": ["unit"], "class": ["key_unit"],
    "county": ["370100"], "boundary": [SQUARE], "source": ["x"],
}  # fmt: skip


@pytest.fixture
def number(kind: str, made: Town) -> int:
    world = ty.workspace(
        {**ty.example("minimal").tables, "project": PROJECTS, "zone": ZONES}, region="山东省"
    )
    placed = {
        name: frame if ledger.PLACE in frame.columns else frame.with_columns(pl.lit(name).alias(ledger.PLACE))
        for name, frame in world.tables.items()
    }
    with writing(made.office.engine, Scope.own("lin", "A")) as session:
        return bring(session, "A", replace(world, tables=placed), "2021")


def test_projects_are_listed_for_those_who_see_their_submission(kind: str, made: Town, number: int) -> None:
    told = made.do("jinan", "admission.list")
    assert isinstance(told, pl.DataFrame)
    assert told.select("submission", "project", "title").rows() == [
        (number, "J", "电炉炼钢"), (number, "K", "印刷"),
    ]  # fmt: skip
    others = made.do("qingdao", "admission.list")
    assert isinstance(others, pl.DataFrame)
    assert others.is_empty()


def test_the_page_tells_every_verdict_and_draws_where_projects_lie(
    kind: str, made: Town, number: int
) -> None:
    told = made.told("lin", "admission.page", submission=number)
    screened = made.do("lin", "zoning.screen", submission=number)
    assert isinstance(screened, pl.DataFrame)
    assert {p["project"]: p["verdict"] for p in told["projects"]} == dict(
        screened.select("project", "verdict").iter_rows()
    )
    (zone,), places = told["map"]["zones"], told["map"]["projects"]
    assert zone["outline"].startswith("M")
    assert places[0]["x"] == pytest.approx(500.0)
    assert places[1]["x"] == pytest.approx(200.0)
    assert places[1]["y"] > places[0]["y"]  # further south


def test_of_one_project_only_its_own_lines_are_told(kind: str, made: Town, number: int) -> None:
    one = made.told("lin", "admission.page", submission=number, project="K", language="en")["html"]
    every = made.told("lin", "admission.page", submission=number, language="en")["html"]
    assert "电炉炼钢" not in one
    assert "印刷" in one
    assert "电炉炼钢" in every
    with pytest.raises(Refused) as refused:
        made.do("lin", "admission.page", submission=number, project="Z")
    assert refused.value.status == 404


def test_a_submission_without_projects_says_so(kind: str, made: Town) -> None:
    asked = {"organisation": "A", "kind": "year", "period": "2024"}
    empty = made.told("lin", "submission.open", **asked)["submission"]
    with pytest.raises(Refused) as refused:
        made.do("lin", "admission.page", submission=empty)
    assert refused.value.status == 422
    assert "没有建设项目" in refused.value.findings[0].message("zh")


def test_others_see_no_verdict(kind: str, made: Town, number: int) -> None:
    with pytest.raises(Refused):
        made.do("wu", "admission.page", submission=number)
