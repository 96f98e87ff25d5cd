"""One reader of observed figures, with one policy for doubles, part years, units and unverified ones.

What a figure is called stands once, on shelf ``figure``; index systems of one's own may name others.

- A whole year counts; a part of a year does not, and is named.
- A revised figure goes before the one first published.
- Of several figures for one year those of the best confidence count; when these differ, the year is a gap
  and is named, with its place.
- A figure in a unit that does not convert is left out and named, with its place.
- An unverified figure acts only when it is asked for.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import polars as pl

from tongyuan.ledger.finding import Bilingual, Finding, finding
from tongyuan.ledger.table import PLACE
from tongyuan.reference import units
from tongyuan.reference.shelf import fold, shelf

KEY = ("region", "year")
SCHEMA = {
    "region": pl.String,
    "year": pl.Int64,
    "column": pl.String,
    "value": pl.Float64,
    "error": pl.Float64,
    "status": pl.String,
    "source": pl.String,
    "place": pl.String,
}
UNVERIFIED = "unverified"
RANK = {"read": 0, "secondary": 1, "derived": 2, UNVERIFIED: 3}
"""Confidence of an observation, best first; one that is not said ranks with ``secondary``."""
STATUS = {"derived": "derived", UNVERIFIED: UNVERIFIED}
"""Status of a figure by the confidence it was observed with; all else is secondary."""
SAME = 1e-9
"""Relative difference up to which two figures are one."""


@dataclass(frozen=True)
class Figure:
    """What is looked for: names, those that revise it, and the unit wanted (empty: that of the first row)."""

    names: tuple[str, ...]
    unit: str = ""
    revised: tuple[str, ...] = ()
    title_zh: str = ""
    title_en: str = ""

    @property
    def title(self) -> Bilingual:
        """Its title, the first name where it has none."""
        return Bilingual(self.title_zh or self.names[0], self.title_en or self.names[0])


def known() -> tuple[str, ...]:
    """Return the ids on shelf ``figure``."""
    return tuple(shelf("figure")["figure"])


def named(name: str, unit: str = "") -> Figure:
    """Return the figure on the shelf with this id or one of these names, in `unit`; else one of that name."""
    wanted = fold(name)
    for row in shelf("figure").iter_rows(named=True):
        names, revised = (tuple(filter(None, row[c].split("|"))) for c in ("names", "revised"))
        if wanted in {row["figure"], *(fold(n) for n in (*names, *revised))}:
            return Figure(names, unit or row["unit"], revised, row["title_zh"], row["title_en"])
    return Figure((name,), unit, (f"{name}（修订）", f"{name} (revised)"))


def figures(
    observation: pl.DataFrame, wanted: Mapping[str, Figure], *, include_unverified: bool = False
) -> tuple[pl.DataFrame, list[Finding]]:
    """Return whole-year figures from table ``observation``, one for each column, region and year.

    Parameters
    ----------
    observation
        Table ``observation``, with or without the places of its rows.
    wanted
        Column → what is looked for.
    include_unverified
        Whether figures of confidence ``unverified`` act.

    Returns
    -------
    frame : DataFrame
        ``region, year, column, value [unit wanted], error, status, source, place``; `error` is 0, for an
        observation has no standard error.
    findings : list of Finding
    """
    rows = _prepared(observation)
    parts, found = [pl.DataFrame(schema=SCHEMA)], []
    for column, figure in wanted.items():
        made, told = _one(rows, figure, include_unverified)
        found += told
        parts.append(made.with_columns(pl.lit(column).alias("column")).select(*SCHEMA))
    return pl.concat(parts), found


def unit_of(observation: pl.DataFrame, figure: Figure) -> str:
    """Return the unit that `figure` is read in: its own, else that of its first row."""
    rows = _chosen(_prepared(observation), figure)
    return figure.unit or (str(rows["unit"][0]) if rows.height else "")


def _prepared(observation: pl.DataFrame) -> pl.DataFrame:
    optional = {"confidence": pl.String, "source": pl.String, PLACE: pl.String}
    absent = [pl.lit(None, dtype=t).alias(c) for c, t in optional.items() if c not in observation.columns]
    return observation.with_columns(*absent).select(
        "region",
        pl.col("period").cast(pl.String),
        pl.col("indicator").map_elements(fold, return_dtype=pl.String).alias("name"),
        pl.col("value").cast(pl.Float64),
        "unit",
        "source",
        pl.col("confidence").cast(pl.String),
        pl.col(PLACE).alias("place"),
    )


def _chosen(rows: pl.DataFrame, figure: Figure) -> pl.DataFrame:
    """Return the rows of a figure with a value, and whether they revise it."""
    first, revised = ({fold(n) for n in names} for names in (figure.names, figure.revised))
    mine = rows.filter(pl.col("name").is_in(list(first | revised)) & pl.col("value").is_not_null())
    return mine.with_columns((~pl.col("name").is_in(list(revised))).cast(pl.Int64).alias("older"))


def _one(rows: pl.DataFrame, figure: Figure, include_unverified: bool) -> tuple[pl.DataFrame, list[Finding]]:
    mine, found = _chosen(rows, figure), []
    title = figure.title
    whole = mine.filter(pl.col("period").str.contains(r"^\d{4}$"))
    if whole.height < mine.height:
        found.append(finding("ledger", "figure_part_year", count=mine.height - whole.height, figure=title))
    doubtful = pl.col("confidence").fill_null("") == UNVERIFIED
    if not include_unverified and (count := whole.filter(doubtful).height):
        found.append(finding("ledger", "figure_unverified", count=count, figure=title))
        whole = whole.filter(~doubtful)
    wanted = figure.unit or (str(whole["unit"][0]) if whole.height else "")
    scales: dict[str, float] = {}
    for unit in whole["unit"].unique(maintain_order=True).drop_nulls().to_list():
        try:
            scales[unit] = 1.0 if unit == wanted else units.factor(unit, wanted)
        except units.UnitError:
            row = whole.filter(pl.col("unit") == unit).row(0, named=True)
            found.append(_at(row, "figure_unit", figure=title, given=unit, wanted=wanted))
    fit = whole.filter(pl.col("unit").is_in(list(scales))).with_columns(
        pl.col("period").cast(pl.Int64).alias("year"),
        pl.col("value") * pl.col("unit").replace_strict(scales, return_dtype=pl.Float64, default=None),
        pl.col("confidence")
        .cast(pl.String)
        .replace_strict(RANK, default=1, return_dtype=pl.Int64)
        .alias("rank"),
    )
    for order in ("older", "rank"):
        fit = fit.filter(pl.col(order) == pl.col(order).min().over(KEY))
    spread = (pl.col("value").max() - pl.col("value").min()).over(KEY)
    largest = pl.col("value").abs().max().over(KEY)
    double = fit.filter(spread > SAME * largest)
    for row in double.unique(KEY, keep="last", maintain_order=True).iter_rows(named=True):
        found.append(_at(row, "figure_double", figure=title, region=row["region"], year=row["year"]))
    kept = fit.join(double, on=KEY, how="anti").unique(KEY, keep="first", maintain_order=True)
    status = (
        pl.col("confidence")
        .cast(pl.String)
        .replace_strict(STATUS, default="secondary", return_dtype=pl.String)
    )
    return kept.with_columns(pl.lit(0.0).alias("error"), status.alias("status")), found


def _at(row: Mapping[str, Any], check: str, **values: Any) -> Finding:
    """Return a finding at the place of a row, where it is known."""
    made = finding("ledger", check, **values)
    file, _, rest = (row["place"] or "").partition("|")
    sheet, _, line = rest.partition("|")
    return replace(made, file=file, sheet=sheet, row=int(line) if line.isdigit() else None)
