from __future__ import annotations

import shutil
from importlib.resources import files
from pathlib import Path
from typing import Annotated

import polars as pl
import pytest
import typer
from typer.testing import CliRunner

from tongyuan.cli.plan.plan import app
from tongyuan.cli.plan.source import command, read_source, without_dust
from tongyuan.ledger.finding import FindingError

RUN = CliRunner()


def test_missing_tables_and_bad_rows_are_findings_with_their_place(steelworks, tmp_path):
    with pytest.raises(FindingError) as caught:
        read_source(tmp_path, discount_rate=0.05)
    assert "cli_no_plan_tables" in {f.check for f in caught.value.findings}
    bad = tmp_path / "bad"
    shutil.copytree(steelworks, bad)
    text = (bad / "target.csv").read_text().replace(",NOx,", ",N0x,")
    (bad / "target.csv").write_text(text)
    with pytest.raises(FindingError) as caught:
        read_source(bad, discount_rate=0.05)
    found = next(f for f in caught.value.findings if f.check == "unknown_species")
    assert (found.file, found.row) == ("target.csv", 2)


def test_the_discount_rate_has_no_default_but_a_file_may_give_it(steelworks, tmp_path):
    result = RUN.invoke(app, ["check", str(steelworks)])
    assert result.exit_code == 2
    assert "plan.toml" in result.output
    folder = tmp_path / "plan"
    shutil.copytree(steelworks, folder)
    (folder / "plan.toml").write_text("discount_rate = 0.08\n")
    assert read_source(folder).case.settings.discount_rate == 0.08
    assert read_source(folder, discount_rate=0.03, base_year=None).case.settings.discount_rate == 0.03


def test_a_workspace_without_a_plan_is_drafted_and_says_so():
    source = files("tongyuan.ledger") / "examples" / "minimal"
    given = read_source(Path(str(source)), discount_rate=0.05)
    checks = [f.check for f in given.findings]
    assert "plan_drafted" in checks
    assert "draft_rate" not in checks
    assert given.case.settings.discount_rate == 0.05


def test_a_place_that_is_not_there_is_wrong_usage(tmp_path):
    with pytest.raises(FileNotFoundError):
        read_source(tmp_path / "nowhere", discount_rate=0.05)


def test_options_are_said_once_and_reach_the_function(steelworks):
    own = typer.Typer()
    seen = {}

    @command(own, "look")
    def look(given, level: Annotated[float, typer.Option(help="level")] = 0.5):
        """Look at it."""
        seen.update(rate=given.case.settings.discount_rate, level=level)

    result = RUN.invoke(own, [str(steelworks), "-r", "0.07", "--level", "0.9"], catch_exceptions=False)
    assert result.exit_code == 0
    assert seen == {"rate": 0.07, "level": 0.9}


def test_dust_is_not_shown():
    frame = pl.DataFrame({"by": ["a", "a", "b"], "value": [1e6, 1e-9, 1e-9]})
    assert without_dust(frame, "by")["value"].to_list() == [1e6, 0.0, 1e-9]
