"""The workbook for readers: contents, totals, native charts, and the chapters in words and units."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import polars as pl

from tongyuan.reference.language import say
from tongyuan.reference.shelf import Language
from tongyuan.report.base import label
from tongyuan.report.base.block import ChartBlock, Section, TableBlock, flat
from tongyuan.report.base.excerpt import cut
from tongyuan.report.base.format import scale
from tongyuan.report.base.totals import sector_totals, sectors_in_order, species_in_order, unit_of, years
from tongyuan.report.chapters import all_sections
from tongyuan.report.excel import chart as excel_chart
from tongyuan.report.excel.full import HEADER_ROW, Styles, opened, sheet_name, title_rows, write_contents
from tongyuan.report.html.document import default_title

SHEETS = 20
"""Sheets a reader meets at most; the full tables are a workbook of their own."""
WHOLE = "species_sector"
"""The chapter whose tables stand in one sheet of their own, over all media and years."""
_NUMBER = re.compile(r"[+−-]?\d[\d,]*(\.\d+)?%?")


def _write_matrix(sheet: Any, styles: Styles, totals: pl.DataFrame, language: Language) -> int:
    """Write species × sector for every year, each row in its display unit; return the number of rows."""
    title_rows(
        sheet,
        styles,
        say("report.inventory", "section.species_sector", language),
        say("report", "excel.note", language),
        language,
    )
    sectors = sectors_in_order(totals)
    heads = [say("report", f"column.{c}", language) for c in ("medium", "species", "unit", "year")]
    heads += [label.sector_title(s, language) for s in sectors] + [say("report", "word.total", language)]
    for index, text in enumerate(heads):
        sheet.write_string(HEADER_ROW, index, text, styles.head())
    sheet.set_column(0, 0, 16)
    sheet.set_column(1, 1, 30)
    sheet.set_column(2, len(heads), 12)
    held = {(y, s, p): v for y, s, p, v in totals.select("year", "species", "sector", "value").iter_rows()}
    row = HEADER_ROW
    for medium in label.MEDIA:
        for species in species_in_order(totals.filter(pl.col("medium") == medium)):
            every = [held.get((y, species, s)) for y in years(totals) for s in sectors]
            sums = [sum(v for s in sectors if (v := held.get((y, species, s)))) for y in years(totals)]
            unit = scale([*every, *sums], unit_of(totals, species), language)
            for year in years(totals):
                values = [held.get((year, species, sector)) for sector in sectors]
                given = [unit.of(v) for v in values if v is not None]
                if not given:
                    continue
                row += 1
                names = [
                    label.medium_title(medium, language),
                    label.species_title(species, language),
                    unit.unit,
                ]
                for index, text in enumerate(names):
                    sheet.write_string(row, index, text, styles.get("cell"))
                sheet.write_number(row, 3, year, styles.get("cell"))
                shape = styles.number(max(abs(v) for v in [*given, sum(given)]))
                for index, value in enumerate(values):
                    if value is not None:
                        sheet.write_number(row, 4 + index, unit.of(value), shape)
                sheet.write_number(row, 4 + len(sectors), sum(given), shape)
    sheet.autofilter(HEADER_ROW, 0, row, len(heads) - 1)
    sheet.freeze_panes(HEADER_ROW + 1, 4)
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    return row - HEADER_ROW


def tables_of(section: Section) -> list[TableBlock]:
    """Return the tables of a chapter, those behind its charts too, each content once."""
    found: list[TableBlock] = []
    for block in flat(section.blocks):
        table = block.table if isinstance(block, ChartBlock) else block
        if isinstance(table, TableBlock) and all(list(table.rows) != list(own.rows) for own in found):
            found.append(table)
    return found


def grouped(sections: Sequence[Section], most: int) -> list[tuple[str, list[Section]]]:
    """Return the chapters as sheets, at most `most`: the last ones share a sheet where they are more."""
    held = [(s.title, [s]) for s in sections if s.key != WHOLE and tables_of(s)]
    while len(held) > max(1, most):
        (title, first), (_, second) = held[-2], held[-1]
        held[-2:] = [(title, [*first, *second])]
    return held


def _write_cell(
    sheet: Any, styles: Styles, row: int, column: int, text: str, numeric: bool, bold: bool
) -> None:
    """Write a finished cell; what is a number stays one."""
    weight = {"bold": True} if bold else {}
    name = "strong " if bold else ""
    if numeric and _NUMBER.fullmatch(text):
        share = text.endswith("%")
        plain = text.rstrip("%").replace(",", "").replace("−", "-")
        places = len(plain.partition(".")[2])
        pattern = "#,##0" + ("." + "0" * places if places else "") + ("%" if share else "")
        shape = styles.get(f"{name}text number {pattern}", num_format=pattern, align="right", **weight)
        sheet.write_number(row, column, float(plain) / (100 if share else 1), shape)
        return
    side = "right" if numeric else "left"
    sheet.write_string(
        row, column, text, styles.get(f"{name}cell {side}", align=side, text_wrap=True, **weight)
    )


def _write_chapter(
    sheet: Any, styles: Styles, title: str, part: Sequence[Section], language: Language
) -> int:
    """Write the tables of chapters one below the other; return the number of their rows."""
    title_rows(sheet, styles, title, "", language)
    row, count, wide = HEADER_ROW, 0, 0
    caption = styles.get("caption", bold=True, font_color="#274B7A", font_size=11)
    remark = styles.get("note", font_color="#57606A")
    for section in part:
        for given in tables_of(section):
            table = cut(given, language)
            sheet.write_string(row, 0, table.caption, caption)
            for index, column in enumerate(table.columns):
                sheet.write_string(row + 1, index, column.title, styles.head())
            row += 2
            for place, line in enumerate(table.rows):
                for index, (text, column) in enumerate(zip(line, table.columns, strict=True)):
                    _write_cell(sheet, styles, row, index, text, column.numeric, place in table.strong)
                row += 1
            if table.note:
                sheet.write_string(row, 0, table.note, remark)
                row += 1
            row += 1
            count += len(table.rows)
            wide = max(wide, len(table.columns))
    sheet.set_column(0, 0, 36)
    sheet.set_column(1, max(1, wide - 1), 16)
    sheet.freeze_panes(HEADER_ROW, 1)
    sheet.hide_gridlines(2)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    return count


def write_excel(
    tables: Mapping[str, pl.DataFrame],
    path: str | Path,
    language: Language,
    *,
    title: str | None = None,
    sections: Sequence[Section] | None = None,
) -> Path:
    """Write the workbook of the report: at most ``SHEETS`` sheets in the words and units of its chapters.

    Parameters
    ----------
    tables : mapping of str to polars.DataFrame
        Ledger tables by name.
    path : str or Path
        The file to write.
    language : {'zh', 'en'}
    title : str, optional
        Heading of the contents sheet.
    sections : sequence of Section, optional
        Chapters, where they are made already.

    Returns
    -------
    Path
        The file written. The full tables are written by :func:`tongyuan.report.excel.full.write_tables`.
    """
    target = Path(path)
    totals = sector_totals(tables)
    sections = all_sections(tables, language) if sections is None else sections
    heading = title or default_title(tables, language)
    with opened(target, heading) as (book, styles):
        used: set[str] = set()
        contents = book.add_worksheet(sheet_name(say("report", "excel.contents", language), used))
        listed: list[tuple[str, str, int]] = []
        if totals.height:
            sheet = book.add_worksheet(sheet_name(say("report", "excel.summary", language), used))
            rows = _write_matrix(sheet, styles, totals, language)
            named = say("report.inventory", "section.species_sector", language)
            listed.append((sheet.get_name(), named, rows))
        if totals.height or ("score" in tables and tables["score"].height):
            both = []
            for key in ("charts", "chart_data"):
                text = say("report", f"excel.{key}", language)
                sheet = book.add_worksheet(sheet_name(text, used))
                title_rows(sheet, styles, text, "", language)
                sheet.set_landscape()
                sheet.fit_to_pages(1, 0)
                both.append(sheet)
            both[1].hide()
            formats = (styles.head(), styles.get("share", num_format="0.0%"), styles.get("cell"))
            count = excel_chart.add_charts(book, (both[0], both[1]), formats, tables, totals, language)
            listed.append((both[0].get_name(), say("report", "excel.charts_content", language), count))
        for name, part in grouped(sections, SHEETS - 1 - len(listed)):
            sheet = book.add_worksheet(sheet_name(name, used))
            rows = _write_chapter(sheet, styles, name, part, language)
            listed.append(
                (sheet.get_name(), ("；" if language == "zh" else "; ").join(s.title for s in part), rows)
            )
        write_contents(contents, styles, heading, listed, language)
    return target
