from __future__ import annotations

import io
import zipfile
from dataclasses import replace
from datetime import date
from typing import Any

import polars as pl
import pytest
from tests.office.desk import Town

import tongyuan as ty
from tongyuan.ledger import table as ledger
from tongyuan.office.operation import File, Refused
from tongyuan.office.workspace import bring
from tongyuan.store.database import writing
from tongyuan.store.scope import Scope

pytestmark = pytest.mark.parametrize("kind", ["sqlite"])


@pytest.fixture
def number(kind: str, made: Town) -> int:
    works: dict[str, list[Any]] = {
        "project": ["J"], "region": ["370100"], "industry": ["3120"], "kind": ["new"], "capacity": [1e6],
        "filed": [date(2024, 1, 8)], "plan_conform": [True], "standards_met": [True], "source": ["made up"],
    }  # fmt: skip
    world = ty.workspace({**ty.example("minimal").tables, "project": works}, region="山东省")
    placed = {
        name: frame if ledger.PLACE in frame.columns else frame.with_columns(pl.lit(name).alias(ledger.PLACE))
        for name, frame in world.tables.items()
    }
    with writing(made.office.engine, Scope.own("lin", "A")) as session:
        return bring(session, "A", replace(world, tables=placed), "2021")


def test_the_projects_of_a_submission_get_verdicts(kind: str, made: Town, number: int) -> None:
    told = made.do("lin", "zoning.screen", submission=number)
    assert isinstance(told, pl.DataFrame)
    assert told["verdict"].to_list() == ["refused"]
    rules = made.do("lin", "zoning.screen", submission=number, table="verdict_rule")
    assert "KR-ban" in rules["rule"].to_list()
    with pytest.raises(Refused):
        made.do("lin", "zoning.screen", submission=number, table="exit_rank")


def test_who_reviews_energy(kind: str, made: Town) -> None:
    asked = {"energy": 600_000.0, "coal": 0.0, "day": "2026-01-01"}
    assert made.do("lin", "zoning.review", **asked)["body"].to_list() == ["province"]
    assert made.do("lin", "zoning.review", **asked, key_field=True)["body"].to_list() == ["nation"]


def test_the_carbon_chapter_of_a_project_goes_out_as_word(kind: str, made: Town, number: int) -> None:
    told = made.do("lin", "zoning.carbon", submission=number, project="J", language="en")
    assert isinstance(told, File)
    assert told.name.endswith("J.en.docx")
    assert "word/document.xml" in zipfile.ZipFile(io.BytesIO(told.content)).namelist()
    with pytest.raises(Refused, match="J99"):
        made.do("lin", "zoning.carbon", submission=number, project="J99")
