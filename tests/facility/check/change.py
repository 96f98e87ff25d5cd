"""Changes of the small world that make a check speak: those written down, and those of whole families."""

from __future__ import annotations

import csv
import re
from collections.abc import Callable
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import polars as pl
from world import P, Row, World

from tongyuan.facility.check.shelf import Check, checks, views
from tongyuan.ledger.table import table

Change = tuple[str, str, str]
"""Table (with a sign: + copy a row, - take rows away, = let a month repeat another), rows, and what to
set."""


def written() -> dict[str, list[Change]]:
    """Return the changes written in ``firing.csv``."""
    found: dict[str, list[Change]] = {}
    with (Path(__file__).parent / "firing.csv").open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            found.setdefault(row["check"], []).append((row["table"], row["where"], row["set"]))
    return found


def of_family(check: Check) -> list[Change]:
    """Return the change of a check of a family: an unknown key, a negative, an empty or an extreme value."""
    main = views()[check.view].tables[0]
    if check.view == "suspicion":
        kind = re.search(r"kind (?:= |IN \()'(\w+)'", check.applies)
        return [("suspicion", f"kind={kind[1]}" if kind else "", f"{check.observed}=1e-14")]
    group = check.group
    if group == "HAS":
        return [(main, "", f"{check.holds.split()[0]}=NULL")]
    if group == "NEG":
        return [(main, "", f"{check.observed}=-1")]
    if group == "RNG":
        return [(main, "", f"{check.observed}={float(check.holds.split()[-1]) * 2 + 1}")]
    if group == "KEY":
        column = re.search(r"known_(\w+)", check.holds)
        assert column
        name = {"sample": "sample", "report": "report"}.get(column[1], column[1])
        if name == "monitor" and main in ("reference_test", "calibration"):
            name = "outlet"
        return [(main, "", f"{name}=nowhere")]
    return []


def changes() -> dict[str, list[Change]]:
    """Return the changes of every check."""
    hand = written()
    return {code: hand.get(code) or of_family(check) for code, check in checks().items()}


def _cast(text: str, kind: pl.DataType, old: Any) -> Any:
    if text == "NULL":
        return None
    if text == "P":
        return P
    if kind == pl.Boolean:
        return text == "true"
    if kind == pl.Date:
        return old + timedelta(int(text[1:])) if text[0] == "+" else date.fromisoformat(text)
    if isinstance(kind, pl.Datetime):
        return datetime.fromisoformat(text)
    if kind in (pl.Float64, pl.Int64):
        if text[0] in "*+":
            if old is None:
                return None
            return old * float(text[1:]) if text[0] == "*" else old + float(text[1:])
        return float(text) if kind == pl.Float64 else int(float(text))
    return text


def _selector(where: str) -> Callable[[list[Row]], list[Row]]:
    def select(rows: list[Row]) -> list[Row]:
        number = None
        for part in filter(None, where.split(",")):
            if part.startswith("#"):
                number = int(part[1:])
            elif part.startswith(("day=", "after=")):
                name, _, text = part.partition("=")
                at = date.fromisoformat(text)
                rows = [r for r in rows if (_day(r) == at if name == "day" else _day(r) > at)]
            elif "$" in part:
                name, _, text = part.partition("$")
                rows = [r for r in rows if str(r.get(name)).endswith(text)]
            elif "~" in part:
                name, _, text = part.partition("~")
                rows = [r for r in rows if str(r.get(name)).startswith(text)]
            else:
                name, _, text = part.partition("=")
                rows = [r for r in rows if str(r.get(name)) == (P if text == "P" else text)]
        return rows if number is None else rows[number : number + 1]

    return select


def _day(row: Row) -> date:
    found = row.get("day") or row.get("hour") or row.get("time")
    return found.date() if isinstance(found, datetime) else found


def changed(world: World, steps: list[Change]) -> World:
    """Return the world with a check's changes."""
    names = {table.lstrip("+-=") for table, _, _ in steps}
    out = {name: ([dict(row) for row in rows] if name in names else rows) for name, rows in world.items()}
    for target, where, text in steps:
        name = target.lstrip("+-=")
        rows = _selector(where)(out[name])
        assert rows, (target, where)
        if target[0] == "-":
            gone = {id(r) for r in rows}
            out[name] = [r for r in out[name] if id(r) not in gone]
            continue
        if target[0] == "=":
            for row in rows:
                other = next(
                    r
                    for r in out[name]
                    if {**r, "month": ""}.keys() == {**row, "month": ""}.keys()
                    and r["month"] == text
                    and r["installation"] == row["installation"]
                    and r["product"] == row["product"]
                )
                row.update({**other, "month": row["month"]})
            continue
        if target[0] == "+":
            rows = [dict(rows[0])]
            out[name].append(rows[0])
        column, _, value = text.partition("=")
        kind = table(name).dtypes[column]
        for row in rows:
            row[column] = _cast(value, kind, row.get(column)) if value else value
    return out


def frames(world: World) -> dict[str, pl.DataFrame]:
    """Return the tables of a world as frames."""
    return {
        name: pl.DataFrame(rows, schema=table(name).dtypes)
        if rows
        else pl.DataFrame(schema=table(name).dtypes)
        for name, rows in world.items()
    }
