"""Tables → Parquet, Excel and CSV, whole or not at all, with the same bytes for the same content."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any

import polars as pl

from tongyuan.ledger.read.cell_list import LISTS
from tongyuan.ledger.read.lookup import choice_title, present_shelves
from tongyuan.ledger.table import LIST, ONLY, PLACE, SEPARATOR, Column, join_list, names, table
from tongyuan.ledger.write import excel
from tongyuan.ledger.write.atomic import replacing
from tongyuan.ledger.write.excel import display_width
from tongyuan.reference.language import say
from tongyuan.reference.shelf import Language
from tongyuan.reference.shelf import title as shelf_title

SHEET_ROWS = 1_048_575
"""Rows below the header that one sheet can hold; longer tables go on in a next sheet."""


FORMATS = (
    "General", "@", "0", "yyyy-mm-dd", "yyyy-mm-dd hh:mm", "0.0%", "#,##0.00", "#,##0", "0.00E+00", "0.0000",
    "#,##0.0000",
)  # fmt: skip
"""Formats of cells."""
LONG = 1_000
"""Rows of a table whose pages are scaled by its widths."""
WIDEST = 48
"""Greatest width of a column [characters]."""
PIECE = 250_000
"""Rows that are encoded at a time where a table has lists of categories."""


LEVEL = 1
"""Effort of compression: a greater one takes twice the time for files that are 3 % smaller."""


def write_parquet(tables: Mapping[str, pl.DataFrame], folder: Path) -> list[Path]:
    """Write each table to ``folder/<name>.parquet`` and return the paths."""
    written = []
    for name, frame in tables.items():
        path = folder / f"{name}.parquet"
        with replacing(path) as temporary:
            _in_pieces(frame).write_parquet(
                temporary, compression="zstd", compression_level=LEVEL, statistics=True
            )
        written.append(path)
    return written


def _in_pieces(frame: pl.DataFrame) -> pl.DataFrame:
    """Return a long frame with lists of categories in pieces.

    What is written at a time would else be a part of one list of words, all of which is encoded each time.
    """
    lists = [c for c, dtype in frame.schema.items() if isinstance(dtype, pl.List) and dtype != LIST]
    if frame.height <= PIECE or not lists or frame.n_chunks() >= frame.height // PIECE:
        return frame
    starts = range(0, frame.height, PIECE)
    place = pl.int_range(pl.len())
    pieces = [frame.slice(start, PIECE).with_columns(pl.col(lists).gather(place)) for start in starts]
    return pl.concat(pieces, rechunk=False)


def write_csv(frame: pl.DataFrame, path: Path, *, name: str = "", language: Language | None = None) -> None:
    """Write one table as CSV in UTF-8 with a byte-order mark, so that spreadsheet programs read Chinese.

    Column ids are the header; with `name` and `language` titles are, and references become titles.
    Text that a spreadsheet program could run as a formula is neutralised.
    """
    shown = frame
    if language is not None and name in names():
        shown = worded(name, frame, language)
        shown = shown.rename(
            {
                c.name: excel.heading(table(name), c, language)
                for c in table(name).columns
                if c.name in shown.columns
            }
        )
    shown = _plain(shown)
    text = [c for c, dtype in shown.schema.items() if isinstance(dtype, (pl.String, pl.Categorical, pl.Enum))]
    shown = shown.with_columns(
        pl.col(c).cast(pl.String).map_elements(excel.neutral, return_dtype=pl.String) for c in text
    )
    shown = shown.rename({c: excel.neutral(c) for c in shown.columns})
    with replacing(path) as temporary:
        shown.write_csv(temporary, include_bom=True)


def worded(name: str, frame: pl.DataFrame, language: Language) -> pl.DataFrame:
    """Return `frame` of table `name` with titles for the ids of references and choices; lists are text."""
    for column in table(name).columns:
        if column.name not in frame.columns or column.type not in ("reference", "choice", *LISTS):
            continue
        if column.type in LISTS:
            frame = frame.with_columns(_listed(column, frame[column.name], language))
            continue
        found: dict[str, str] = {}
        for key in frame[column.name].unique().drop_nulls().to_list():
            found[key] = _title(column, key, language)
        series = frame[column.name].replace_strict(found, default=None, return_dtype=pl.String)
        frame = frame.with_columns(series.alias(column.name))
    return frame


def _listed(column: Column, series: pl.Series, language: Language) -> pl.Series:
    """Return lists as people write them, which :mod:`tongyuan.ledger.read.cell_list` reads."""
    joint, only = ("、", "只计：") if language == "zh" else ("; ", "only: ")
    joint = f" {SEPARATOR} " if column.type == "ids" else joint
    found = {}
    for words in series.drop_nulls().unique().to_list():
        text = joint.join(_title(column, word, language) for word in words if word != ONLY)
        found[tuple(words)] = (only if ONLY in words else "") + text
    texts = [None if words is None else found[tuple(words)] for words in series.to_list()]
    return pl.Series(series.name, texts, dtype=pl.String)


def _plain(frame: pl.DataFrame) -> pl.DataFrame:
    """Return `frame` with its lists of words as canonical text."""
    return frame.with_columns(join_list(pl.col(c)) for c, dtype in frame.schema.items() if dtype == LIST)


def _title(column: Column, key: str, language: Language) -> str:
    if column.choices:
        return choice_title(key, language)
    for name in present_shelves(column):
        text = shelf_title(name, key, language)
        if text != key:
            return text
    return key


def write_excel(
    tables: Mapping[str, pl.DataFrame],
    path: Path,
    language: Language = "zh",
    *,
    titles: bool = True,
    hidden: Collection[str] = (),
) -> None:
    """Write tables to one workbook, a sheet each.

    Numbers are written whole and shown with the decimals their size calls for.

    Parameters
    ----------
    tables
        Frames by table name; columns outside the schema keep their own name.
    path
        The workbook.
    language
        Of sheet names and headers.
    titles
        Whether references and choices show their titles instead of ids.
    hidden
        Columns that are written and folded away.
    """
    with replacing(path) as temporary:
        book = excel.workbook(temporary, language)
        formats = {key: excel.style(book, num_format=key) for key in FORMATS}
        formats["@"] = excel.style(book, num_format="@", indent=1)
        formats["wrapped"] = excel.style(book, num_format="@", indent=1, text_wrap=True)
        head = excel.style(book, bold=True, bg_color="#DCE9E6", border=1, text_wrap=True)
        for name, frame in tables.items():
            for part in range(max(1, -(-frame.height // SHEET_ROWS))):
                rows = frame.slice(part * SHEET_ROWS, SHEET_ROWS)
                _sheet(book, name, rows, language, titles, formats, head, part, {PLACE, *hidden})
        if not tables:
            book.add_worksheet(say("ledger", "guide_sheet", language))
        book.close()


def _sheet(
    book: Any, name: str, frame: pl.DataFrame, language: Language, titles: bool, formats: dict[str, Any],
    head: Any, part: int, hidden: Collection[str],
) -> None:  # fmt: skip
    known = name in names()
    columns = {c.name: c for c in table(name).columns} if known else {}
    label = excel.title(table(name), language) if known else name
    long = frame.height > LONG
    sheet = book.add_worksheet(excel.sheet_name(label if part == 0 else f"{label} {part + 1}"))
    shown = _plain(worded(name, frame, language) if known and titles else frame)
    sheet.freeze_panes(1, 0)
    widths = []
    for position, series in enumerate(shown.get_columns()):
        column = columns.get(series.name)
        text = excel.heading(table(name), column, language) if column else series.name
        sheet.write_string(0, position, text, head)
        shape = _number_format(series, column)
        needed = _width(series)
        # a long head takes two lines, and so do long texts
        two = max(min(12, display_width(text)), -(-display_width(text) // 2) + 1)
        width = min(max(two, needed) + 2, WIDEST)
        style = formats["wrapped" if shape == "@" and needed + 2 > WIDEST else shape]
        sheet.set_column(position, position, width, style, {"hidden": series.name in hidden})
        if series.name not in hidden:
            widths.append(width)
        _write_column(sheet, position, series, formats if shape == "General" else {})
    sheet.set_row(0, 30)
    excel.fit_page(sheet, widths if long else None)
    if frame.width:
        sheet.autofilter(0, 0, max(frame.height, 1), frame.width - 1)


def _write_column(sheet: Any, position: int, series: pl.Series, formats: Mapping[str, Any]) -> None:
    """Write a column below its head; with `formats` every number is shown in the one of its size."""
    write: Any
    if series.dtype.is_numeric():
        write = sheet.write_number
        values = series.to_list()
        for row, value in enumerate(values, start=1):
            if value is not None and value == value and abs(value) != float("inf"):
                write(row, position, value, *([formats[_decimals(value)]] if formats else []))
        return
    if series.dtype == pl.Boolean:
        write = sheet.write_boolean
    elif series.dtype in (pl.Date, pl.Datetime):
        write = sheet.write_datetime
    else:
        series = series.cast(pl.String)
        for row, text in enumerate(series.to_list(), start=1):
            if text:
                sheet.write_string(row, position, excel.safe_text(text))
        return
    for row, value in enumerate(series.to_list(), start=1):
        if value is not None:
            write(row, position, value)


def _decimals(value: float) -> str:
    size = abs(value)
    if value == int(value):
        return "#,##0" if size < 1e15 else "General"
    return "#,##0.00" if size >= 1 else "0.0000" if size >= 0.0001 else "0.00E+00"


def _number_format(series: pl.Series, column: Column | None) -> str:
    if series.dtype == pl.Date:
        return "yyyy-mm-dd"
    if series.dtype == pl.Datetime:
        return "yyyy-mm-dd hh:mm"
    if column is not None and column.type == "year":
        return "0"
    if column is not None and column.type == "share":
        return "0.0%"
    if series.dtype.is_integer():
        return "#,##0" if column is None or column.type == "integer" else "0"
    if series.dtype.is_float():
        # figures that are rounded keep their decimals, all the same ones
        finite = series.drop_nulls().filter(series.drop_nulls().is_finite())
        exact = (p for p in (0, 2, 4) if finite.len() and (finite.round(p) == finite).all())
        return {0: "#,##0", 2: "#,##0.00", 4: "#,##0.0000"}.get(next(exact, -1), "General")
    return "@" if series.dtype == pl.String else "General"


def _width(series: pl.Series) -> int:
    if series.dtype.is_numeric():
        return 12
    sample = series.head(200).cast(pl.String, strict=False).drop_nulls().to_list()
    return max((display_width(text) for text in sample), default=8)
