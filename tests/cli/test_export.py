"""The commands of ``tongyuan export``."""

import json
from pathlib import Path

import pytest
from tests.flows.ask.test_export import ran
from tests.inventory.exchange.test_line import ROWS, emission
from typer.testing import CliRunner

from tongyuan.cli.export import app

RUN = CliRunner()


@pytest.mark.parametrize("name", ["iamc", "crt", "nfr", "city"])
def test_every_form_is_written(name: str, tmp_path: Path) -> None:
    place = ran(tmp_path / "w", emission(*ROWS))
    told = RUN.invoke(app, [name, str(place), "-o", str(tmp_path / "x.csv")], catch_exceptions=False)
    assert told.exit_code == 0, told.output
    assert "x.csv" in told.output
    assert (tmp_path / "x.csv").stat().st_size > 200
    said = RUN.invoke(app, [name, str(place), "-o", str(tmp_path / "x.csv"), "--json"])
    assert json.loads(said.output)["rows"] > 5
