"""Messages of an hour as table ``reading``: factors by code, figures in the unit of the parameter."""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any

import polars as pl

from tongyuan.facility.record.hj212 import FLAGS, HOUR, SYSTEMS, Message
from tongyuan.ledger.finding import Finding, finding
from tongyuan.ledger.table import conform, empty
from tongyuan.reference import units
from tongyuan.reference.shelf import shelf

ROOM = "facility"
DOUBTFUL = frozenset({"a21001", "a05002", "a20007", "a20026", "a20044", "a20058"})
"""Factors whose unit in the code list (ng/m3) is not what stack monitors usually send."""

TEMPERATURE = {
    **dict.fromkeys(("°C", "C", "degC", "摄氏度"), (1.0, 0.0)),
    **dict.fromkeys(("K", "开"), (1.0, -273.15)),
    **dict.fromkeys(("°F", "F", "degF", "华氏度"), (5 / 9, -160 / 9)),
}
"""Spellings of the units of temperature: factor and offset to degrees Celsius."""


@cache
def _codes() -> dict[tuple[str, str], str]:
    """Return (medium, code as sent) → code of 2017: 011 is COD in water and chlorine in gas."""
    found: dict[tuple[str, str], str] = {}
    for code, old, medium in shelf("hj212_factor").select("hj212_factor", "code_2005", "medium").iter_rows():
        found[medium, code] = code
        if old:
            found[medium, old.upper().lstrip("0") or "0"] = code
    return found


def factor_of(code: str, medium: str) -> str:
    """Return the code of 2017 of a factor as it was sent on a system of `medium`; empty when unknown."""
    known = _codes()
    return known.get((medium, code.lower())) or known.get((medium, code.upper().lstrip("0")), "")


@cache
def _unit(code: str) -> tuple[str, str]:
    """Return the unit of the code list and that of the parameter in table ``reading``."""
    listed = dict(shelf("hj212_factor").select("hj212_factor", "unit").iter_rows())
    wanted = dict(shelf("monitor_parameter").select("monitor_parameter", "unit").iter_rows())
    own = str(listed.get(code, ""))
    return own, str(wanted.get(code, own))


def change_of(code: str, sent: str) -> tuple[float, float] | None:
    """Return factor and offset that bring a figure in unit `sent` to the unit of the parameter, or None.

    An empty unit is that of the code list. Only temperatures have an offset.
    """
    listed, wanted = _unit(code)
    source = unicodedata.normalize("NFKC", sent or listed).strip()
    if source == wanted or not source or not wanted:
        return 1.0, 0.0
    if wanted == "degC":
        return TEMPERATURE.get(source)
    try:
        return units.factor(source, wanted), 0.0
    except units.UnitError:
        return None


def readings(
    found: Iterable[Message], monitors: pl.DataFrame, file: str = ""
) -> tuple[pl.DataFrame, list[Finding]]:
    """Return table ``reading`` of hourly messages (command 2061), and what is wrong with them.

    Parameters
    ----------
    found
        Messages (:func:`tongyuan.facility.record.hj212.messages`).
    monitors
        Table ``monitor``: which outlet an MN sends for, and in which unit where it is not that of the code
        list.
    file
        What findings call the stream.

    Returns
    -------
    tuple of DataFrame and findings
        ``Avg`` is the measured value, ``ZsAvg`` the converted one, ``Cou`` the mass [kg] (of a flow factor:
        the volume of the hour). A figure that is no number, a flag that is none and a factor or an MN that is
        unknown are said with the number of the message; the rest of the message stays.
    """
    places = _places(monitors)
    rows: list[dict[str, Any]] = []
    findings: list[Finding] = []
    told: set[tuple[str, str]] = set()

    def note(check: str, number: int, key: str = "", **values: Any) -> None:
        if key and (check, key) in told:
            return
        told.add((check, key))
        findings.append(finding(ROOM, check, file=file, row=number, **values))

    for message in found:
        if message.command != HOUR:
            continue
        medium = SYSTEMS.get(message.system, "")
        if not medium:
            note("hj212_system", message.number, message.system, system=message.system or "–")
            continue
        for sent, cells in message.values.items():
            code = factor_of(sent, medium)
            if not code:
                note("hj212_factor", message.number, sent, code=sent, system=message.system)
                continue
            place = places.get((message.mn, code)) or places.get((message.mn, ""))
            if place is None:
                note("hj212_mn", message.number, message.mn, mn=message.mn)
                continue
            rows.append(_row(message, code, cells, place, note))
    if not rows:
        return empty("reading"), findings
    frame = pl.DataFrame(rows, schema_overrides=empty("reading").schema)
    return conform("reading", frame), findings


def _places(monitors: pl.DataFrame) -> dict[tuple[str, str], dict[str, str]]:
    """Return (MN, parameter) → enterprise, outlet and unit; parameter empty: any of the outlet of that MN."""
    found: dict[tuple[str, str], dict[str, str]] = {}
    known = monitors.filter(pl.col("mn").fill_null("") != "")
    for row in known.select("mn", "parameter", "facility", "outlet", "unit").to_dicts():
        place = {"facility": row["facility"], "outlet": row["outlet"], "unit": row["unit"] or ""}
        found[row["mn"], row["parameter"]] = place
        found.setdefault((row["mn"], ""), {**place, "unit": ""})
    return found


def _row(
    message: Message, code: str, cells: Mapping[str, str], place: Mapping[str, str], note: Any
) -> dict[str, Any]:
    change = change_of(code, place["unit"])
    if change is None:
        note("hj212_unit", message.number, code, code=code, unit=place["unit"])
    elif code in DOUBTFUL and not place["unit"]:
        note("hj212_doubtful_unit", message.number, code, code=code, unit=_unit(code)[0])

    def number(name: str, change: tuple[float, float] | None) -> float | None:
        text = cells.get(name, "")
        if not text or text in ("-", "--"):
            return None
        try:
            value = float(text)
        except ValueError:
            value = math.nan
        if not math.isfinite(value):
            note("hj212_number", message.number, item=f"{code}-{name}", value=text[:20])
            return None
        return None if change is None else value * change[0] + change[1]

    flag = cells.get("Flag", "N").upper() or "N"
    if flag not in FLAGS:
        note("hj212_flag", message.number, item=f"{code}-Flag", value=flag[:10])
        flag = "D"
    value = number("Avg", change)
    flow = code in ("a00000", "w00000")
    if value is None and flow:
        value = number("Cou", (1.0, 0.0))
    return {
        "facility": place["facility"],
        "outlet": place["outlet"],
        "hour": message.time,
        "parameter": code,
        "value": value,
        "converted": number("ZsAvg", change),
        "mass": None if flow else number("Cou", (1.0, 0.0)),
        "flag": flag,
    }
