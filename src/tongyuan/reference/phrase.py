"""Unit phrases of factor files: ``tonne CO2/tonne clinker produced`` is ``tonne/tonne`` and some words.

Files that users download write the substance and the activity into the unit. :func:`read` separates the unit,
which is computed with, from the words, which become the record's `basis`; irregular spellings stand on shelf
``unit_phrase``. A phrase that cannot be separated without guessing is refused.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache, lru_cache

from tongyuan.reference import units
from tongyuan.reference.shelf import shelf

_LEADING = re.compile(
    r"^(?P<number>10\^\d+\s|1000\s)?(?P<unit>[^\s\[\]()]+)(?:\s+|(?=[\[(])|$)(?P<words>.*)$"
)
_HIDDEN_UNIT = re.compile(r"-[1-3](?!\d)|\^")
_CHINESE = re.compile(r"^(.+?)\s*-\s*([\u4e00-\u9fff（）()]+)$")
_CARBON = re.compile(r"^(t|kg|g|Gg)C(/[A-Za-z0-9^ ]+)$")
_PER_TIME = {"day": "d", "d": "d", "year": "a", "yr": "a"}


@dataclass(frozen=True)
class Phrase:
    """The unit of a phrase and the words that stood around it."""

    unit: str
    basis: str


@cache
def _irregular() -> dict[str, Phrase]:
    frame = shelf("unit_phrase")
    return {
        units.clean(text): Phrase(unit, basis)
        for text, unit, basis in zip(frame["spelling"], frame["unit"], frame["basis"], strict=True)
    }


def _share(text: str) -> Phrase | None:
    """Read ``% of PM2.5`` and ``fraction of …``; a share per day or year keeps its time."""
    found = re.match(r"^(%|[Ff]raction)(.*)$", text)
    if found is None:
        return None
    unit = "%" if found.group(1) == "%" else "fraction"
    words = found.group(2).strip(" []()")
    time = re.search(r"/\s*(day|d|year|yr)$", words)
    if time:
        unit += "/" + _PER_TIME[time.group(1)]
        words = words[: time.start()]
    return Phrase(unit, words.strip(" []()").removeprefix("of ").strip())


@lru_cache(maxsize=4096)
def read(text: str) -> Phrase:
    """Separate the unit in `text` from the words around it.

    Parameters
    ----------
    text
        A unit as printed in EMEP, EFDB or Chinese factor files.

    Raises
    ------
    tongyuan.reference.units.UnitError
        If the unit cannot be told from the words.
    """
    cleaned = units.clean(text)
    irregular = _irregular().get(cleaned)
    if irregular is not None:
        return irregular
    carbon = _CARBON.match(cleaned)
    if carbon is not None:
        return Phrase(carbon.group(1) + carbon.group(2), "C")
    if units.known(cleaned):
        return Phrase(cleaned, "")
    words_zh = _CHINESE.match(cleaned)
    if words_zh is not None and units.known(words_zh.group(1)):
        return Phrase(words_zh.group(1), words_zh.group(2))
    share = _share(cleaned)
    if share is not None:
        return share
    parts, words = [], []
    for part in re.sub(r"\s+per\s+", "/", cleaned).split("/"):
        found = _LEADING.match(part.strip(" ()[]"))
        if found is None or not units.known(found.group("unit").rstrip(",")):
            raise units.UnitError(text)
        parts.append((found.group("number") or "") + found.group("unit").rstrip(","))
        words.append(found.group("words").strip(" ,()[]").removeprefix("of ").strip())
    unit, basis = "/".join(parts), " / ".join(words).strip(" /")
    if _HIDDEN_UNIT.search(basis) or not units.known(unit):
        raise units.UnitError(text)
    return Phrase(unit, basis)
