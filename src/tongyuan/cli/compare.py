"""``tongyuan compare``: the inventory of a workspace beside published totals, each ratio with its reason."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer


def register(app: typer.Typer) -> None:
    """Add the command to the door."""
    app.command()(compare)


def compare(folder: Annotated[Path, typer.Argument(help="工作区 · Workspace")] = Path(".")) -> None:
    """与公布总量对照：比值和原因 · Set the inventory beside published totals: ratios and why."""
    import polars as pl

    from tongyuan.cli.show import print_frame, terminal
    from tongyuan.flows.account import account
    from tongyuan.ledger.workspace import load
    from tongyuan.reference.language import preferred_language, say
    from tongyuan.reference.units import text

    language = preferred_language()
    console = terminal()
    rows = account(load(folder)).tables["comparison"]
    if rows.is_empty():
        console.print(say("cli", "compare_nothing", language))
        return
    columns = ["region", "year", "species", "computed", "published", "unit", "ratio"]
    named = {name: say("cli", f"compare_{name}", language) for name in columns}
    unit = pl.col("unit").map_elements(lambda u: text(u, language), return_dtype=pl.String)
    print_frame(rows.select(columns).with_columns(unit), console, named)
    for row in rows.iter_rows(named=True):
        told = f"{row['species']} {row['year']} · {row['boundary']}：{row[f'explanation_{language}']}"
        console.print(f"{told} [{row['source']}]", markup=False, highlight=False)
