"""Exports of monitoring platforms: one row an hour, factors side by side, brought to table ``reading``."""

from __future__ import annotations

import re
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import polars as pl

from tongyuan.facility.record.reading import change_of
from tongyuan.ledger.finding import Finding, finding
from tongyuan.ledger.read.sheet import ROW, Sheet, sheets
from tongyuan.ledger.table import PLACE, conform, empty, table
from tongyuan.ledger.text.clean import Cells, Origin, clean
from tongyuan.reference import units
from tongyuan.reference.shelf import fold, shelf

ROOM = "facility"
TIMES = ("监测时间", "数据时间", "时间", "日期时间", "小时", "监控时间", "time", "datetime", "hour")
OUTLETS = ("排放口", "排放口编号", "监控点", "监控点编号", "outlet")
KINDS = {
    "converted": ("折算值", "折算浓度", "折算", "converted"),
    "mass": ("排放量", "排放量kg", "排放速率", "mass"),
    "flag": ("数据标记", "标记", "标识", "状态", "flag"),
    "value": ("实测值", "实测浓度", "实测", "浓度", "监测值", "平均值", "measured", "value"),
}
HEAD_ROWS = 8
FLOWS = ("flow", "water_flow")
_UNIT = re.compile(r"[(（\[]([^()（）\[\]]*)[)）\]]")


@dataclass(frozen=True)
class Field:
    """What one column of an export holds: a parameter, which figure of it, and in which unit."""

    parameter: str
    kind: str
    unit: str


@cache
def _names() -> dict[str, str]:
    found = {fold(name): code for name, code in shelf("monitor_name").select("name", "parameter").iter_rows()}
    for code in shelf("hj212_factor")["hj212_factor"]:
        found[code] = code
    return found


def field_of(text: str) -> Field | None:
    """Return what a header of an export names, or None.

    ``二氧化硫折算值(mg/m3)``, ``SO2-实测浓度`` and ``a21026-ZsAvg`` are headers of sulphur dioxide;
    ``NOx(kg/h)`` is what left in an hour.
    """
    written = [found.strip() for found in _UNIT.findall(text)]
    word = fold(_UNIT.sub("", text)).replace("zsavg", "converted").replace("avg", "value")
    word = word.replace("cou", "mass") if "-cou" in word else word
    kind = "value"
    for name, endings in KINDS.items():
        ending = next((fold(e) for e in endings if word.endswith(fold(e)) and word != fold(e)), "")
        if ending:
            kind, word = name, word[: -len(ending)]
            break
    parameter = _names().get(word.strip("-_—·:： /"))
    if not parameter:
        return None
    unit = written[-1] if written else ""
    if kind == "value" and _weighed(parameter, unit):
        kind = "mass"
    return Field(parameter, kind, unit)


def _kind(text: str) -> str:
    """Return which figure of a factor a text of the second row of a header names."""
    word = fold(_UNIT.sub("", text))
    return next((kind for kind, names in KINDS.items() if word in {fold(n) for n in names}), "value")


def _heads(sheet: Sheet) -> tuple[int, dict[str, str]] | None:
    """Return the last row of the header and its texts by column; a factor may stand above its figures."""
    letters = sheet.columns
    rows = sheet.grid.head(HEAD_ROWS).select(letters).rows()
    for position, row in enumerate(rows):
        words = [fold(text or "") for text in row]
        if not any(word in {fold(t) for t in TIMES} for word in words):
            continue
        top = dict(zip(letters, (text or "" for text in row), strict=True))
        below = rows[position + 1] if position + 1 < len(rows) else ()
        kinds = {fold(e) for endings in KINDS.values() for e in endings}
        bare = [fold(_UNIT.sub("", text or "")) for text in below]
        if sum(word in kinds for word in bare) < 1:
            return position, top
        joined, last = {}, ""
        for letter, above, under in zip(letters, row, below, strict=True):
            last = above or last
            factor = last if _kind(under or "") in ("value", "converted") else _UNIT.sub("", last)
            joined[letter] = f"{factor}{under}" if under else (above or "")
        return position + 1, joined
    return None


