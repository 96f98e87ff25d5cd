"""``demo`` and ``init`` never write over a file of the user."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.cases.test_case_rel_11_disk_full import command
from tests.ledger.test_example import bytes_of

OWN = 'name = "own"\nkind = "province"\nregion = "370000"\n'


@pytest.mark.parametrize("own", ["tongyuan.toml", "tables/活动水平.xlsx", "plan/target.csv", "README.md"])
def test_an_example_does_not_go_over_an_own_file(own: str, tmp_path: Path) -> None:
    (tmp_path / own).parent.mkdir(exist_ok=True)
    (tmp_path / own).write_text(OWN, encoding="utf-8")
    before = bytes_of(tmp_path)
    done = command("demo", ".", "--world", "province", cwd=tmp_path)
    assert done.returncode == 1
    assert "nothing was" in " ".join((done.stdout + done.stderr).split())
    assert bytes_of(tmp_path) == before


def test_init_does_not_go_over_own_tables(tmp_path: Path) -> None:
    from tongyuan.ledger.workspace import init

    made = init(tmp_path / "w", "city", name="a", region="济南市")
    made.write_text("mine")
    (tmp_path / "w" / "tongyuan.toml").unlink()
    assert init(tmp_path / "w", "city", name="a", region="济南市") == made
    assert made.read_text() == "mine"
