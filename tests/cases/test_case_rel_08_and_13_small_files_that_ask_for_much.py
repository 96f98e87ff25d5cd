"""Far cells, large grids and large promises: seen in a process that may use little memory."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from textwrap import dedent

import polars as pl
import pytest
from tests.cases.test_case_rel_22_marks_of_another_writer import TOP, row
from tests.ledger.read.test_workbook import made

LIMITED = """
    import resource, sys
    from pathlib import Path
    from tongyuan.ledger.read.read import read
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    reading = read(Path(sys.argv[1]), unique=False)
    used = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
    rows = sum(frame.height for frame in reading.tables.values())
    print(used < 500, rows, *sorted({f.check for f in reading.findings}))
"""


def limited(path: Path) -> str:
    """Read a file in a process of its own; return whether little memory was used, rows and checks."""
    done = subprocess.run(
        [sys.executable, "-c", dedent(LIMITED), str(path)],
        capture_output=True,
        text=True,
        timeout=120,
        check=True,
    )
    return done.stdout.strip()


@pytest.mark.parametrize("cell", ["XFD99999", "L9999999", "ZZZ2", "E1048577"])
def test_an_address_that_does_not_fit_its_row(cell: str, tmp_path: Path) -> None:
    spoilt = row(2).replace('r="E2"', f'r="{cell}"')
    assert limited(made(tmp_path, TOP + spoilt)) == "True 0 cell_out_of_row"


def test_a_forgotten_cell_at_the_end_of_every_sheet(tmp_path: Path) -> None:
    far = '<row r="1048576"><c r="AB1048576"><v>1</v></c></row>'
    names = ("activity", "activity 2", "activity 3")
    book = made(tmp_path, TOP + row(2) + far, names=names)
    assert limited(book) == "True 3 unnamed_column"


def test_a_diagonal_of_cells(tmp_path: Path) -> None:
    cells = "".join(f'<row r="{n * 9}"><c r="{_column(n)}{n * 9}"><v>1</v></c></row>' for n in range(1, 900))
    assert limited(made(tmp_path, TOP + row(2) + cells, names=tuple(f"活动水平{i}" for i in range(60)))) == (
        "True 0 too_many_cells"
    )


def _column(index: int) -> str:
    from tongyuan.ledger.read.sheet import letter

    return letter(index)


def test_five_million_equal_rows_in_a_small_file(tmp_path: Path) -> None:
    path = tmp_path / "activity.parquet"
    keys = {"region": "济南市", "process": "energy.power", "product": "bituminous"}
    given = keys | {"year": 2021, "value": 1.0, "unit": "t"}
    pl.DataFrame(given).select(pl.all().repeat_by(5_000_000).explode()).write_parquet(path)
    assert path.stat().st_size < 400_000
    assert limited(path) == "True 0 parquet_bomb"