def layout_readings(path: Path, facility: str, outlet: str = "") -> tuple[pl.DataFrame, list[Finding]]:
    """Return table ``reading`` of an export of a monitoring platform, and what is wrong with its cells.

    Parameters
    ----------
    path
        Excel or CSV. A row is an hour; a column of time, perhaps one of outlets, and columns of factors,
        whose figures may stand in a second row of the header.
    facility
        Whose outlets they are.
    outlet
        The outlet, where the export has no column of it.

    Returns
    -------
    tuple of DataFrame and findings
        The time is the first moment of the hour. A blank figure is missing, not zero.
    """
    found, wrong = sheets(path)
    parts: list[pl.DataFrame] = []
    for sheet in found:
        if sheet.grid.height and not sheet.hidden:
            parts += _readings(sheet, path.name, facility, outlet, wrong)
    whole = pl.concat(parts) if parts else empty("reading").with_columns(pl.lit("").alias(PLACE))
    key = ["outlet", "hour", "parameter"]
    for row in (
        whole.filter(pl.struct(key).is_duplicated() & ~pl.struct(key).is_first_distinct())
        .head(100)
        .to_dicts()
    ):
        file, _, rest = row[PLACE].partition("|")
        name, _, number = rest.rpartition("|")
        words: dict[str, Any] = {"time": str(row["hour"]), "outlet": row["outlet"]}
        wrong.append(finding(ROOM, "layout_twice", file=file, sheet=name, row=int(number), **words))
    return whole.unique(key, keep="last", maintain_order=True), wrong


def _readings(
    sheet: Sheet, file: str, facility: str, outlet: str, wrong: list[Finding]
) -> list[pl.DataFrame]:
    place: dict[str, Any] = {"file": file, "sheet": sheet.name}
    head = _heads(sheet)
    if head is None:
        wrong.append(finding(ROOM, "layout_no_time", allowed="、".join(TIMES[:4]), **place))
        return []
    position, texts = head
    row = int(sheet.grid[ROW][position])
    times = {fold(t) for t in TIMES}
    when = next(a for a, text in texts.items() if fold(text) in times)
    where = next((a for a, text in texts.items() if fold(text) in {fold(t) for t in OUTLETS}), None)
    if where is None and not outlet:
        wrong.append(finding(ROOM, "layout_no_outlet", row=row, **place))
        return []
    fields = {a: field_of(text) for a, text in texts.items() if a not in (when, where)}
    for letter, text in texts.items():
        if text and letter not in (when, where) and fields[letter] is None:
            wrong.append(finding(ROOM, "layout_column", row=row, column=letter, name=text[:40], **place))
    grid = sheet.grid.slice(position + 1)
    if grid.is_empty():
        wrong.append(finding(ROOM, "layout_no_rows", row=row, **place))
        return []
    _without_head(grid, texts, place, wrong)
    grid = _whole(grid, when, where, [a for a, known in fields.items() if known], place, wrong)
    origin = Origin(file, sheet.name, {c: c for c in texts}, wrong)
    columns = {column.name: column for column in table("reading").columns}

    def cells(letter: str, name: str) -> pl.Series:
        shown = Origin(file, sheet.name, {columns[name].name: letter}, wrong)
        none = pl.repeat(False, grid.height, eager=True, dtype=pl.Boolean)
        return clean(Cells(columns[name], grid[ROW], grid[letter].cast(pl.String), shown, none))

    hours = cells(when, "hour")
    uneven = hours.dt.minute().fill_null(0) != 0
    for at in grid[ROW].filter(uneven).head(100):
        origin.findings.append(finding(ROOM, "layout_not_an_hour", row=int(at), column=when, **place))
    outlets = grid[where].str.strip_chars() if where else pl.Series([outlet] * grid.height, dtype=pl.String)
    base = pl.DataFrame({"outlet": outlets, "hour": hours, ROW: grid[ROW]})
    parameters: dict[str, dict[str, pl.Series]] = {}
    for letter, known in fields.items():
        if known is None:
            continue
        change = _change(known)
        if change is None:
            words = {"name": texts[letter][:40], "unit": known.unit}
            wrong.append(finding(ROOM, "layout_unit", row=row, column=letter, **words, **place))
            continue
        values = cells(letter, known.kind)
        parameters.setdefault(known.parameter, {})[known.kind] = (
            values if known.kind == "flag" else values * change[0] + change[1]
        )
    made = []
    for parameter, kinds in parameters.items():
        frame = base.with_columns(
            pl.lit(facility).alias("facility"),
            pl.lit(parameter).alias("parameter"),
            *(values.alias(kind) for kind, values in kinds.items()),
            (pl.lit(f"{file}|{sheet.name}|") + pl.col(ROW).cast(pl.String)).alias(PLACE),
        ).filter(pl.col("hour").is_not_null())
        frame = frame.filter(pl.any_horizontal(pl.col(k).is_not_null() for k in kinds)).drop(ROW)
        if "flag" not in kinds:
            frame = frame.with_columns(pl.lit("N").alias("flag"))
        made.append(conform("reading", frame.with_columns(pl.col("flag").fill_null("N"))))
    return made


