"""Files and frames → tables of the ledger, with everything that is wrong said at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Any

import polars as pl

from tongyuan.ledger.balance import balance
from tongyuan.ledger.balance.balance_check import check_balance, check_nation, without_totals
from tongyuan.ledger.balance.balance_layout import layout_of
from tongyuan.ledger.check.check import across, capped, within
from tongyuan.ledger.finding import Bilingual, Finding, finding
from tongyuan.ledger.read.guard import COLUMNS_MAX
from tongyuan.ledger.read.header import Header, find_header, surplus, table_called, table_of, values_in
from tongyuan.ledger.read.lookup import close_names
from tongyuan.ledger.read.sheet import ROW, Sheet, grid_of, sheets
from tongyuan.ledger.read.summed import NAME as ACTIVITY
from tongyuan.ledger.read.summed import Engine, repeated_ids, sum_parts
from tongyuan.ledger.read.total_row import without_total_rows
from tongyuan.ledger.table import PLACE, TYPES, Column, conform, empty, names, table
from tongyuan.ledger.text.clean import (
    BLANK,
    Cells,
    Origin,
    clean,
    excused_rows,
    finish,
    in_percent,
    title_of,
)
from tongyuan.ledger.text.number import readings
from tongyuan.ledger.text.unit_text import doubts
from tongyuan.reference import units
from tongyuan.reference.language import catalogue

GUIDES = ("guide_sheet", "findings_sheet")
"""Sentences that name the sheets of templates and annotated copies that hold no table."""


COVER = "month_report"
"""Table whose one row says which enterprise and month the other sheets of its workbook are of."""


@dataclass(frozen=True)
class Reading:
    """What was read: tables by name, findings, and the letters of the columns of each sheet.

    `letters` maps ``file|sheet`` to column → letter (in a wide balance: fuel → letter), so that a row's place
    can become a cell.
    """

    tables: Mapping[str, pl.DataFrame] = field(default_factory=dict)
    findings: tuple[Finding, ...] = ()
    letters: Mapping[str, Mapping[str, str]] = field(default_factory=dict)


def read(
    *paths: Path | str,
    region: str = "",
    year: int | None = None,
    unique: bool = True,
    engine: Engine | None = None,
) -> Reading:
    """Read files into tables.

    Parameters
    ----------
    paths
        Excel (.xlsx), CSV or Parquet files. A sheet (or file) is recognised by its name, else by its headers;
        a yearbook energy balance by its layout.
    region, year
        What a yearbook balance that does not name its region or year is of.
    unique
        Whether repeated keys are findings.
    engine
        What sums the activity of Parquet parts by source (:mod:`tongyuan.ledger.read.summed`); rows of
        activity may then share a key. None where activity is read row by row.

    Returns
    -------
    Reading
        Tables in the form of their schema with the extra column ``_place``, and all findings.
    """
    parts: dict[str, list[pl.DataFrame]] = {}
    findings: list[Finding] = []
    letters: dict[str, Mapping[str, str]] = {}
    summed = {} if engine is None else sum_parts([Path(path) for path in paths], engine)
    told: dict[Path, pl.DataFrame] = {}
    for path in map(Path, paths):
        sums = _of_sums(summed.get(path), path, findings, letters, region, year)
        if sums is not None:
            told[path] = sums
            parts.setdefault(ACTIVITY, []).append(sums)
            continue
        found, wrong = sheets(path)
        findings += wrong
        given: dict[str, str] = {}
        for sheet in sorted(found, key=lambda sheet: table_called(sheet.name or "") != COVER):
            for name, frame in _sheet(sheet, path, len(found), findings, letters, region, year, given):
                parts.setdefault(name, []).append(frame)
                if name == COVER:
                    given = _given(frame, len(found), findings)
    tables = {name: pl.concat(frames) for name, frames in parts.items()}
    if "energy_balance" in tables:
        findings += check_nation(tables["energy_balance"])
    if unique:
        for name, frame in list(tables.items()):
            tables[name], repeated = across(name, frame, shared=engine is not None)
            findings += repeated
        if told and engine is not None:
            none = empty(ACTIVITY).with_columns(pl.lit("").alias(PLACE))
            others = [f for f in parts[ACTIVITY] if all(f is not own for own in told.values())]
            seen = {(f.check, f.file, f.row) for f in findings}
            every = repeated_ids(list(told), pl.concat([none, *others]), engine)
            findings += [f for f in every if (f.check, f.file, f.row) not in seen]
    return Reading(tables, capped(findings), letters)


def _of_sums(
    sheet: Sheet | None,
    path: Path,
    findings: list[Finding],
    letters: dict[str, Mapping[str, str]],
    region: str,
    year: int | None,
) -> pl.DataFrame | None:
    """Return the sums of a part as activity; None where anything is wrong with it, or rows are totals."""
    if sheet is None:
        return None
    met: list[Finding] = []
    found = _sheet(sheet, path, 1, met, letters, region, year, {})
    if len(found) != 1 or any(f.severity == "error" or f.check.startswith("total_") for f in met):
        return None
    findings += met
    return found[0][1]


def read_frame(name: str, frame: Any, *, file: str = "") -> tuple[pl.DataFrame, tuple[Finding, ...]]:
    """Bring any Arrow or pandas frame into the form of table `name`.

    Parameters
    ----------
    name
        A table of the ledger.
    frame
        Anything that speaks the Arrow PyCapsule interface (polars, pandas, pyarrow, DuckDB); its columns
        are ids or titles. A column ``_place`` is kept.
    file
        What findings call the frame.

    Returns
    -------
    tuple of DataFrame and findings
        Rows are numbered from 1 in the findings.
    """
    if not isinstance(frame, pl.DataFrame) and not hasattr(frame, "__arrow_c_stream__"):
        raise TypeError(f"a frame is needed, not {type(frame).__name__}")
    data = pl.DataFrame(frame)
    place = data.get_column(PLACE) if PLACE in data.columns else None
    sheet = grid_of(data.drop(PLACE, strict=False))
    findings: list[Finding] = []
    table_, _ = _table(name, sheet, file, findings)
    if table_ is None:
        return conform(name, pl.DataFrame(schema=table(name).dtypes)), tuple(findings)
    if place is not None and table_.height == place.len():
        table_ = table_.with_columns(place.cast(pl.String).alias(PLACE))
    table_, repeated = across(name, table_)
    return table_, capped((*findings, *repeated))


def _given(cover: pl.DataFrame, count: int, findings: list[Finding]) -> dict[str, str]:
    """Return what the cover of a workbook says of its other sheets: enterprise and month."""
    if cover.height > 1 and count > 1:
        file, _, rest = str(cover[PLACE][1]).partition("|")
        sheet, _, row = rest.rpartition("|")
        findings.append(finding("ledger", "cover_rows", file=file, sheet=sheet, row=int(row)))
    if cover.height != 1:
        return {}
    found = cover.row(0, named=True)
    return {name: found[name] for name in ("facility", "month") if found[name]}


def _sheet(
    sheet: Sheet,
    path: Path,
    count: int,
    findings: list[Finding],
    letters: dict[str, Mapping[str, str]],
    region: str,
    year: int | None,
    given: Mapping[str, str],
) -> list[tuple[str, pl.DataFrame]]:
    """Return the tables of one sheet (none, or one)."""
    label = sheet.name or path.stem
    guides = {catalogue("ledger")[key][language] for key in GUIDES for language in ("zh", "en")}
    if label.startswith("_") or label in guides:
        return []
    place: dict[str, Any] = {"file": path.name, "sheet": sheet.name}
    name = table_called(label) or (table_called(path.stem) if count == 1 else None)
    if len(sheet.columns) > COLUMNS_MAX:
        words: dict[str, Any] = {"count": len(sheet.columns), "limit": COLUMNS_MAX}
        findings.append(finding("ledger", "too_many_columns", **words, **place))
        return []
    blank = sheet.grid.height == 0 or not any(values_in(sheet.grid, c) for c in sheet.columns)
    if blank:
        if not sheet.hidden and (name is not None or count == 1):
            findings.append(finding("ledger", "empty_sheet", **place))
        return []
    if sheet.hidden:
        findings.append(finding("ledger", "hidden_sheet", name=sheet.name, **place))
        return []
    layout = layout_of(sheet)
    if layout is not None:
        frame, wrong = balance.from_sheet(
            sheet, layout=layout, file=path.name, region=region, year=year, label=label
        )
        findings += wrong
        fuels = {product: letter for letter, product in layout.products.items()}
        named = sheet.grid.select(pl.all_horizontal(pl.col(c).is_not_null() for c in fuels.values()))
        surplus(sheet, int(named.to_series().arg_max() or 0), findings, path.name)
        letters[f"{path.name}|{sheet.name}"] = fuels
        return [("energy_balance", frame)]
    name = name or table_of(sheet, names())
    if name is None:
        inputs = [table(n) for n in names() if table(n).role == "input"]
        allowed = Bilingual("、".join(t.title_zh for t in inputs), ", ".join(t.title_en for t in inputs))
        findings.append(finding("ledger", "unknown_sheet", name=label, allowed=allowed, **place))
        return []
    frame_, header = _table(name, sheet, path.name, findings, region, {} if name == COVER else given)
    if frame_ is None or header is None:
        return []
    if name == "energy_balance":
        frame_ = balance.with_recovery_placed(frame_)
        findings += check_balance(frame_)
        frame_, total = without_totals(frame_)
        if total:
            findings.append(finding("ledger", "balance_total_left_out", count=total, **place))
    letters[f"{path.name}|{sheet.name}"] = {c.name: letter for letter, c in header.columns.items()}
    return [(name, frame_)]


def _table(
    name: str,
    sheet: Sheet,
    file: str,
    findings: list[Finding],
    region: str = "",
    given: Mapping[str, str] = MappingProxyType({}),
) -> tuple[pl.DataFrame | None, Header | None]:
    """Return the rows of one sheet as table `name`, with their places.

    `given` fills columns that the sheet does not have.
    """
    definition = table(name)
    header = find_header(name, sheet)
    if header is None:
        title = Bilingual(definition.title_zh, definition.title_en)
        findings.append(finding("ledger", "no_header", file=file, sheet=sheet.name, title=title))
        return None, None
    by_name = {column.name: letter for letter, column in header.columns.items()}
    origin = Origin(file, sheet.name, by_name if sheet.letters else {c: c for c in by_name}, findings)
    grid = sheet.grid.slice(header.position + 1)
    _header_findings(header, sheet, grid, origin, name, given)
    keep = _filled(grid, list(header.columns), sheet, origin)
    grid = grid.filter(keep)
    at = int(sheet.grid[ROW][header.position])
    figures = [a for a, c in header.columns.items() if c.type in ("number", "share", "integer")]
    commas = readings(sheet, figures, at)
    if name == "energy_balance":
        grid = balance.without_passed_over(by_name, grid, origin)
    grid = without_total_rows(definition, header, grid, commas, region, origin)
    _mark_findings(sheet, header, grid, origin)
    rows = grid[ROW]
    columns: dict[str, pl.Series] = {}
    percent: dict[str, pl.Series] = {}
    for column in definition.columns:
        letter = by_name.get(column.name)
        if letter is None:
            value = given.get(column.name)
            columns[column.name] = finish(
                column, pl.Series(column.name, [value] * rows.len(), TYPES[column.type])
            )
            continue
        marked = [r for a, r, _ in sheet.marks.errors if a == letter]
        marked += [r for a, r in sheet.marks.without_value if a == letter]
        shares = excused_rows(rows, sheet.marks.percent.get(letter, ()))
        comma = commas.get(letter, "point")
        cells = Cells(column, rows, grid[letter], origin, excused_rows(rows, marked), shares, comma)
        columns[column.name] = finish(column, clean(cells)).alias(column.name)
        if TYPES[column.type].is_numeric():
            _text_numbers(sheet, letter, column, rows, columns[column.name], origin)
            percent[column.name] = shares | grid[letter].str.contains("[%％]").fill_null(False)
    _header_units(header, by_name, definition.columns, columns, percent, origin, at)
    where = f"{file}|{sheet.name}|".replace("\n", " ")
    columns[PLACE] = pl.Series(PLACE, [where], dtype=pl.String).new_from_index(0, rows.len()) + rows.cast(
        pl.String
    )
    frame = conform(name, pl.DataFrame(columns))
    if not frame.height:
        origin.note("no_rows", title=Bilingual(definition.title_zh, definition.title_en))
    within(name, frame, rows, origin)
    return frame, header


def _header_findings(
    header: Header, sheet: Sheet, grid: pl.DataFrame, origin: Origin, name: str, given: Mapping[str, str]
) -> None:
    at = sheet.grid[ROW][header.position]
    place: dict[str, Any] = {"file": origin.file, "sheet": origin.sheet, "row": at or None}
    definition = table(name)
    for letter, text in header.unknown.items():
        cell = letter if sheet.letters else text
        hint = close_names(text, [(c.title_zh, c.title_en) for c in definition.columns])
        origin.findings.append(
            finding("ledger", "unknown_column", column=cell, name=text, suggestion=hint, **place)
        )
    for letter, column in header.twice.items():
        cell = letter if sheet.letters else column.name
        origin.findings.append(
            finding("ledger", "duplicate_column", column=cell, title=title_of(column), **place)
        )
    named = {*header.columns, *header.unknown, *header.twice}
    beyond = surplus(sheet, header.position, origin.findings, origin.file)
    for letter in sheet.columns:
        own = sheet.grid[letter][header.position] == PLACE
        count = 0 if letter in named or own or letter in beyond else values_in(grid, letter)
        if count:
            origin.findings.append(finding("ledger", "unnamed_column", column=letter, count=count, **place))
    present = {column.name for column in header.columns.values()} | set(given)
    units_named = {header.columns[letter].name for letter in header.units}
    for column in definition.columns:
        absent = column.required and not column.default and column.name not in present
        if absent and not (column.name == "unit" and "value" in units_named):
            origin.findings.append(finding("ledger", "missing_column", title=title_of(column), **place))


def _filled(grid: pl.DataFrame, letters: Sequence[str], sheet: Sheet, origin: Origin) -> pl.Series:
    """Return which rows hold data: blank rows and the example row of the template do not."""
    blank = pl.all_horizontal(
        pl.col(c).str.strip_chars().fill_null("").is_in(["", *BLANK[1:6]]) for c in letters
    )
    keep = grid.select(~blank).to_series()
    marked = [r for _, r, _ in sheet.marks.errors] + [r for _, r in sheet.marks.without_value]
    if marked:
        keep = keep | grid[ROW].is_in(marked)
    marks = tuple(catalogue("ledger")["example_mark"][lang].strip() for lang in ("zh", "en"))
    first = grid.select(
        pl.coalesce(pl.col(c).str.strip_chars().replace("", None) for c in letters)
    ).to_series()
    example = (
        pl.Series([False]).new_from_index(0, grid.height) if grid.height else pl.Series([], dtype=pl.Boolean)
    )
    for mark in (*marks, marks[0].rstrip("：") + ":"):
        example = example | first.str.starts_with(mark).fill_null(False)
    filled = keep & ~example
    if filled.any():
        for row in grid[ROW].filter(example & keep).to_list():
            origin.note("example_row", row=row)
    return filled


def _mark_findings(sheet: Sheet, header: Header, grid: pl.DataFrame, origin: Origin) -> None:
    rows = set(grid[ROW].to_list()) if any((sheet.marks.errors, sheet.marks.without_value)) else set()
    for letter, row, code in sheet.marks.errors:
        if letter in header.columns and row in rows:
            origin.note("excel_error", header.columns[letter].name, row, value=code)
    for letter, row in sheet.marks.without_value:
        if letter in header.columns and row in rows:
            origin.note("formula_without_value", header.columns[letter].name, row)
    for area in sheet.marks.merged:
        row = int("".join(c for c in area.partition(":")[0] if c.isdigit()) or 0)
        if row >= sheet.grid[ROW][header.position]:
            origin.note("merged_cells", row=row, range=area)
    hidden = grid[ROW].filter(grid[ROW].is_in(list(sheet.marks.hidden_rows))).to_list()
    if hidden:
        listed = ", ".join(str(r) for r in hidden[:8]) + (" …" if len(hidden) > 8 else "")
        origin.note("hidden_rows", row=hidden[0], count=len(hidden), rows=listed)
    unseen = [letter for letter in sheet.marks.hidden_columns if letter in header.columns]
    if unseen:
        at = int(sheet.grid[ROW][header.position])
        origin.note("hidden_columns", row=at, count=len(unseen), columns=", ".join(unseen))
    for letter, row in sheet.marks.twice:
        place: dict[str, Any] = {"file": origin.file, "sheet": origin.sheet, "row": row, "column": letter}
        origin.findings.append(finding("ledger", "cell_twice" if letter else "row_twice", **place))


def _text_numbers(
    sheet: Sheet, letter: str, column: Column, rows: pl.Series, values: pl.Series, origin: Origin
) -> None:
    stored = sheet.marks.text.get(letter)
    if not stored:
        return
    mask = rows.is_in(list(stored)) & values.is_not_null()
    if mask.any():
        first = rows.filter(mask)[0]
        origin.note("text_number", column.name, first, title=title_of(column), count=int(mask.sum()))


def _header_units(
    header: Header,
    letters: Mapping[str, str],
    definitions: Sequence[Column],
    columns: dict[str, pl.Series],
    percent: Mapping[str, pl.Series],
    origin: Origin,
    row: int,
) -> None:
    """Apply units written in headers: they fill a blank unit column, or must agree with the schema's unit.

    A number that the sheet itself shows in per cent (`percent`, masks by column) is a share already: it is
    brought to per cent where its row is in per cent, and left alone where its header says so.
    """
    for column in definitions:
        unit = header.units.get(letters.get(column.name, ""), "")
        if not unit or column.type not in ("number", "share"):
            continue
        for check, words in doubts(unit):
            if check != "unknown_unit":
                origin.note(check, column.name, row, **words, count=1)
        if column.name == "value" and "unit" in columns and units.known(unit):
            columns["unit"] = columns["unit"].fill_null(unit)
        elif column.unit and units.known(unit) and units.known(column.unit):
            try:
                factor = units.factor(unit, column.unit)
            except units.UnitError:
                said = {"title": title_of(column), "found": unit, "allowed": column.unit}
                origin.note("header_unit", column.name, row, **said)
                continue
            if factor != 1:
                values = columns[column.name]
                own = percent[column.name] if unit in ("%", "％") else percent[column.name] & False
                columns[column.name] = (values * factor).zip_with(~own, values)
    if "value" in percent and "unit" in columns:
        shown = percent["value"] & columns["unit"].is_in(["%", "％"]).fill_null(False)
        columns["value"] = in_percent(columns["value"]).zip_with(shown, columns["value"])
