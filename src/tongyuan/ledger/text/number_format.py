"""What the number format of a cell says about its value: a share in per cent, a date, or a plain number."""

from __future__ import annotations

import math
import re
from datetime import datetime, timedelta
from typing import Literal

Kind = Literal["plain", "percent", "date"]

_PERCENT = (9, 10)
_DATE = (*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59))
"""Built-in formats (ECMA-376 part 1, 18.8.30) that show a share in per cent, and a date or a time."""

_LITERAL = re.compile(r'"[^"]*"|\\.|_.|\*.|\[(?!h+\]|m+\]|s+\])[^\]]*\]', re.IGNORECASE)
_DATE_LETTER = re.compile(r"[ymdhs]|(?<![0#?.])e", re.IGNORECASE)
_LAST = 2_958_466
"""The serial number after the last day a spreadsheet knows, 9999-12-31."""


def kind(number: int, code: str | None = None) -> Kind:
    """Return what format `number` shows; `code` is its text where the workbook defines it."""
    if code is None:
        return "percent" if number in _PERCENT else "date" if number in _DATE else "plain"
    bare = _LITERAL.sub("", code)
    if "%" in bare or "％" in bare:
        return "percent"
    return "date" if _DATE_LETTER.search(bare.replace("General", "")) else "plain"


def date_text(serial: float, since_1904: bool = False) -> str | None:
    """Return a serial number as date, time or both (ISO 8601), None where it is none.

    Days are counted from 1900 as spreadsheets do, with a 29 February 1900 that never was, or from 1904.
    """
    if not 0 <= serial < _LAST:
        return None
    if since_1904:
        start = datetime(1904, 1, 1)
    else:
        start = datetime(1899, 12, 31) if serial < 60 else datetime(1899, 12, 30)
    days = math.floor(serial)
    try:
        moment = start + timedelta(days=days, seconds=round((serial - days) * 86_400))
    except OverflowError:
        return None
    if serial < 1:
        return moment.strftime("%H:%M:%S")
    return moment.strftime("%Y-%m-%d" if serial == days else "%Y-%m-%d %H:%M:%S")
