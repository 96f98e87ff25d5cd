"""What an enterprise owes by which day: returns, reports, records and surrender, by the law of the period."""

from __future__ import annotations

import calendar
from collections.abc import Iterable, Mapping
from datetime import date, timedelta

import polars as pl

from tongyuan.reference.shelf import shelf

LISTED = ("power", "steel", "cement", "aluminium")
HOLDS = ("key", "simplified")
"""Classes of permit with execution reports."""


def periods(each: str, year: int) -> list[tuple[str, date]]:
    """Return the periods of `year` with their last day: months, quarters, the year.

    ``year_before`` is the year with the last day of the one before it: what is due ahead of its year.

    Raises
    ------
    ValueError
        If `each` is none of these.

    Examples
    --------
    >>> periods("quarter", 2026)[0]
    ('2026Q1', datetime.date(2026, 3, 31))
    """
    ends = [date(year, m, calendar.monthrange(year, m)[1]) for m in range(1, 13)]
    if each == "month":
        return [(f"{end:%Y-%m}", end) for end in ends]
    if each == "quarter":
        return [(f"{year}Q{q + 1}", ends[3 * q + 2]) for q in range(4)]
    if each == "year":
        return [(str(year), ends[-1])]
    if each == "year_before":
        return [(str(year), date(year - 1, 1, 1))]
    raise ValueError(f"periods are month, quarter, year or year_before, not {each!r}")


def due(end: date, days: str, day: str) -> date:
    """Return the last day: so many days after a period, or a day of the year after it.

    Examples
    --------
    >>> due(date(2026, 3, 31), "15", ""), due(date(2025, 12, 31), "", "03-31")
    (datetime.date(2026, 4, 15), datetime.date(2026, 3, 31))
    """
    if days:
        return end + timedelta(int(days))
    month, number = (int(part) for part in day.split("-"))
    return date(end.year + (end.month == 12), month, number)


def owes(applies: str, who: Mapping[str, object]) -> bool:
    """Return whether a duty applies to an enterprise (a row of table ``facility``)."""
    sector = str(who.get("ets_sector") or "")
    return {
        "everyone": True,
        "permit": who.get("permit_class") in HOLDS,
        "listed": sector in LISTED,
        "other_sector": sector == "other_sector",
        "disclosing": bool(who.get("key_unit")),
    }[applies]


def duties(
    facilities: pl.DataFrame, reports: pl.DataFrame, years: Iterable[int], *, unverified: bool = False
) -> pl.DataFrame:
    """Return every duty of every enterprise for the periods of `years`, in the order of its day.

    Parameters
    ----------
    facilities
        Table ``facility``. A listed enterprise owes from the year it is listed (`ets_from`).
    reports
        Table ``month_report``: what was submitted, and when.
    years
        Years whose periods are looked at.
    unverified
        Whether a duty that was not read in print is listed.

    Returns
    -------
    DataFrame
        `facility, duty, period, due_day, title_zh, title_en, source, locator, submitted` and `state`:
        ``on_time``, ``late``, or ``not_filed`` where nothing says that it was done. A rule holds for the
        periods that begin while it is in force.
    """
    done: dict[tuple[str, str, str], date] = {}
    for row in reports.filter(pl.col("submitted").is_not_null()).to_dicts():
        for period in _named(str(row["kind"]), str(row["month"])):
            key = (str(row["facility"]), str(row["kind"]), period)
            done[key] = min(done.get(key, date.max), row["submitted"].date())
    rows = []
    rules = shelf("duty").to_dicts()
    for who in facilities.to_dicts():
        for rule in rules:
            if (rule["status"] == "unverified" and not unverified) or not owes(rule["applies"], who):
                continue
            for year in sorted(set(years)):
                if rule["applies"] == "listed" and year < int(who.get("ets_from") or 0):
                    continue
                for period, end in periods(rule["each"], year):
                    begin = _begin(period)
                    if begin < rule["valid_from"] or (rule["valid_to"] and begin > rule["valid_to"]):
                        continue
                    last = due(end, rule["due_days"], rule["due_day"])
                    submitted = done.get((str(who["facility"]), rule["report_kind"], period))
                    state = "not_filed" if submitted is None else "on_time" if submitted <= last else "late"
                    rows.append(
                        {
                            "facility": who["facility"], "duty": rule["duty"], "period": period,
                            "due_day": last,
                            **{n: rule[n] for n in ("title_zh", "title_en", "source", "locator")},
                            "submitted": submitted, "state": state,
                        }
                    )  # fmt: skip
    made = pl.DataFrame(rows, schema=COLUMNS, orient="row")
    return made.sort("due_day", "facility", "duty", maintain_order=True)


COLUMNS = {
    "facility": pl.String(), "duty": pl.String(), "period": pl.String(), "due_day": pl.Date(),
    "title_zh": pl.String(), "title_en": pl.String(), "source": pl.String(), "locator": pl.String(),
    "submitted": pl.Date(), "state": pl.String(),
}  # fmt: skip


def _begin(period: str) -> str:
    """Return the first month of a period: ``2026Q2`` → ``2026-04``, ``2026`` → ``2026-01``."""
    year, _, quarter = period.partition("Q")
    return f"{year}-{3 * int(quarter) - 2:02d}" if quarter else period if "-" in period else f"{period}-01"


def _named(kind: str, month: str) -> tuple[str, ...]:
    """Return the period that a report of `kind` handed in for `month` stands for."""
    if kind.startswith("quarter"):
        return (f"{month[:4]}Q{(int(month[5:7]) + 2) // 3}",)
    return (month[:4],) if kind.startswith("year") else (month,)
