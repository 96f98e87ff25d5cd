"""The index behind a score in words, and its tables: scores, ranks, indicators, what is missing."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import polars as pl

from tongyuan.reference.language import catalogue, say
from tongyuan.reference.shelf import Language
from tongyuan.report.base.block import Column, TableBlock
from tongyuan.report.base.format import number, percent
from tongyuan.report.base.label import table_column, title
from tongyuan.report.base.totals import Tables, rows

CRITERION, INDICATOR = "criterion", "indicator"


def unit_words(unit: str, language: Language) -> str:
    """Return a unit of an index in words: every part of a quotient that has a word, the rest as it is."""
    if unit == "fraction":
        return "%"
    known = catalogue("report")
    parts = [known.get(f"unit.{part}") for part in unit.split("/")]
    return "/".join(row[language] if row else own for row, own in zip(parts, unit.split("/"), strict=True))


def _shown(value: float | None, unit: str) -> str:
    return number(None if value is None else value * (100 if unit == "fraction" else 1))


class Index:
    """The index of the tables in words: titles of its nodes, its status, its indicators in order."""

    def __init__(self, tables: Tables, language: Language) -> None:
        frame = rows(tables, "index_system")
        self.rows = frame.to_dicts()
        self.language: Language = language
        self.titles = {(row["level"], row["node"]): row[f"title_{language}"] for row in self.rows}
        own = [row for row in self.rows if row["level"] == "index"]
        self.id = own[0]["node"] if own else ""
        self.status = (own[0]["status"] or "") if own else ""

    def title(self, level: str, node: str) -> str:
        """Return the title of a node, or its id where the table has none."""
        return str(self.titles.get((level, node), node))

    def indicators(self) -> list[dict[str, Any]]:
        """Return the rows of the indicators, in the order of the index."""
        return [row for row in self.rows if row["level"] == INDICATOR]

    def columns(self, names: Iterable[str]) -> str:
        """Return the columns that an indicator lacks, in words."""
        joint = "、" if self.language == "zh" else ", "
        words = [
            say("report.synergy", "score.no_base", self.language) if n == "base" else self.title("column", n)
            for n in names
        ]
        return joint.join(words)


def region_title(region: str, language: Language) -> str:
    """Return the name of a region, or its own where it is on no shelf."""
    return title("region", region, language)


def score_table(tables: Tables, index: Index, language: Language) -> TableBlock:
    """Return the scores of index and criteria with interval and coverage."""
    names = ("region", "year", "node", "score", "lower", "upper", "coverage")
    numeric = ("score", "lower", "upper", "coverage")
    heads = tuple(Column(table_column("score", n, language), numeric=n in numeric) for n in names)
    frame = rows(tables, "score").sort("region", "year", maintain_order=True)
    lines = [
        [
            region_title(row["region"], language),
            str(row["year"]),
            index.title(row["level"], row["node"]),
            *(number(row[c], places=2) for c in ("score", "lower", "upper")),
            percent(row["coverage"], 2),
        ]
        for row in frame.iter_rows(named=True)
    ]
    strong = frozenset(k for k, level in enumerate(frame["level"]) if level == "index")
    return TableBlock(
        say("report.synergy", "figure.score", language), heads, lines, strong=strong, folded=True
    )


def rank_table(frame: pl.DataFrame, language: Language) -> TableBlock:
    """Return ranks with their bands, every year, best first."""
    names = ("year", "region", "rank", "lower", "median", "upper", "top")
    heads = tuple(Column(table_column("rank_band", n, language), numeric=n != "region") for n in names)
    lines = [
        [
            str(row["year"]),
            region_title(row["region"], language),
            *(str(row[c]) for c in ("rank", "lower", "median", "upper")),
            percent(row["top"], 2),
        ]
        for row in frame.sort(["year", "rank"], descending=[True, False]).iter_rows(named=True)
    ]
    return TableBlock(say("report.synergy", "score.rank_table", language), heads, lines, folded=True)


def indicator_table(tables: Tables, index: Index, language: Language) -> TableBlock:
    """Return every indicator with a figure: value, interval, value on the scale 0–1, weight."""
    names = ("region", "year", "indicator", "value", "lower", "upper", "unit", "normalised", "weight")
    numeric = ("value", "lower", "upper", "normalised", "weight")
    source = {"normalised": "score_influence", "weight": "score_influence"}
    heads = tuple(
        Column(table_column(source.get(n, "indicator_value"), n, language), numeric=n in numeric)
        for n in names
    )
    keys = ["region", "year", "indicator"]
    normal = rows(tables, "score_influence").select(*keys, "normalised", "weight")
    frame = rows(tables, "indicator_value").filter(pl.col("value").is_not_null())
    joined = frame.join(normal, on=keys, how="left", maintain_order="left")
    lines = []
    for row in joined.iter_rows(named=True):
        exact = row["lower"] is None or row["lower"] == row["upper"]
        limits = [None, None] if exact else [row["lower"], row["upper"]]
        lines.append(
            [
                region_title(row["region"], language),
                str(row["year"]),
                index.title(INDICATOR, row["indicator"]),
                *(_shown(v, row["unit"]) for v in (row["value"], *limits)),
                unit_words(row["unit"], language),
                number(row["normalised"], places=2),
                percent(row["weight"], 2),
            ]
        )
    return TableBlock(
        say("report.synergy", "score.indicators", language),
        heads,
        lines,
        note=say("report.synergy", "score.indicators_note", language),
        folded=len(lines) > 20,
    )


def missing_table(tables: Tables, index: Index, language: Language) -> TableBlock | None:
    """Return which indicators had no data, where, and which figures they lack; None when none is missing."""
    frame = rows(tables, "indicator_value").filter(pl.col("value").is_null())
    if frame.is_empty():
        return None
    cases = rows(tables, "indicator_value").select("region", "year").n_unique()
    many = rows(tables, "score")["region"].n_unique() > 1
    heads = tuple(
        Column(say("report.synergy", f"score.missing_{c}", language), numeric=c == "weight")
        for c in ("criterion", "indicator", "weight", "where", "what")
    )
    lines = []
    for entry in index.indicators():
        part = frame.filter(pl.col("indicator") == entry["node"])
        if part.is_empty():
            continue
        lacking = set(part["missing"].explode().drop_nulls())
        where = (
            say("report.synergy", "score.missing_count", language, count=part.height, total=cases)
            if many
            else ("、" if language == "zh" else ", ").join(map(str, sorted(part["year"].unique())))
        )
        lines.append(
            [
                index.title(CRITERION, entry["parent"]),
                index.title(INDICATOR, entry["node"]),
                percent(entry["weight"], 2),
                where,
                index.columns(sorted(lacking)),
            ]
        )
    note = say("report.synergy", "score.missing_note", language)
    return TableBlock(say("report.synergy", "score.missing", language), heads, lines, note=note)
