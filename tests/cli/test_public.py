"""The command of ``tongyuan public``."""

from pathlib import Path

from tests.flows.ask.plan.test_joined import PLACES, _workspace
from typer.testing import CliRunner

from tongyuan.cli import application
from tongyuan.flows.run import run

RUN = CliRunner()


def test_a_site_is_written(tmp_path: Path) -> None:
    folder = _workspace(tmp_path / "qingdao", *PLACES["qingdao"])
    words = ["public", "build", str(folder), str(tmp_path / "site"), "--date", "2025-06-05"]
    assert RUN.invoke(application(), words).exit_code == 2
    run(folder, only=("account",))
    told = RUN.invoke(application(), words, catch_exceptions=False)
    assert told.exit_code == 0, told.output
    assert "index.en.html" in told.output.replace("\n", "")
    assert len(list((tmp_path / "site").iterdir())) == 4
