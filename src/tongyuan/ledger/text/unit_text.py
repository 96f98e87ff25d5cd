"""Unit texts of cells and headers: what is unknown, what has two readings, and what was chosen of two."""

from __future__ import annotations

from typing import Any

from tongyuan.ledger.finding import Bilingual
from tongyuan.ledger.read.lookup import Lookup
from tongyuan.reference import units


def doubts(text: str) -> list[tuple[str, dict[str, Any]]]:
    """Return what is to be said about unit `text`: the name of each check and the words of its sentence.

    ``unknown_unit`` and ``ambiguous_unit`` are errors, ``unit_read`` is a notice.
    """
    try:
        chosen = units.readings(text)
    except units.UnitError as error:
        if error.reading is None:
            return [("unknown_unit", {"value": text, "suggestion": Lookup.of_units().suggest(text)})]
        return [("ambiguous_unit", {"value": text, **_words(error.reading)})]
    return [("unit_read", {"value": text, "part": reading.spelling, **_words(reading)}) for reading in chosen]


def _words(reading: units.Reading) -> dict[str, Bilingual]:
    return {
        "first": Bilingual(reading.read_zh, reading.read_en),
        "other": Bilingual(reading.other_zh, reading.other_en),
    }
