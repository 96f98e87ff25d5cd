"""Numbers as people write them: full-width digits, thousands separators, decimal commas, footnote marks.

A mark is never a digit: circled, raised and lowered digits make a cell unreadable, they do not lengthen it.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import reduce
from typing import Literal

import polars as pl

from tongyuan.ledger.finding import Bilingual
from tongyuan.ledger.read.grid import ROW, Sheet
from tongyuan.reference.language import catalogue

Reading = Literal["point", "comma", "unclear", "conflict"]
"""What a comma is in the numbers of a column: not the decimal mark, the decimal mark, or not decidable."""

_WIDE = "０１２３４５６７８９．，－＋Ｅｅ％＇　"
_NARROW = "0123456789.,-+Ee%' "
_MINUS = ("−", "–", "﹣")
_BLANKS = ("\u00a0", "\u202f", "\u2009")
"""Blanks that are set on purpose between groups of three digits: no-break, narrow, and thin."""

_NUMBER = r"^[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)?$"
_GROUPS = r"^[+-]?[1-9][0-9]{{0,2}}({0}[0-9]{{3}})+(\.[0-9]+)?$"
_SEPARATORS = (",", "'", "’", *_BLANKS)
_COMMA = r"^[+-]?([0-9]+|[1-9][0-9]{0,2}(\.[0-9]{3})+)(,[0-9]+)?([eE][+-]?[0-9]+)?$"

_COMMA_SURE = (
    r"^[+-]?(0|[0-9]{4,}),[0-9]+$|^[+-]?[0-9]+,([0-9]{1,2}|[0-9]{4,})$"
    r"|^[+-]?[1-9][0-9]{0,2}(\.[0-9]{3})+,[0-9]+$|^[+-]?[1-9][0-9]{0,2}(\.[0-9]{3}){2,}$"
)
_POINT_SURE = (
    r"^[+-]?[1-9][0-9]{0,2}(,[0-9]{3})+\.[0-9]+$|^[+-]?[1-9][0-9]{0,2}(,[0-9]{3}){2,}$"
    r"|^[+-]?(0|[0-9]{4,})\.[0-9]+$|^[+-]?[0-9]*\.([0-9]{1,2}|[0-9]{4,})$"
)
_COMMA_UNSURE = r"^[+-]?[1-9][0-9]{0,2},[0-9]{3}$"
_POINT_UNSURE = r"^[+-]?[1-9][0-9]{0,2}\.[0-9]{3}$"

_MARK = r"[⁰¹²³⁴-⁹₀-₉\u2460-\u249b\u24ea-\u24ff\u2776-\u2793\u3251-\u325f\u32b1-\u32bf†‡*＊※]"
_ONE = r"[+-]?[0-9]+([.,][0-9]+)*"
_TWO = rf"^{_ONE}\s*(\s|[,;，；、/|~～—–-]|至|到)\s*{_ONE}$"


def _plain(text: pl.Series) -> pl.Series:
    """Return `text` with narrow digits, points and signs."""
    stripped = text.str.strip_chars(" \t\r\n\u00a0\u3000\ufeff")
    if stripped.str.contains(r"[^\x00-\x7f]").any():
        stripped = stripped.str.replace_many([*_WIDE, *_MINUS], [*_NARROW, *("-" for _ in _MINUS)])
    return stripped


def _has(text: pl.Series, pattern: str) -> pl.Series:
    return text.str.contains(pattern).fill_null(False)


def plain_numbers(text: pl.Series) -> pl.Series | None:
    """Return the numbers of `text` where all that is written is plain finite numbers, else None."""
    if not text.str.contains(_NUMBER).fill_null(True).all():
        return None
    number = text.cast(pl.Float64, strict=False)
    return number if bool(number.is_finite().fill_null(True).all()) else None


def parse_number(text: pl.Series, reading: Reading = "point") -> tuple[pl.Series, pl.Series]:
    """Return the numbers written in `text` and which of them had to be rewritten to be read.

    Full-width digits, other minus signs and separators between groups of three digits are understood; with
    `reading` ``comma`` the comma is the decimal mark and points separate groups. Whatever has no one reading
    is no number.
    """
    if reading == "point" and (number := plain_numbers(text)) is not None:
        return number, pl.repeat(False, len(text), dtype=pl.Boolean, eager=True)
    plain = _plain(text)
    bare = plain
    if reading == "comma":
        fits = _has(plain, _COMMA)
        swapped = plain.str.replace_all(".", "", literal=True).str.replace(",", ".", literal=True)
        plain = swapped.set(~fits, None)
    elif reading == "point":
        for separator in (*_SEPARATORS, " "):
            grouped = _has(plain, _GROUPS.format(separator))
            if grouped.any():
                plain = plain.zip_with(~grouped, plain.str.replace_all(separator, "", literal=True))
    else:
        plain = plain.set(doubtful(text, reading), None)
    readable = _has(plain, _NUMBER)
    number = plain.set(~readable, None).cast(pl.Float64, strict=False)
    changed = (plain != bare).fill_null(False) | (bare != text.str.strip_chars()).fill_null(False)
    return number, readable & changed


def doubtful(text: pl.Series, reading: Reading) -> pl.Series:
    """Return the cells that cannot be read because the column does not say what its commas are."""
    pattern = f"{_COMMA_UNSURE}|{_POINT_UNSURE}" if reading == "unclear" else r"^[-+0-9.,]*[.,][0-9.,]*$"
    return _has(_plain(text), pattern)


def rewritten_as(text: pl.Series, reading: Reading = "point") -> dict[str, pl.Series]:
    """Return by kind which cells of `text` :func:`parse_number` rewrites.

    Kinds: ``full_width``, ``minus``, ``separator``, ``decimal_comma``, and ``blank`` for plain blanks between
    groups of three digits, which may as well be two numbers.
    """
    _, rewritten = parse_number(text, reading)
    if not rewritten.any():
        return {}
    plain = _plain(text)
    groups = [_has(plain, _GROUPS.format(separator)) for separator in _SEPARATORS]
    found = {
        "full_width": _has(text, f"[{_WIDE}]"),
        "minus": _has(text, f"[{''.join(_MINUS)}]"),
        "blank": _has(plain, _GROUPS.format(" ")),
    }
    if reading == "comma":
        found |= {"decimal_comma": _has(plain, "[.,]")}
    else:
        found |= {"separator": reduce(pl.Series.__or__, groups)}
    return {kind: mask & rewritten for kind, mask in found.items() if (mask & rewritten).any()}


def hint(text: str) -> Bilingual:
    """Return what an unreadable number looks like, as a sentence for its finding; empty when like nothing."""
    cell = pl.Series([text], dtype=pl.String)
    if _has(cell, _MARK)[0] and _has(cell, "[0-9０-９]")[0]:
        key = "hint_footnote_mark"
    elif _has(_plain(cell), _TWO)[0]:
        key = "hint_two_numbers"
    else:
        return Bilingual("", "")
    words = catalogue("ledger")[key]
    return Bilingual(words["zh"], words["en"])


def _reading(text: pl.Series) -> Reading | None:
    """Return what commas are in the numbers of one column, None where none of them says anything."""
    comma, point = (bool(_has(text, pattern).any()) for pattern in (_COMMA_SURE, _POINT_SURE))
    if comma or point:
        return "conflict" if comma and point else "comma" if comma else "point"
    return "unclear" if _has(text, _COMMA_UNSURE).any() else None


def readings(sheet: Sheet, letters: Iterable[str], below: int) -> dict[str, Reading]:
    """Return what commas are in each column of numbers of a sheet, judged by the whole column.

    Only in a text file whose cells are not separated by commas a comma may be a decimal mark. There a column
    with nothing but ``1,234`` is unclear, and so is one with nothing but ``1.234`` beside decimal commas.

    Parameters
    ----------
    sheet
        The sheet.
    letters
        Letters of the columns of numbers.
    below
        Row number of the header; cells below it count.
    """
    wanted = list(letters)
    if sheet.delimiter in ("", ","):
        return dict.fromkeys(wanted, "point")
    body = sheet.grid.filter(pl.col(ROW) > below)
    texts = {letter: _plain(body[letter]).str.replace(r"\s*%$", "") for letter in wanted}
    found = {letter: _reading(text) for letter, text in texts.items()}
    if "comma" in found.values():
        for letter, text in texts.items():
            if found[letter] is None and _has(text, _POINT_UNSURE).any():
                found[letter] = "unclear"
    return {letter: reading or "point" for letter, reading in found.items()}


def both_readings(text: str) -> tuple[str, str]:
    """Return `text`, whose only comma or point may be either, as a decimal and as a whole number."""
    plain = _plain(pl.Series([text]))[0]
    return plain.replace(",", "."), plain.replace(",", "").replace(".", "")
