"""The calendar: what is due by which day, from the newest results of each organisation and from notices."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import polars as pl

from tongyuan.ledger.coding import plain
from tongyuan.office.calendar import DONE, READS, empty, ics, of_run, ordered
from tongyuan.office.operation import Answer, Desk, File, Operation, Request
from tongyuan.office.operations.submission import SEES
from tongyuan.reference.shelf import Language
from tongyuan.store import work
from tongyuan.store.published import published
from tongyuan.store.record import rows
from tongyuan.store.submission import organisations

YEAR = timedelta(days=365)


class Days(Request):
    """First and last day wanted; a year ago, and no last one, when none is given."""

    first: date | None = None
    last: date | None = None
    language: Language = "zh"


def _days(desk: Desk, asked: Days) -> pl.DataFrame:
    today = datetime.now(UTC).date()
    newest = published(desk.session).unique("organisation", keep="last", maintain_order=True)
    made = [empty(), _notices(desk)]
    for row in newest.iter_rows(named=True):
        folder = desk.archive / row["place"]
        files = {name: folder / f"{name}.parquet" for name in READS}
        tables = {name: plain(pl.read_parquet(path)) for name, path in files.items() if path.is_file()}
        made.append(of_run(tables, row["organisation"]))
    days = _called(desk, ordered(pl.concat(made), today)).filter(
        pl.col("day") >= (asked.first or today - YEAR)
    )
    return days if asked.last is None else days.filter(pl.col("day") <= asked.last)


def _called(desk: Desk, days: pl.DataFrame) -> pl.DataFrame:
    """Return days that are about an enterprise with its name in place of its id."""
    if not (days["kind"] == "duty").any():
        return days
    held = rows(desk.session, "facility").select(about="facility", name="name").drop_nulls()
    named = days.join(held.unique("about", keep="last"), on="about", how="left", maintain_order="left")
    return named.with_columns(about=pl.coalesce("name", "about")).drop("name")


def _notices(desk: Desk) -> pl.DataFrame:
    found = work.notices(desk.session).filter(
        pl.col("role").is_in(sorted(desk.roles)), pl.col("due").is_not_null()
    )
    told = {
        "day": pl.col("due").str.to_date(strict=False), "kind": pl.lit("notice"),
        "title_zh": pl.col("kind"), "title_en": pl.col("kind"), "organisation": pl.col("organisation"),
        "about": pl.lit(None), "period": pl.lit(None), "state": pl.lit(None),
    }  # fmt: skip
    schema = empty().schema
    return found.select(told[name].cast(kind).alias(name) for name, kind in schema.items()).drop_nulls("day")


def _list(desk: Desk, asked: Days) -> Answer:
    return _days(desk, asked)


def _file(desk: Desk, asked: Days) -> Answer:
    days = _days(desk, asked).filter(~pl.col("state").fill_null("").is_in(DONE))
    found = organisations(desk.session).select("organisation", f"title_{asked.language}")
    content = ics(days.iter_rows(named=True), asked.language, dict(found.iter_rows()))
    return File("tongyuan.ics", content, "text/calendar; charset=utf-8")


OPERATIONS = (
    Operation("calendar.list", SEES, Days, _list, answers="rows"),
    Operation("calendar.file", SEES, Days, _file, answers="file"),
)
