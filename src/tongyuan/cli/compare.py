"""``tongyuan compare``: the inventory of a workspace beside published totals, each ratio with its reason."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from tongyuan.cli.door import offer


def register(app: typer.Typer) -> None:
    """Add the command to the door."""
    offer(app)(compare)


def compare(folder: Annotated[Path, typer.Argument(help="compare_folder")] = Path(".")) -> None:
    """Set the inventory beside published totals: ratios and why."""
    import polars as pl

    from tongyuan.cli.show import give_rows, print_frame, terminal
    from tongyuan.flows.ask.results import compare as ask
    from tongyuan.ledger.workspace import load
    from tongyuan.reference.language import preferred_language, say
    from tongyuan.reference.shelf import shelf, title
    from tongyuan.reference.units import text

    language = preferred_language()
    console = terminal()
    rows = ask(load(folder))["comparison"]
    if give_rows({"comparison": rows}):
        return
    if rows.is_empty():
        console.print(say("cli", "compare_nothing", language))
        return
    columns = ["region", "year", "species", "computed", "published", "unit", "ratio"]
    named = {name: say("cli", f"compare_{name}", language) for name in columns}
    unit = pl.col("unit").map_elements(lambda u: text(u, language), return_dtype=pl.String)
    species = pl.col("species").map_elements(lambda s: title("species", s, language), return_dtype=pl.String)
    region = pl.col("region").map_elements(lambda r: title("region", r, language), return_dtype=pl.String)
    print_frame(rows.select(columns).with_columns(unit, region, species), console, named)
    cited = dict(shelf("source").select("id", "title").iter_rows())
    colon = "：" if language == "zh" else ": "
    for row in rows.iter_rows(named=True):
        whose, why = title("species", row["species"], language), row[f"explanation_{language}"]
        told = f"{whose} {row['year']} · {row['boundary']}{colon}{why}"
        origin = cited.get(row["source"], row["source"])
        console.print(f"{told} [{origin}]", markup=False, highlight=False)
