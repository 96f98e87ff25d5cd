"""Cells as people type them → values of the type a column is defined with, and findings where that fails.

Everything is done by column; only findings are looped over.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import polars as pl

from tongyuan.ledger.finding import Bilingual, Finding, finding
from tongyuan.ledger.read.cell_list import LISTS, parse_list
from tongyuan.ledger.read.lookup import Lookup, lookup
from tongyuan.ledger.read.sheet import ROW
from tongyuan.ledger.table import LIST, TYPES, Column
from tongyuan.ledger.text.number import (
    Reading,
    both_readings,
    doubtful,
    hint,
    parse_number,
    plain_numbers,
    rewritten_as,
)
from tongyuan.ledger.text.unit_text import doubts
from tongyuan.reference.language import catalogue

LISTED_MAX = 100
"""Findings of one check in one column that are listed one by one; the others are counted."""

INTEGER_MAX = 2.0**53
"""Whole numbers from here on are no longer exact."""

BLANK = ("", "-", "--", "—", "——", "–", "―", "…", "……", "/", "无", "空", "null", "none", "n/a", "na")
_DATE = (
    r"^\d{4}[-/.年]\d{1,2}[-/.月]\d{1,2}日?([ T]\d{1,2}:\d{2}(:\d{2}(\.\d+)?)?)?$|^\d{1,2}:\d{2}(:\d{2})?$"
)
_NOT_FINITE = r"^[+-]?(nan|inf|infinity|∞|1\.#inf|1\.#qnan)$"
_EXCEL_ERROR = r"^#(n/a|ref!|div/0!|value!|name\?|num!|null!|spill!|calc!)$"
CELLS_NAMED = 6
"""Cells a notice names; the others are counted."""


@dataclass
class Origin:
    """Where the cells of a column come from, and the findings made about them."""

    file: str = ""
    sheet: str = ""
    letters: Mapping[str, str] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)

    def report(
        self, check: str, column: str, rows: Iterable[int], values: Iterable[Mapping[str, Any]], count: int
    ) -> None:
        """Add one finding per row, and one that counts those beyond `LISTED_MAX`."""
        place: dict[str, Any] = {
            "file": self.file,
            "sheet": self.sheet,
            "column": self.letters.get(column, ""),
        }
        for row, words in zip(rows, values, strict=True):
            self.findings.append(finding("ledger", check, row=row, **place, **words))
        if count > LISTED_MAX:
            self.findings.append(finding("ledger", "more_like_this", **place, count=count - LISTED_MAX))

    def note(self, check: str, column: str = "", row: int | None = None, **values: Any) -> None:
        """Add one finding about a column or the sheet as a whole."""
        letters = self.letters.get(column, "")
        self.findings.append(
            finding("ledger", check, file=self.file, sheet=self.sheet, row=row, column=letters, **values)
        )


def title_of(column: Column) -> Bilingual:
    """Return the title of `column` in both languages."""
    return Bilingual(column.title_zh, column.title_en)


@dataclass
class Cells:
    """The cells of one column: definition, row numbers, text, and how its numbers are written."""

    column: Column
    rows: pl.Series
    text: pl.Series
    origin: Origin
    excused: pl.Series
    """Cells already reported (error values, formulas without result): no second finding."""
    percent: pl.Series | None = None
    """Cells whose number is a share that the sheet shows in per cent."""
    reading: Reading = "point"
    """What a comma is in the numbers of this column."""

    def bad(self, check: str, mask: pl.Series, **values: Any) -> None:
        """Report `check` for every cell where `mask` holds."""
        if not mask.any():
            return
        mask = mask.fill_null(False) & ~self.excused
        count = int(mask.sum())
        if not count:
            return
        rows = self.rows.filter(mask).head(LISTED_MAX).to_list()
        text = self.text.filter(mask).head(LISTED_MAX).to_list()
        words = [{"title": title_of(self.column), "value": _shorten(t or "")} | values for t in text]
        if check == "not_a_number":
            words = [word | {"hint": hint(t or "")} for word, t in zip(words, text, strict=True)]
        self.origin.report(check, self.column.name, rows, words, count)


def _shorten(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= 60 else text[:57] + "…"


def clean(cells: Cells) -> pl.Series:
    """Return the values of `cells` in the type of their column; report what does not fit."""
    column = cells.column
    stripped = pl.col("text").str.strip_chars(" \t\r\n\u00a0\u3000\ufeff")
    low = stripped.str.normalize("NFKC").str.strip_chars().str.to_lowercase()
    blanks = [word for word in BLANK if word not in column.choices] if column.type != "text" else [""]
    text, folded, broken, blank = (
        pl.DataFrame({"text": cells.text})
        .select(stripped, folded=low)
        .with_columns(
            broken=pl.col("folded").str.contains(_EXCEL_ERROR).fill_null(False),
            blank=pl.col("folded").is_null() | pl.col("folded").is_in(blanks),
        )
        .select("text", "folded", "broken", "blank")
        .get_columns()
    )
    text = text.alias(cells.text.name)
    if broken.any():
        cells.bad("excel_error", broken)
        cells.excused = cells.excused | broken
        text = text.set(broken, None)
    if column.required and not column.default:
        cells.bad("missing_required", blank)
    text = text.set(blank, None) if blank.any() else text
    kind = column.type
    if kind == "text":
        return _unit(cells, text, closed=False) if column.name.endswith("unit") else text
    if kind in ("reference", "choice"):
        return _named(cells, text)
    if kind in LISTS:
        return _list(cells, text)
    if kind == "unit":
        return _unit(cells, text)
    if kind == "date":
        return _date(cells, text)
    if kind == "month":
        return _month(cells, text)
    if kind == "datetime":
        return _datetime(cells, text)
    if kind == "boolean":
        return _boolean(cells, folded.set(blank, None))
    return _numeric(cells, text)


def _numeric(cells: Cells, text: pl.Series) -> pl.Series:
    column, origin = cells.column, cells.origin
    shown = column.unit == "%" and cells.percent is not None and bool(cells.percent.any())
    if column.type in ("number", "share") and cells.reading == "point" and not shown:
        plain = plain_numbers(text)
        if plain is not None:
            _bounds(cells, plain)
            return plain
    percent = text.str.contains(r"^[^%％]+[%％]$").fill_null(False)
    bare = text
    if percent.any() and (column.type == "share" or column.unit == "%"):
        bare = text.zip_with(~percent, text.str.replace(r"\s*[%％]$", ""))
    else:
        percent = percent & False
    if column.type == "year":
        bare = bare.str.replace(r"\s*年度?$", "")
    number, _ = parse_number(bare, cells.reading)
    if column.unit == "%" and cells.percent is not None:
        number = number.zip_with(~cells.percent, in_percent(number))
    if column.type == "share" and percent.any():
        number = number.zip_with(~percent, pl.Series(number.to_numpy() / 100.0))
    low = bare.str.normalize("NFKC").str.to_lowercase()
    unread = text.is_not_null() & number.is_null()
    infinite = unread & low.str.contains(_NOT_FINITE).fill_null(False) | number.is_infinite().fill_null(False)
    dated = unread & low.str.contains(_DATE).fill_null(False)
    truth = unread & low.is_in(["true", "false"])
    cells.bad("not_finite", infinite)
    number = number.set(number.is_infinite().fill_null(False), None)
    if column.type == "year":
        part = unread & low.str.contains(r"^(19|20)\d\d\D").fill_null(False) & ~truth
        cells.bad("part_year", part)
        whole = number.is_not_null() & (number == number.floor()) & (number.abs() < INTEGER_MAX)
        span = {"low": column.minimum or 1900.0, "high": column.maximum or 2100.0}
        outside = ~number.is_between(span["low"], span["high"]).fill_null(True)
        cells.bad(
            "not_a_year", (unread & ~part & ~infinite) | (number.is_not_null() & ~whole) | outside, **span
        )
        return number.set(~whole, None).cast(pl.Int64)
    cells.bad("date_in_number", dated)
    cells.bad("boolean_in_number", truth)
    rest = unread & ~infinite & ~dated & ~truth
    if cells.reading in ("unclear", "conflict"):
        rest = rest & ~tell_doubtful(bare, cells.rows, cells.reading, origin, column.name, title_of(column))
    cells.bad("not_a_number", rest)
    _bounds(cells, number)
    tell_rewritten(bare, cells.rows, cells.reading, origin, column.name, title_of(column))
    if column.type == "integer":
        whole = (number == number.floor()) & (number.abs() < INTEGER_MAX)
        cells.bad("not_an_integer", ~whole.fill_null(True))
        return number.set(~whole.fill_null(False), None).cast(pl.Int64)
    return number


def in_percent(share: pl.Series) -> pl.Series:
    """Return shares in per cent, without the dust that a multiplication by 100 leaves."""
    return (share * 100.0).round_sig_figs(15)


def tell_doubtful(
    text: pl.Series, rows: pl.Series, reading: Reading, origin: Origin, column: str, title: Bilingual
) -> pl.Series:
    """Report the cells whose comma or point has two readings in their column; return which these are."""
    mask = doubtful(text, reading)
    check = "comma_two_readings" if reading == "unclear" else "comma_conflict"
    words = []
    for value in text.filter(mask).head(LISTED_MAX).to_list():
        decimal, whole = both_readings(value)
        words.append({"title": title, "value": _shorten(value), "decimal": decimal, "whole": whole})
    origin.report(check, column, rows.filter(mask).head(LISTED_MAX).to_list(), words, int(mask.sum()))
    return mask


def tell_rewritten(
    text: pl.Series, rows: pl.Series, reading: Reading, origin: Origin, column: str, title: Bilingual
) -> None:
    """Report the numbers that had to be rewritten: by kind with their cells, doubtful blanks one by one."""
    number, _ = parse_number(text, reading)
    letters = origin.letters.get(column, "")
    for kind, mask in rewritten_as(text, reading).items():
        found = list(zip(*(s.filter(mask).to_list() for s in (rows, text, number)), strict=True))
        if kind == "blank":
            words = [{"title": title, "value": _shorten(t), "read": f"{n!r}"} for _, t, n in found]
            listed = [row for row, _, _ in found]
            origin.report("blank_in_number", column, listed[:LISTED_MAX], words[:LISTED_MAX], len(found))
            continue
        cells = ", ".join(f"{letters}{row}" for row, _, _ in found[:CELLS_NAMED])
        row, value, read = found[0]
        words_of = catalogue("ledger")[f"rewritten_{kind}"]
        origin.note(
            "number_rewritten",
            column,
            row,
            title=title,
            kind=Bilingual(words_of["zh"], words_of["en"]),
            cells=cells + (" …" if len(found) > CELLS_NAMED else ""),
            count=len(found),
            value=_shorten(value),
            read=f"{read!r}",
        )


def _bounds(cells: Cells, number: pl.Series) -> None:
    column = cells.column
    low, high = column.minimum, column.maximum
    if column.type == "share":
        cells.bad(
            "share_range", ~number.is_between(low or 0.0, 1.0 if high is None else high).fill_null(True)
        )
        return
    if low is not None:
        check, words = ("negative", {}) if low == 0 else ("below_minimum", {"limit": low})
        cells.bad(check, number < low, **words)
    if high is not None:
        cells.bad("above_maximum", number > high, limit=high)


def _named(cells: Cells, text: pl.Series) -> pl.Series:
    """Resolve names and ids through the shelves (or choices) of the column."""
    names = lookup(cells.column)
    if names is None:
        return text
    mapping = {word: names.resolve(word) for word in text.unique().drop_nulls().to_list()}
    resolved = text.replace_strict(mapping, default=None, return_dtype=pl.String)
    unknown = text.is_not_null() & resolved.is_null()
    if unknown.any():
        _unknown(cells, names, text, unknown)
    return resolved.zip_with(~unknown, text)


def _list(cells: Cells, text: pl.Series) -> pl.Series:
    """Read lists; a word that names nothing is an error at its cell."""
    names = lookup(cells.column) or Lookup((), (), "")
    words_of: dict[str, list[str]] = {}
    for cell in text.unique(maintain_order=True).drop_nulls().to_list():
        words_of[cell], unknown = parse_list(cell, cells.column)
        rows = cells.rows.filter(text == cell)
        for word in unknown:
            words = {
                "title": title_of(cells.column),
                "value": _shorten(word),
                "suggestion": names.suggest(word),
            }
            listed = rows.head(LISTED_MAX).to_list()
            cells.origin.report(
                "unknown_list_word", cells.column.name, listed, [words] * len(listed), rows.len()
            )
    return text.replace_strict(words_of, default=None, return_dtype=LIST)


def _unknown(cells: Cells, names: Lookup, text: pl.Series, unknown: pl.Series) -> None:
    rows = cells.rows.filter(unknown).head(LISTED_MAX).to_list()
    words = []
    for value in text.filter(unknown).head(LISTED_MAX).to_list():
        base = {"title": title_of(cells.column), "value": _shorten(value)}
        if names.check == "unknown_choice":
            words.append(base | {"allowed": names.allowed})
        else:
            words.append(base | {"suggestion": names.suggest(value)})
    cells.origin.report(names.check, cells.column.name, rows, words, int(unknown.sum()))


def _unit(cells: Cells, text: pl.Series, *, closed: bool = True) -> pl.Series:
    """Report what is doubtful about units; in a column that is not `closed`, words of its own may stand."""
    for word in text.unique(maintain_order=True).drop_nulls().to_list():
        for check, words in doubts(word):
            if check == "unknown_unit" and not closed:
                continue
            found = text == word
            count = int(found.sum())
            rows = cells.rows.filter(found).head(1 if check == "unit_read" else LISTED_MAX).to_list()
            said = words | {"value": _shorten(word), "count": count}
            total = 1 if check == "unit_read" else count
            cells.origin.report(check, cells.column.name, rows, [said] * len(rows), total)
    return text


def _date(cells: Cells, text: pl.Series) -> pl.Series:
    plain = text.str.normalize("NFKC").str.replace_all(r"[年月/.]", "-").str.replace(r"日?([ T].*)?$", "")
    value = plain.str.to_date("%Y-%m-%d", strict=False)
    cells.bad("not_a_date", text.is_not_null() & value.is_null())
    return value


def _month(cells: Cells, text: pl.Series) -> pl.Series:
    """Return months as ``2025-01``; a day of the month names it too.

    2025.1 is refused: it may be January, or October without its nought.
    """
    plain = text.str.normalize("NFKC").str.replace(r"[ T]\d{1,2}:\d{2}.*$", "").str.replace_all(r"\s+", "")
    plain = plain.str.replace(r"^\d{4}\.1$", "")
    plain = plain.str.replace_all(r"[年/.]", "-").str.replace(r"月?(份|度)?$", "").str.replace("月", "-")
    plain = plain.str.replace(r"日$", "").str.replace(r"^(\d{4})(\d{2})$", "${1}-${2}")
    parts = plain.str.extract_groups(r"^(\d{4})-(\d{1,2})(?:-\d{1,2})?$").struct
    year, month = (parts.field(name).cast(pl.Int64, strict=False) for name in ("1", "2"))
    right = (month.is_between(1, 12) & year.is_between(1900, 2100)).fill_null(False)
    cells.bad("not_a_month", text.is_not_null() & ~right)
    value = year.cast(pl.String) + "-" + month.cast(pl.String).str.zfill(2)
    return value.set(~right, None)


def _datetime(cells: Cells, text: pl.Series) -> pl.Series:
    """Return times of the day without zone; 24:00 is 0:00 of the next day, a date alone its first moment."""
    plain = text.str.normalize("NFKC").str.replace(r"(:\d{1,2})\.\d+$", "${1}")
    plain = plain.str.replace_all(r"[年月/.]", "-").str.replace("日", " ")
    plain = plain.str.replace("T", " ").str.replace(r"[时:]$", ":00").str.replace("时", ":")
    plain = plain.str.replace("分", ":").str.replace(r":?秒?$", "").str.strip_chars()
    plain = plain.str.replace(r"^(\d{4})(\d{2})(\d{2})(\d{2})(\d{2})(\d{2})?$", "${1}-${2}-${3} ${4}:${5}")
    day = plain.str.extract(r"^(\d{4}-\d{1,2}-\d{1,2})").str.to_date("%Y-%m-%d", strict=False)
    clock = plain.str.extract_groups(r"^\S+(?: +(\d{1,2})(?::(\d{1,2}))?(?::(\d{1,2}))?)?$").struct
    hour, minute, second = (
        clock.field(name).cast(pl.Int64, strict=False).fill_null(0) for name in ("1", "2", "3")
    )
    last = (hour == 24) & (minute == 0) & (second == 0)
    fits = clock.field("1").is_not_null() | plain.str.contains(r"^\S+$")
    right = day.is_not_null() & fits & ((hour < 24) | last) & (minute < 60) & (second < 60)
    right = right.fill_null(False)
    cells.bad("not_a_datetime", text.is_not_null() & ~right)
    since = pl.Series((hour * 3600 + minute * 60 + second) * 1_000_000, dtype=pl.Int64)
    value = day.cast(pl.Datetime("us")) + since.cast(pl.Duration("us"))
    return value.set(~right, None)


def _boolean(cells: Cells, folded: pl.Series) -> pl.Series:
    words = {"是": True, "有": True, "对": True, "yes": True, "true": True, "y": True, "1": True}
    words |= {"否": False, "没有": False, "错": False, "no": False, "false": False, "n": False, "0": False}
    value = folded.replace_strict(words, default=None, return_dtype=pl.Boolean)
    cells.bad("not_a_boolean", folded.is_not_null() & value.is_null())
    return value


def finish(column: Column, values: pl.Series) -> pl.Series:
    """Fill the default of a blank cell; a blank optional key is the empty text, which joins can match."""
    dtype = TYPES[column.type]
    if column.default:
        given = column.default if dtype != pl.Boolean() else column.default == "true"
        values = values.fill_null(pl.Series([given]).cast(dtype)[0])
    elif column.key and not column.required and dtype == pl.String():
        values = values.fill_null("")
    return values.cast(dtype)


def excused_rows(rows: pl.Series, marked: Iterable[int]) -> pl.Series:
    """Return which of `rows` are among `marked`."""
    wanted = list(marked)
    none = pl.Series([False]).new_from_index(0, rows.len()) if rows.len() else pl.Series([], dtype=pl.Boolean)
    return rows.is_in(wanted) if wanted else none


__all__ = ["ROW", "Cells", "Origin", "clean", "excused_rows", "finish", "parse_number", "title_of"]
