"""What every table of a run of every example adds up to: ``tests/flows/data/totals.csv``.

``python tools/totals.py [WORLD …]`` writes the totals of those worlds (of all without a name) anew. A total
that changes is a change of a result: name it in ``CHANGELOG.md`` under **Behaviour change**.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

import polars as pl

from tongyuan.flows.source import Inputs, open_workspace
from tongyuan.flows.step import FLOWS, of_flows, run_steps
from tongyuan.ledger.example import copy_example, examples

FILE = Path(__file__).resolve().parent.parent / "tests" / "flows" / "data" / "totals.csv"
SCHEMA = {"world": pl.String, "table": pl.String, "column": pl.String, "rows": pl.Int64, "total": pl.Float64}


def totals(world: str, flows: tuple[str, ...] = tuple(FLOWS)) -> pl.DataFrame:
    """Return for a run of `flows` on a world the rows of every table, and what its numbers add up to.

    Returns
    -------
    DataFrame
        ``world, table, column, rows, total``: for each column of numbers the sum of its sizes, and for each
        table, in an unnamed column, its rows and how many cells are filled.
    """
    with tempfile.TemporaryDirectory() as place:
        copy_example(world, Path(place) / world)
        brought = open_workspace(Path(place) / world)
    given = Inputs(brought.settings, brought.tables, brought.texts, letters=brought.letters)
    made = run_steps(of_flows(flows), given)[0]
    rows: list[tuple[str, str, str, int, float]] = []
    for name, frame in sorted(made.items()):
        filled = sum(frame.height - series.null_count() for series in frame)
        rows.append((world, name, "", frame.height, float(filled)))
        for series in frame:
            if series.dtype.is_float():
                size = series.abs().fill_nan(None)
                rows.append((world, name, series.name, frame.height, float(size.sum() or 0.0)))
    return pl.DataFrame(rows, schema=SCHEMA, orient="row")


def write(worlds: list[str]) -> None:
    """Write the totals of `worlds` anew."""
    kept = pl.read_csv(FILE, schema=SCHEMA) if FILE.exists() else pl.DataFrame(schema=SCHEMA)
    made = [kept.filter(~pl.col("world").is_in(worlds)), *(totals(world) for world in worlds)]
    pl.concat(made).sort("world", "table", "column").write_csv(FILE)


if __name__ == "__main__":
    write(sys.argv[1:] or list(examples()))