def _filled(letter: str) -> pl.Expr:
    return pl.col(letter).cast(pl.String).fill_null("").str.strip_chars() != ""


def _without_head(
    grid: pl.DataFrame, texts: dict[str, str], place: dict[str, Any], wrong: list[Finding]
) -> None:
    """Name the first cell of every column that has cells and nothing in the header."""
    for letter in (a for a, text in texts.items() if not text.strip()):
        for at in grid.filter(_filled(letter))[ROW].head(1):
            wrong.append(finding(ROOM, "layout_no_head", row=int(at), column=letter, **place))


def _whole(
    grid: pl.DataFrame, when: str, where: str | None, figures: list[str], place: dict[str, Any],
    wrong: list[Finding],
) -> pl.DataFrame:  # fmt: skip
    """Return the rows that say when and where; those with figures that do not are named."""
    told = pl.any_horizontal(_filled(a) for a in figures) if figures else pl.lit(False)
    for letter, check in ((when, "layout_when"), (where, "layout_where")):
        if letter is None:
            continue
        for at in grid.filter(told & ~_filled(letter))[ROW].head(100):
            wrong.append(finding(ROOM, check, row=int(at), column=letter, **place))
        grid = grid.filter(_filled(letter))
    return grid


def _change(field: Field) -> tuple[float, float] | None:
    """Return factor and offset that bring a figure to the unit of table ``reading``, or None.

    What left in an hour is kilograms (of a flow: cubic metres); the rate of an hour, as kg/h, is the same
    figure.
    """
    if field.kind == "flag":
        return 1.0, 0.0
    if field.kind != "mass":
        return change_of(field.parameter, _sent(field))
    wanted = "m3" if _role(field.parameter) in FLOWS else "kg"
    for unit in (wanted, f"{wanted}/h"):
        with suppress(units.UnitError):
            return units.factor(field.unit or wanted, unit), 0.0
    return None


@cache
def _roles() -> dict[str, str]:
    return dict(shelf("monitor_parameter").select("monitor_parameter", "role").iter_rows())


def _role(parameter: str) -> str:
    return _roles().get(parameter, "")


def _weighed(parameter: str, unit: str) -> bool:
    """Return whether a unit says what left of a substance: ``lb`` or ``kg/h``."""
    if not unit or _role(parameter) in FLOWS or not units.known(unit):
        return False
    return units.dimension(unit) in ("mass", "mass/time")


def _sent(field: Field) -> str:
    """Return the unit of a figure: what its header says, else that of the parameter (exports show mg/m3)."""
    if field.unit:
        return field.unit
    wanted = dict(shelf("monitor_parameter").select("monitor_parameter", "unit").iter_rows())
    return str(wanted.get(field.parameter, ""))
