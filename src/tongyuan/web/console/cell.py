"""Values as people read them, and as they are: every number on a page keeps all of its digits."""

from __future__ import annotations

import json
import math
import re
from datetime import date, datetime
from functools import cache
from typing import Any

from markupsafe import Markup, escape

from tongyuan.ledger import table as ledger
from tongyuan.office.operation import operations
from tongyuan.office.role import roles
from tongyuan.reference.language import catalogue
from tongyuan.reference.shelf import Language

PLAIN = ("year", "row", "job", "version", "submission", "number", "proposal", "grant", "_line", "notice")
"""Columns of numbers that count nothing: they are written without separators."""

MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?\+00:00")
CJK = re.compile(r"[\u3400-\u9fff]")


def word(key: str, language: Language, default: str | None = None) -> str:
    """Return a word of the console; `default`, or the key itself, where there is none."""
    found = catalogue("web").get(key)
    return found[language] if found else key if default is None else default


def column_title(name: str, language: Language, table: str = "") -> str:
    """Return what a column is called: in its table of the ledger, else in the console."""
    own = word(f"column.{name}", language, "")
    if table in ledger.names():
        for column in ledger.table(table).columns:
            if column.name == name:
                title = column.title_en if language == "en" else column.title_zh
                return f"{title} ({column.unit})" if column.unit else title
    return own or _anywhere(language).get(name, name)


@cache
def _anywhere(language: Language) -> dict[str, str]:
    """Return titles of columns that some table of the ledger has."""
    found: dict[str, str] = {}
    for name in ledger.names():
        for column in ledger.table(name).columns:
            found.setdefault(column.name, column.title_en if language == "en" else column.title_zh)
    return found


def figure(value: float) -> str:
    """Return a number as it is read: five significant digits, separators, no needless zeros."""
    if value == 0 or not math.isfinite(value):
        return "0" if value == 0 else "–"
    size = math.floor(math.log10(abs(value)))
    if size >= 15 or size < -6:
        return f"{value:.4e}"
    text = f"{value:,.{max(0, 4 - size)}f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def cell(value: Any, name: str, language: Language) -> Markup:
    """Return a value of column `name` as HTML; a number with all its digits beside what is shown."""
    if value is None or value == "" or value == []:
        return Markup('<span class="none">–</span>')
    if isinstance(value, bool):
        return escape(word("yes" if value else "no", language))
    if isinstance(value, int | float):
        shown = str(value) if name in PLAIN else figure(value) if isinstance(value, float) else f"{value:,}"
        return Markup('<data value="{}" title="{}">{}</data>').format(json.dumps(value), repr(value), shown)
    if isinstance(value, datetime | date):
        return Markup('<time datetime="{0}">{1}</time>').format(value.isoformat(), str(value))
    if isinstance(value, list):
        return quoted(
            "、".join(map(str, value)) if language == "zh" else ", ".join(map(str, value)), language
        )
    text = str(value)
    if MOMENT.fullmatch(text):
        return Markup('<time datetime="{}">{} UTC</time>').format(text, text[:16].replace("T", " "))
    return quoted(worded(text, name, language), language)


def quoted(text: str, language: Language) -> Markup:
    """Return escaped text; marked as Chinese where it is Chinese on an English page."""
    if language == "en" and CJK.search(text):
        return Markup('<span lang="zh-Hans">{}</span>').format(text)
    return escape(text)


def worded(text: str, name: str, language: Language) -> str:
    """Return what a code of the office is called: a state, a role, an operation, a kind."""
    if name == "role" and text in roles():
        return getattr(roles()[text].title, language)  # type: ignore[no-any-return]
    if name == "act" and text in operations():
        return getattr(operations()[text].title, language)  # type: ignore[no-any-return]
    if name == "table" and text in ledger.names():
        definition = ledger.table(text)
        return definition.title_en if language == "en" else definition.title_zh
    if name in ("state", "kind", "severity", "stage", "decision", "act", "fault"):
        return word(f"{name}.{text}", language, text)
    return text
