from __future__ import annotations

import io
import zipfile
from dataclasses import replace
from typing import Any

import polars as pl
import pytest
from polars.testing import assert_frame_equal
from tests.office.desk import Town

import tongyuan as ty
from tongyuan.flows.ask import allocation
from tongyuan.ledger import table as ledger
from tongyuan.ledger.workspace import Workspace
from tongyuan.office.operation import File, Refused
from tongyuan.office.operations import allocation as operation
from tongyuan.office.workspace import bring
from tongyuan.store.database import writing
from tongyuan.store.scope import Scope

pytestmark = pytest.mark.parametrize("kind", ["sqlite"])


@pytest.fixture(scope="module")
def world() -> Workspace:
    given = ty.example("grid")
    placed = {
        name: frame if ledger.PLACE in frame.columns else frame.with_columns(pl.lit(name).alias(ledger.PLACE))
        for name, frame in given.tables.items()
    }
    return replace(given, tables=placed)


@pytest.fixture
def number(kind: str, made: Town, world: Workspace) -> int:
    with writing(made.office.engine, Scope.own("lin", "A")) as session:
        return bring(session, "A", world, "2021")


def test_a_submission_is_put_on_its_grid_as_the_library_does_it(
    kind: str, made: Town, world: Workspace, number: int
) -> None:
    given = allocation.allocate(world)
    for name in ("cell_emission", "allocation_balance", "model_emission", "emission_time"):
        told = made.do("lin", "allocation.cells", submission=number, table=name)
        assert isinstance(told, pl.DataFrame)
        assert_frame_equal(told, ledger.read_lists(name, given[name]))
    with pytest.raises(Refused) as refused:  # it brings no boundary
        made.do("lin", "allocation.cells", submission=number, table="boundary_cell")
    assert refused.value.status == 404


def test_files_of_a_day_come_as_one_archive(kind: str, made: Town, number: int) -> None:
    asked: dict[str, Any] = {"submission": number, "first": "2021-06-01", "last": "2021-06-01"}
    told = made.do("lin", "allocation.write", form="ff10", **asked)
    assert isinstance(told, File)
    with zipfile.ZipFile(io.BytesIO(told.content)) as archive:
        assert archive.namelist() == ["ff10_nonpoint.2021.csv"]
        assert b"37" in archive.read("ff10_nonpoint.2021.csv")
    hours = made.do("lin", "allocation.write", **asked)
    assert isinstance(hours, File)
    with zipfile.ZipFile(io.BytesIO(hours.content)) as archive:
        assert [name.endswith(".nc") for name in archive.namelist()] == [True]


def test_more_hours_than_a_request_may_take_are_refused(
    kind: str, made: Town, number: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(operation, "MOST", 1000)
    asked: dict[str, Any] = {"submission": number, "first": "2021-06-01", "last": "2021-06-30"}
    with pytest.raises(Refused) as refused:
        made.do("lin", "allocation.write", **asked)
    assert refused.value.status == 422
    assert [f.check for f in refused.value.findings] == ["hours_many"]
    asked["last"] = "2021-05-30"
    with pytest.raises(Refused) as backwards:
        made.do("lin", "allocation.write", **asked)
    assert [f.check for f in backwards.value.findings] == ["period"]
