"""Questions about the results of runs: where a total comes from, why it changed, what is published."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import polars as pl

from tongyuan.flows.ask import Answer
from tongyuan.flows.source import Brought
from tongyuan.ledger.figure.lineage import explain as explain_total
from tongyuan.ledger.figure.lineage import of_scope
from tongyuan.ledger.finding import FindingError, finding
from tongyuan.ledger.run_set import latest, read_set
from tongyuan.reference.shelf import identify, shelf

Tables = Mapping[str, pl.DataFrame]
Letters = Mapping[str, Mapping[str, str]]

DUST = 1e-9
"""Share of the larger of two values below which their difference is rounding."""


def results(path: Path) -> tuple[dict[str, pl.DataFrame], Letters]:
    """Return the tables of the newest run of `path` and the letters of the columns they came from.

    Parameters
    ----------
    path
        A workspace, its results, or one set.

    Raises
    ------
    FindingError
        If there are no results, or they are not as they were written.
    """
    inside = latest(path)
    if inside is None:
        raise FindingError([finding("flows", "no_results", path=path)])
    tables, record = read_set(inside)
    letters = record.get("letters")
    return tables, letters if isinstance(letters, dict) else {}


def explain(
    tables: Tables, species: str, *, region: str | None = None, year: int | None = None,
    process: str | None = None, top: int = 10, scope: str = "direct", letters: Letters | None = None,
) -> Answer:  # fmt: skip
    """Return the chain from a total of `scope` back to factor records and cells (``explain``).

    Raises
    ------
    FindingError
        If the species or the scope is not known.
    """
    if identify("species", species) is None:
        held = ", ".join(sorted(tables["emission"]["species"].unique(), key=str.casefold))
        raise FindingError([finding("flows", "unknown_species", text=species, known=held)])
    chain = explain_total(tables, species, region, year, process, top, scope=scope, letters=letters or {})
    return Answer({"explain": chain})


def diff(before: Tables, after: Tables, species: str | None = None, scope: str = "direct") -> Answer:
    """Return why emissions differ between two results, by source (``change``) and summed (``diff``).

    Parameters
    ----------
    before, after
        Tables with ``emission`` and, to tell activity from factor, ``activity``.
    species
        Id, title or alias; all when None.
    scope
        Scope whose emissions are compared, as in :func:`explain`.

    Returns
    -------
    Answer
        ``diff`` by year, species and unit: species the reader knows best first (the order of the shelf), the
        largest change of each first; what is only rounding is left out.
    """
    from tongyuan.inventory.view import change

    old, new = (of_scope(held["emission"], scope) for held in (before, after))
    changes = change.diff(old, new, before.get("activity"), after.get("activity"))
    if species is not None:
        changes = changes.filter(pl.col("species") == (identify("species", species) or species))
    summed = change.summary(changes, by=("year", "species", "unit"))
    larger = pl.max_horizontal(pl.col("before").abs(), pl.col("after").abs())
    moved = summed.filter(pl.col("change").abs() > DUST * larger)
    effects = [
        pl.when(pl.col(c).abs() > DUST * larger).then(c).otherwise(0.0).alias(c) for c in change.EFFECTS
    ]
    return Answer({"diff": _ranked(moved.with_columns(effects)), "change": changes})


def _ranked(rows: pl.DataFrame) -> pl.DataFrame:
    """Return rows with the main species first, of each the largest change first."""
    main = shelf("main_pollutant").columns[0]
    first = list(dict.fromkeys(["CO2e", "CO2", *shelf("main_pollutant")[main]]))
    order = pl.DataFrame({"species": first, "rank": range(len(first))}, schema_overrides={"rank": pl.Int64})
    share = pl.col("change").abs() / pl.max_horizontal(pl.col("before").abs(), pl.col("after").abs())
    return (
        rows.join(order, on="species", how="left", maintain_order="left")
        .sort(
            pl.col("rank").fill_null(len(first)), -share.max().over("species"), "species",
            -pl.col("change").abs(), maintain_order=True,
        )
        .drop("rank")
    )  # fmt: skip


def compare(workspace: Brought) -> Answer:
    """Return the inventory beside published totals (``comparison``), each ratio with its reason."""
    from tongyuan.flows.account.account import account

    made = account(workspace)
    return Answer({"comparison": made.tables["comparison"]}, tuple(made.findings))


def by_region(summary: pl.DataFrame, species: str, year: int | None = None) -> pl.DataFrame:
    """Return what each region emits of a species: the sums over sectors of table ``summary``, in its order.

    Parameters
    ----------
    year
        One year, or every one.

    Returns
    -------
    pl.DataFrame
        Columns region, year, species, unit, value.
    """
    chosen = summary.filter(pl.col("species") == species)
    if year is not None:
        chosen = chosen.filter(pl.col("year") == year)
    keys = ("region", "year", "species", "unit")
    return chosen.group_by(keys, maintain_order=True).agg(pl.col("value").sum()).sort("year", "region")
