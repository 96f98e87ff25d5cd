"""Values as people read them, and as they are: every number on a page keeps all of its digits."""

from __future__ import annotations

import json
import math
import re
from datetime import date, datetime
from functools import cache
from typing import Any
from urllib.parse import quote

from markupsafe import Markup, escape

from tongyuan.ledger import table as ledger
from tongyuan.ledger.finding import finding
from tongyuan.office.operation import operations
from tongyuan.office.role import roles
from tongyuan.reference.language import catalogue
from tongyuan.reference.shelf import Language
from tongyuan.reference.told import findings
from tongyuan.report.base.label import title

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
    if size >= 15 or size < -3:
        mantissa, _, power = f"{value:.4e}".partition("e")
        return f"{float(mantissa):g}×10{str(int(power)).translate(RAISED)}"
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
    if name in TOLD and text.startswith("{"):
        return told(text, language)
    if name == "address" and text.startswith("/"):
        return Markup('<a href="{}">{}</a>').format(text, word("open", language))
    if name == "boundary" and len(text) > SHORT:
        return Markup('<span title="{}">{}…</span>').format(text, text[:SHORT])
    if MOMENT.fullmatch(text):
        return Markup('<time datetime="{}">{} UTC</time>').format(text, text[:16].replace("T", " "))
    return quoted(worded(text, name, language), language)


SHELVES = ("process", "product", "technology", "control", "species", "region")
"""Columns of ids that stand on a shelf; a table of the ledger comes with their titles already."""

RAISED = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")
"""Digits of a power of ten."""

TOLD = ("content", "answer")
"""Columns whose text is values by name, as JSON."""

SHORT = 24
"""Signs of an outline that a cell shows; the whole stands behind it."""

LONGEST = 300
"""Most signs of one such value that are shown."""


def told(text: str, language: Language) -> Markup:
    """Return values by name as people read them; findings as their sentences."""
    content = json.loads(text)
    if not isinstance(content, dict):
        return quoted(text, language)
    if content.get("silent"):
        return quoted(finding("office", "job_silent").message(language), language)
    parts = [quoted(one.message(language), language) for one in findings(content.get("findings", ()))]
    for name, value in content.items():
        if name == "findings" or value in (None, "", [], {}):
            continue
        title = column_title(name, language)
        title = word(f"field.{name}", language, name) if title == name else title
        if name in TOLD and isinstance(value, str) and value.startswith("{"):
            parts.append(told(value, language))
            continue
        shown = _shown(value, name, language)
        if name == "run":
            made = Markup('<a href="/run/{}">{}</a>').format(quote(shown, safe=""), shown)
        else:
            made = quoted(shown, language)
        parts.append(Markup("{}{}{}").format(title, "：" if language == "zh" else ": ", made))
    return Markup("<br>").join(parts) or Markup('<span class="none">–</span>')


def _shown(value: Any, name: str, language: Language) -> str:
    """Return one of the values that a JSON text holds."""
    if isinstance(value, list) and all(isinstance(one, str) for one in value):
        return ("、" if language == "zh" else ", ").join(column_title(one, language) for one in value)
    if isinstance(value, bool):
        return word("yes" if value else "no", language)
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    if MOMENT.fullmatch(text):
        return f"{text[:16].replace('T', ' ')} UTC"
    return worded(text, name, language)[:LONGEST]


def quoted(text: str, language: Language) -> Markup:
    """Return escaped text; marked as Chinese where it is Chinese on an English page."""
    if language == "en" and CJK.search(text):
        return Markup('<span lang="zh-Hans">{}</span>').format(text)
    return escape(text)


def worded(text: str, name: str, language: Language) -> str:
    """Return what a code of the office is called: a state, a role, an operation, a kind."""
    if name in SHELVES:
        named = title(name, text, language)
        return text if named == text else f"{named} ({text})" if language == "en" else f"{named}（{text}）"
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
