"""The commands of ``cli/runs.py``."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest
from typer.testing import CliRunner

from tongyuan import cli
from tongyuan.ledger.run_set import RESULTS, new_set, run_record, sets
from tongyuan.ledger.write.write import write_parquet

runner = CliRunner()


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("TONGYUAN_LANGUAGE", "en")
    monkeypatch.setenv("COLUMNS", "160")
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1700000000")
    tables = {"emission": pl.DataFrame({"value": [1.0]})}
    for _ in range(4):
        with new_set(tmp_path / RESULTS) as draft:
            write_parquet(tables, draft.folder)
            draft.seal(run_record({"seed": 7}, {}, tables, steps=["account", "assess"]))
    return tmp_path


def invoke(*words: str) -> tuple[int, str]:
    done = runner.invoke(cli.application(), ["runs", *words])
    return done.exit_code, done.output


def test_runs_are_listed_with_their_state(folder: Path) -> None:
    (folder / RESULTS / "20231114-221320-2" / "emission.parquet").unlink()
    code, text = invoke("list", str(folder))
    assert code == 0
    assert text.count("not whole") == 1
    assert text.count("newest") == 1
    assert text.count("Accounting every species, assess") == 4


def test_a_record_is_shown(folder: Path) -> None:
    for words in (("show", str(folder)), ("show", str(folder), "20231114-221320-3")):
        code, text = invoke(*words)
        assert code == 0
        assert "settings.seed = 7" in text
    assert invoke("show", str(folder), "19990101-000000")[0] == 2


def test_old_runs_go_when_told(folder: Path) -> None:
    assert invoke("remove", str(folder), "20231114-221320-2")[0] == 0
    assert "1 runs removed, 2 kept" in invoke("keep", str(folder), "2")[1]
    assert [p.name for p in sets(folder / RESULTS)] == ["20231114-221320-3", "20231114-221320-4"]
    assert invoke("remove", str(folder), "nothing")[0] == 2


def test_without_results_it_says_so(tmp_path: Path) -> None:
    for words in (("list", str(tmp_path)), ("keep", str(tmp_path), "1"), ("show", str(tmp_path))):
        assert invoke(*words)[0] == 2
