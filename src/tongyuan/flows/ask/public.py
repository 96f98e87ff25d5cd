"""A static site for the public, from a finished run: what the region emits, and pages to teach with."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from pathlib import Path

import polars as pl

from tongyuan.flows.source import open_workspace
from tongyuan.ledger.finding import Bilingual, FindingError, finding, require
from tongyuan.ledger.run_set import latest, moment, read_set
from tongyuan.ledger.settings import Settings
from tongyuan.ledger.table import PLACE
from tongyuan.reference.language import say
from tongyuan.reference.shelf import Language

ROOM = "flows"
LANGUAGES: tuple[Language, ...] = ("zh", "en")
PAGES = {"zh": ("index.html", "learn.html"), "en": ("index.en.html", "learn.en.html")}
"""Public page and page to teach with, by language."""

PLAIN = re.compile(r"1[3-9]\d{9}|\d{17}[\dXx]|[\w.]+@[\w.]+")
"""A mobile number, the number of an identity card, an address."""

TABLES = ("summary", "target_status", "public_statistic")
"""What of a run is shown; nothing else of it is."""

BROUGHT = ("disclosure", "public_feedback", "public_behaviour")
"""What of a workspace is shown."""


def build(path: Path, output: Path, today: date | None = None) -> tuple[Path, ...]:
    """Write the site of the workspace at `path` into `output`; return its pages.

    Parameters
    ----------
    today
        What is dated later is not shown; the present day (that of ``SOURCE_DATE_EPOCH``) when None.

    Raises
    ------
    FindingError
        If there is no run or no inventory, the workspace is a single enterprise, the folder holds other
        files, a date is turned, or an answer holds the number or address of a person.
    """
    workspace = open_workspace(path)
    settings = workspace.settings
    require([finding(ROOM, "public_enterprise")] if settings.kind == "enterprise" else [])
    inside = latest(path)
    require([finding(ROOM, "no_results", path=path)] if inside is None else [])
    assert inside is not None
    made = read_set(inside)[0]
    tables = {name: made[name] for name in TABLES if name in made}
    for name in BROUGHT:
        if name in workspace.tables:
            tables[name] = workspace.tables[name].drop(PLACE, strict=False)
    require(
        [finding(ROOM, "public_nothing", path=path)]
        if tables.get("summary", pl.DataFrame()).is_empty()
        else []
    )
    _looked(tables, today or moment().date())
    if output.exists() and (not output.is_dir() or _strange(output)):
        raise FindingError([finding(ROOM, "public_taken", path=output)])
    output.mkdir(parents=True, exist_ok=True)
    return _write(tables, settings, output, today or moment().date())


def _strange(output: Path) -> bool:
    """Return whether a folder holds what is no page of such a site."""
    ours = {name for pages in PAGES.values() for name in pages}
    return any(p.name not in ours for p in output.iterdir())


def _looked(tables: Mapping[str, pl.DataFrame], today: date) -> None:
    feedback = tables.get("public_feedback")
    if feedback is None:
        return
    wrong = []
    for row in feedback.iter_rows(named=True):
        if row["told"] and PLAIN.search(row["told"]):
            wrong.append(finding(ROOM, "public_plain", feedback=row["feedback"]))
        if row["closed"] is not None and row["closed"] < row["received"]:
            wrong.append(finding(ROOM, "public_turned", feedback=row["feedback"], day=row["closed"]))
        if row["received"] > today or (row["closed"] is not None and row["closed"] > today):
            wrong.append(finding(ROOM, "public_future", feedback=row["feedback"], day=today))
        if (row["outcome"] == "in_hand") != (row["closed"] is None):
            wrong.append(finding(ROOM, "public_outcome", feedback=row["feedback"]))
    require(wrong)


def _write(
    tables: Mapping[str, pl.DataFrame], settings: Settings, output: Path, today: date
) -> tuple[Path, ...]:
    from tongyuan.report.html.document import write_html
    from tongyuan.report.public import learn, page

    written = []
    region = Bilingual.titled("region", settings.region_id) if settings.region_id else None
    for language, other in (LANGUAGES, LANGUAGES[::-1]):
        front, lesson = PAGES[language]
        name = getattr(region, language) if region else settings.title(language)
        head = say(page.ROOM, "page_title", language, name=name)
        made = page.sections(tables, language, today, lesson)
        shown = {"summary": tables["summary"]}
        written.append(write_html(shown, output / front, language, title=head, sections=made,
                                  alternate=PAGES[other][0]))  # fmt: skip
        head = say(page.ROOM, "learn_page_title", language, name=name)
        taught = learn.sections(tables, language, front)
        written.append(write_html(shown, output / lesson, language, title=head, sections=taught,
                                  alternate=PAGES[other][1]))  # fmt: skip
    return tuple(written)
