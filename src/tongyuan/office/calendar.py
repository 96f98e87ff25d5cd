"""Days by which something is due, and the same as a file that calendars of other programs read (RFC 5545)."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime
from typing import Any

import polars as pl

from tongyuan.reference.shelf import Language

COLUMNS = {
    "day": pl.Date, "kind": pl.String, "title_zh": pl.String, "title_en": pl.String,
    "organisation": pl.String, "about": pl.String, "period": pl.String, "state": pl.String,
}  # fmt: skip
"""Columns of the days: which, of what kind, what is due, whose, about what, of what period, how it stands."""

DONE = ("on_time", "late", "done")
"""States of what has been handed in or done."""


def of_run(tables: Mapping[str, pl.DataFrame], organisation: str) -> pl.DataFrame:
    """Return the days that the tables of a run name: duties, tasks of a programme and their milestones.

    Parameters
    ----------
    tables
        Those of ``duty``, ``task`` and ``milestone`` that there are.
    organisation
        Whose run it is.
    """
    made = [_of(name, tables[name], organisation) for name in READS if name in tables and tables[name].height]
    return pl.concat(made) if made else empty()


def _of(name: str, frame: pl.DataFrame, organisation: str) -> pl.DataFrame:
    parts = {"kind": pl.lit(name), "organisation": pl.lit(organisation), **READS[name]}
    return frame.select(
        parts[column].cast(kind).alias(column) for column, kind in COLUMNS.items()
    ).drop_nulls("day")


def _end_of(year: str) -> pl.Expr:
    return pl.date(pl.col(year), 12, 31)


READS: dict[str, dict[str, pl.Expr]] = {
    "duty": {
        "day": pl.col("due_day"), "title_zh": pl.col("title_zh"), "title_en": pl.col("title_en"),
        "about": pl.col("facility"), "period": pl.col("period"), "state": pl.col("state"),
    },
    "task": {
        "day": _end_of("deadline"), "title_zh": pl.col("text_zh"), "title_en": pl.col("text_en"),
        "about": pl.col("task"), "period": pl.col("deadline").cast(pl.String), "state": pl.lit(None),
    },
    "milestone": {
        "day": _end_of("due"), "title_zh": pl.col("text"), "title_en": pl.col("text"),
        "about": pl.col("task"), "period": pl.col("due").cast(pl.String),
        "state": pl.when(pl.col("done")).then(pl.lit("done")),
    },
}  # fmt: skip
"""How each column of the days is read from a table of a run; a year is due on its last day."""


def empty() -> pl.DataFrame:
    """Return no days."""
    return pl.DataFrame(schema=COLUMNS)


def ordered(days: pl.DataFrame, today: date) -> pl.DataFrame:
    """Return days in order; what was due before `today` without a record that it was done is ``passed``."""
    late = (pl.col("day") < today) & ~pl.col("state").fill_null("").is_in(DONE)
    state = pl.when(late).then(pl.lit("passed")).otherwise(pl.col("state"))
    return days.with_columns(state.alias("state")).sort("day", "organisation", "about", "title_zh")


def ics(days: Iterable[Mapping[str, Any]], language: Language, called: Mapping[str, str]) -> bytes:
    """Return days as a calendar, an event of a whole day for each.

    Parameters
    ----------
    called
        What organisations are called.
    """
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//tongyuan//calendar//ZH", "CALSCALE:GREGORIAN"]
    stamp = datetime.now(UTC).strftime("%Y%m%dT%H%M%SZ")
    for row in days:
        told = "|".join(
            str(row[name]) for name in ("day", "kind", "title_zh", "organisation", "about", "period")
        )
        whose = called.get(row["organisation"], row["organisation"])
        title = row[f"title_{language}"] or row["title_zh"]
        about = " · ".join(str(part) for part in (whose, row["about"], row["period"]) if part)
        lines += [
            "BEGIN:VEVENT", f"UID:{hashlib.sha256(told.encode()).hexdigest()[:32]}@tongyuan",
            f"DTSTAMP:{stamp}", f"DTSTART;VALUE=DATE:{row['day']:%Y%m%d}",
            f"SUMMARY:{_escaped(title)}", f"DESCRIPTION:{_escaped(about)}", "TRANSP:TRANSPARENT",
            "END:VEVENT",
        ]  # fmt: skip
    lines.append("END:VCALENDAR")
    return "".join(f"{part}\r\n" for line in lines for part in _folded(line)).encode()


def _escaped(text: str) -> str:
    for sign, told in (("\\", "\\\\"), (";", "\\;"), (",", "\\,"), ("\r", ""), ("\n", "\\n")):
        text = text.replace(sign, told)
    return text


def _folded(line: str) -> list[str]:
    """Return a line in pieces of at most 75 bytes, each after the first behind a blank; no sign is cut."""
    pieces, piece = [], ""
    for sign in line:
        if len((piece + sign).encode()) > 75:
            pieces.append(piece)
            piece = " "
        piece += sign
    return [*pieces, piece]
