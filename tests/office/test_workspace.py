from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest
import sqlalchemy as sa
from polars.testing import assert_frame_equal
from tests.store.people import add_people

from tongyuan.flows.run import run_workspace
from tongyuan.flows.source import open_workspace
from tongyuan.ledger.coding import plain
from tongyuan.ledger.run_set import RESULTS
from tongyuan.ledger.run_set import tables_of as tables_in
from tongyuan.office.workspace import bring, bring_runs, findings_of, tables_of, workspace_of
from tongyuan.store.database import reading, writing
from tongyuan.store.published import published
from tongyuan.store.record import Change, write
from tongyuan.store.scope import Scope
from tongyuan.store.submission import head_of, open_submission

LIN = Scope.own("lin", "A")


@pytest.fixture(scope="module")
def folder(minimal_run: Path) -> Path:
    """Return the smallest example, run."""
    return minimal_run


def test_a_workspace_comes_out_as_it_went_in(engine: sa.Engine, folder: Path, tmp_path: Path) -> None:
    add_people(engine)
    workspace = open_workspace(folder)
    with writing(engine, LIN) as session:
        number = bring(session, "A", workspace, "2021")
        names = bring_runs(session, tmp_path, folder / RESULTS, number)
        assert bring_runs(session, tmp_path, folder / RESULTS, number) == []
        assert published(session)["run"].to_list() == names
        assert published(session)["version"].to_list() == [head_of(session, number).version]
    with reading(engine, LIN) as session:
        out = workspace_of(session, number)
    assert (out.settings, out.letters, out.inputs) == (
        workspace.settings,
        workspace.letters,
        workspace.inputs,
    )
    for name, frame in workspace.tables.items():
        assert_frame_equal(out.tables[name].select(frame.columns), frame, check_exact=True)


@pytest.mark.parametrize("kind", ["sqlite"])
def test_a_run_from_the_archive_is_the_run_of_the_folder_to_the_last_bit(
    kind: str, engine: sa.Engine, folder: Path, tmp_path: Path
) -> None:
    add_people(engine)
    with writing(engine, LIN) as session:
        number = bring(session, "A", open_workspace(folder), "2021")
        again = run_workspace(workspace_of(session, number), tmp_path / "again")
    made = tables_in(folder)
    assert set(again.tables) == set(made)
    for name, frame in made.items():
        assert_frame_equal(plain(again.tables[name]), frame, check_exact=True)


def test_rows_typed_in_say_which_line_they_are(engine: sa.Engine) -> None:
    add_people(engine)
    row = {"region": "370100", "year": 2025, "process": "power", "product": "raw_coal", "unit": "t"}
    with writing(engine, LIN) as session:
        number = open_submission(session, "A", kind="year", period="2025")
        typed = pl.DataFrame([row | {"value": 1.0}, row | {"value": 5.0, "year": 2099}])
        write(session, number, {"activity": Change(typed)}, based_on=1)
        assert tables_of(session, number)["activity"]["_place"].to_list() == ["activity||1", "activity||2"]
        found = findings_of(session, head_of(session, number))
    assert {f.row for f in found if f.file == "activity"} <= {1, 2}
    assert found
