"""Regions: the country, 31 provinces and 342 prefectures of GB/T 2260, with grid area and key air region."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import Literal

from tongyuan.reference.shelf import fold, identify, shelf

Level = Literal["country", "province", "city"]
COUNTRY = "100000"
_DEPTH = {"country": 0, "province": 1, "city": 2}


@dataclass(frozen=True)
class Region:
    """One administrative region.

    Attributes
    ----------
    region, parent
        Six-digit codes of GB/T 2260.
    grid_area
        Area of the grid factors that serves it; ``""`` for Tibet, for which none is published.
    key_region
        ``jjj_surroundings`` (京津冀及周边), ``yangtze_delta`` (长三角), ``fenwei`` (汾渭平原) or ``""``.
    """

    region: str
    parent: str
    level: Level
    title_zh: str
    title_en: str
    short_zh: str
    grid_area: str
    key_region: str


@cache
def catalogue() -> dict[str, Region]:
    """Return every region by code."""
    return {
        row["region"]: Region(
            row["region"],
            row["parent"],
            row["level"],
            row["title_zh"],
            row["title_en"],
            row["short_zh"],
            row["grid_area"],
            row["key_region"],
        )
        for row in shelf("region").to_dicts()
    }


@cache
def _short() -> dict[str, str]:
    return {fold(r.short_zh): r.region for r in catalogue().values() if r.short_zh}


def find(text: str) -> Region | None:
    """Return the region named `text`: a code of 2, 4 or 6 digits, a full or short name, an English name."""
    digits = fold(text)
    if digits.isdecimal() and len(digits) in (2, 4):
        text = digits.ljust(6, "0")
    code = identify("region", text) or _short().get(fold(text))
    return catalogue().get(code) if code else None


def get(code: str) -> Region:
    """Return the region with six-digit `code`.

    Raises
    ------
    KeyError
        If there is none.
    """
    try:
        return catalogue()[code]
    except KeyError:
        raise KeyError(f"no region {code!r}") from None


def provinces() -> tuple[str, ...]:
    """Return the codes of the 31 provinces."""
    return tuple(r.region for r in catalogue().values() if r.level == "province")


def cities(province: str = "") -> tuple[str, ...]:
    """Return the codes of the prefectures, of one province if it is given."""
    return tuple(r.region for r in catalogue().values() if r.level == "city" and province in ("", r.parent))


def ancestors(code: str) -> tuple[str, ...]:
    """Return `code` and the regions that contain it, nearest first."""
    line = [code]
    while get(line[-1]).parent:
        line.append(get(line[-1]).parent)
    return tuple(line)


def key_region(name: str) -> tuple[str, ...]:
    """Return the prefectures of a key air region of 国发〔2023〕24号 (82 cities in all).

    Raises
    ------
    KeyError
        If there is no such key region.
    """
    found = tuple(r.region for r in catalogue().values() if r.level == "city" and r.key_region == name)
    if not name or not found:
        raise KeyError(f"no key region {name!r}")
    return found


@cache
def _in_text() -> tuple[re.Pattern[str], dict[str, str]]:
    names = {"全国": COUNTRY, "全中国": COUNTRY}
    for level in ("country", "province", "city"):
        for region in catalogue().values():
            if region.level == level:
                for name in (region.title_zh, region.short_zh, region.title_en):
                    if len(name) > 1:
                        names.setdefault(name.casefold(), region.region)
    words = sorted(names, key=len, reverse=True)
    pattern = "|".join(rf"\b{re.escape(w)}\b" if w.isascii() else re.escape(w) for w in words)
    return re.compile(pattern), names


def region_in(text: str) -> str:
    """Return the region named anywhere in a title such as ``5-4 河北能源平衡表``, or the empty text.

    Of several the narrowest counts (a city of its province), of equally narrow ones the first.
    """
    pattern, names = _in_text()
    found = [names[word] for word in pattern.findall(" ".join(text.split()).casefold())]
    return max(found, key=lambda code: _DEPTH[catalogue()[code].level], default="")


def inside(region: str, whole: str) -> bool:
    """Return whether `region` is `whole` or a part of it."""
    while region:
        if region == whole:
            return True
        known = catalogue().get(region)
        region = known.parent if known else ""
    return False
