from __future__ import annotations

import io
import zipfile
from pathlib import Path

import polars as pl
import pytest
from polars.testing import assert_frame_equal
from tests.office.desk import Town

from tongyuan.flows.ask.results import explain, results
from tongyuan.ledger.finding import FindingError
from tongyuan.office.operation import File, Refused
from tongyuan.office.operator import bring_folder

pytestmark = pytest.mark.parametrize("kind", ["sqlite"])


@pytest.fixture(scope="module")
def folder(minimal_run: Path) -> Path:
    return minimal_run


def test_a_run_is_looked_at_as_it_stands_in_its_folder(kind: str, made: Town, folder: Path) -> None:
    (name,) = bring_folder(made.office, folder, "A").runs
    tables, letters = results(folder)
    listed = made.do("jinan", "run.tables", run=name)
    assert isinstance(listed, pl.DataFrame)
    assert dict(listed.rows()) == {n: f.height for n, f in tables.items()}
    for table, frame in tables.items():
        shown = made.do("lin", "run.table", run=name, table=table)
        assert isinstance(shown, pl.DataFrame)
        assert_frame_equal(shown, frame, check_exact=True)
    chain = made.do("lin", "run.explain", run=name, species="CO2")
    assert isinstance(chain, pl.DataFrame)
    assert_frame_equal(chain, explain(tables, "CO2", top=20, letters=letters)["explain"])
    files = made.do("lin", "run.files", run=name)
    assert isinstance(files, pl.DataFrame)
    assert "report.zh.html" in set(files["file"])
    file = made.do("lin", "run.file", run=name, file="report.zh.html")
    assert isinstance(file, File)
    assert file.media == "text/html"


@pytest.mark.parametrize(
    ("operation", "asked", "status"),
    [
        ("run.table", {"table": "nonsense"}, 404),
        ("run.table", {"table": "../../archive"}, 404),
        ("run.file", {"file": "../../../archive.db"}, 404),
        ("run.file", {"file": "/etc/passwd"}, 404),
        ("run.explain", {"species": "phlogiston"}, 422),
        ("run.explain", {"species": "CO2", "scope": "none"}, 422),
    ],
)
def test_what_is_not_of_the_run_is_not_there(
    kind: str, made: Town, folder: Path, operation: str, asked: dict[str, str], status: int
) -> None:
    (name,) = bring_folder(made.office, folder, "A").runs
    with pytest.raises(Refused) as refused:
        made.do("lin", operation, run=name, **asked)
    assert refused.value.status == status


def test_a_run_that_was_changed_on_the_disk_is_not_shown(kind: str, made: Town, folder: Path) -> None:
    (name,) = bring_folder(made.office, folder, "A").runs
    path = made.office.archive / name / "emission.parquet"
    path.write_bytes(path.read_bytes() + b" ")
    with pytest.raises(Refused) as refused:
        made.do("lin", "run.table", run=name, table="emission")
    assert refused.value.findings[0].check == "run_changed"


def test_a_run_is_handed_on_in_a_form_of_others(kind: str, made: Town, folder: Path) -> None:
    (name,) = bring_folder(made.office, folder, "A").runs
    file = made.do("lin", "run.export", run=name, form="nfr")
    assert isinstance(file, File)
    with zipfile.ZipFile(io.BytesIO(file.content)) as archive:
        assert archive.namelist() == ["nfr.csv", "nfr.left.csv"]
        assert "1A1a" in archive.read("nfr.csv").decode("utf-8-sig")
    with pytest.raises(FindingError):
        made.do("lin", "run.export", run=name, form="crt", region="北京市")
