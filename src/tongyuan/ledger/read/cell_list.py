"""Lists in one cell: every separator, titles, formulas and ids in any case → a list of ids.

A column of type `list` names in `refers_to` the shelf of its words; ``only:`` (只计) before the list turns it
round. A column of type `open_list` lets words pass that no shelf knows; one of type `ids` holds ids of rows
or records, which only ``|`` separates.
"""

from __future__ import annotations

import re
from functools import cache

from tongyuan.ledger.table import ONLY, SEPARATOR, Column
from tongyuan.reference.shelf import fold, identify, shelf

LISTS = ("list", "open_list", "ids")
"""Types of columns whose cells hold lists."""

_HARD = re.compile(r"[|,，、;；/\n\r\t]")
_EDGE = re.compile(r"[|,，、;；/&＆+＋\s]+|和|及|与")
_ONLY = re.compile(r"^\s*(?:only(?:\s*[:：]|\s)|(?:只计|仅计|只|仅)\s*[:：]?)\s*", re.IGNORECASE)
_BRACKET = re.compile(r"[（(][^（()）]*[)）]$")


@cache
def _families(name: str) -> dict[str, tuple[str, ...]]:
    """Return what several ids of shelf `name` share: a formula, or a title up to its bracket → ids."""
    frame = shelf(name)
    found: dict[str, tuple[str, ...]] = {}
    for row in frame.to_dicts():
        identifier = row[frame.columns[0]]
        shared = {fold(row.get("formula") or "")}
        shared |= {fold(_BRACKET.sub("", row.get(title) or "").strip()) for title in ("title_zh", "title_en")}
        for word in shared - {""}:
            found[word] = (*found.get(word, ()), identifier)
    return found


def _resolve(text: str, shelves: tuple[str, ...]) -> tuple[str, ...]:
    for name in shelves:
        found = identify(name, text)
        if found is not None:
            return (found,)
        family = _families(name).get(fold(text))
        if family:
            return family
    return ()


def _tokens(text: str) -> list[tuple[int, int]]:
    """Return begin and end of the pieces between possible separators."""
    found, start = [], 0
    for edge in _EDGE.finditer(text):
        if edge.start() > start:
            found.append((start, edge.start()))
        start = edge.end()
    return [*found, (start, len(text))] if start < len(text) else found


def parse_list(text: str, column: Column) -> tuple[list[str], tuple[str, ...]]:
    """Return the ids of a list, ``only:`` before those that alone count, and its unknown words.

    Parameters
    ----------
    text
        A cell such as ``CO2、氮氧化物``, ``co2 | NOx`` or ``只计：二氧化碳``.
    column
        The column the cell stands in.

    Notes
    -----
    The longest run of pieces that names something is one word, so that titles may hold blanks and commas.
    """
    if column.type == "ids":
        return list(dict.fromkeys(part.strip() for part in text.split(SEPARATOR) if part.strip())), ()
    begin = _ONLY.match(text) if column.type == "list" else None
    body = text[begin.end() :] if begin else text
    shelves = tuple(name.rpartition(".")[2] for name in column.refers_to)
    pieces = _tokens(body)
    ids: dict[str, None] = {}
    unknown: list[str] = []
    at = 0
    while at < len(pieces):
        for last in range(len(pieces), at, -1):
            found = _resolve(body[pieces[at][0] : pieces[last - 1][1]], shelves)
            if found:
                ids |= dict.fromkeys(found)
                break
        else:
            hard = _HARD.search(body, pieces[at][0])
            end = hard.start() if hard else len(body)
            last = max(at + 1, sum(1 for _, stop in pieces if stop <= end))
            word = body[pieces[at][0] : end].strip()
            unknown.append(word)
            if column.type == "open_list":
                ids[word] = None
        at = last
    if begin and not ids and not unknown:
        unknown.append(text.strip())
    words = [ONLY, *ids] if begin else list(ids)
    return words, () if column.type == "open_list" else tuple(unknown)
