"""The workbook of a document: headings, every table and chart of the Word file, and where each is from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from tongyuan.ledger.write.atomic import replacing
from tongyuan.ledger.write.book import Book
from tongyuan.reference.language import say
from tongyuan.reference.shelf import Language
from tongyuan.report.base.block import Block, ChartBlock, Column, Figure, Heading, Note, Paragraph, TableBlock
from tongyuan.report.excel.full import HEADER_ROW, Styles, sheet_name, title_rows
from tongyuan.report.picture.figure import drawable
from tongyuan.report.word.document import numbered
from tongyuan.report.word.form import heading_number
from tongyuan.report.word.table import cell_text

_WIDE, _NARROW = 36, 12
_HEAD_HEIGHT = 28  # points
_PIXELS = (760, 420)
_COLOURS = ("#3B5B92", "#B5432F", "#E09F3E", "#2A9D8F", "#7A5195", "#8D6E63")


@dataclass
class _Book:
    book: Any
    styles: Styles
    language: Language
    used: set[str] = field(default_factory=set)
    text: list[tuple[str, str, str]] = field(default_factory=list)
    listed: list[tuple[str, str, int]] = field(default_factory=list)
    counts: list[int] = field(default_factory=list)
    items: int = 0
    tables: int = 0
    figures: int = 0

    def say(self, key: str, **values: object) -> str:
        return say("report", key, self.language, **values)

    def sheet(self, number: str, caption: str, note: str) -> Any:
        made = self.book.add_worksheet(sheet_name(f"{number} {caption}", self.used))
        title_rows(made, self.styles, f"{number}  {caption}", note, self.language)
        made.freeze_panes(HEADER_ROW + 1, 1)
        made.set_landscape()
        made.set_paper(9)
        made.fit_to_pages(1, 0)
        made.repeat_rows(HEADER_ROW)
        made.set_row(HEADER_ROW, _HEAD_HEIGHT)
        return made

    def heading(self, block: Heading) -> None:
        self.items = 0
        number = ""
        if block.level and block.numbered:
            self.counts = numbered(self.counts, min(block.level, 4))
            number = heading_number(self.counts, self.language)
        kind = self.say("excel.title" if block.level == 0 else "excel.heading")
        self.text.append((kind, number + block.text, ""))

    def paragraph(self, block: Paragraph) -> None:
        self.items += block.item
        number = f"{self.items}. " if block.item else ""
        self.text.append((self.say("excel.paragraph"), number + block.text, block.source))

    def table(self, block: TableBlock) -> None:
        self.tables += 1
        number = self.say("page.tabular", number=self.tables)
        sheet = self.sheet(number, block.caption, block.note)
        both = [_holds_figures(block, index) for index in range(len(block.columns))]
        place = 0
        for index, column in enumerate(block.columns):
            self._column(sheet, place, column.title, column.numeric)
            for row, line in enumerate(block.rows, start=HEADER_ROW + 1):
                self._cell(sheet, row, place, line[index], column)
            place += 1
            if both[index]:
                self._column(sheet, place, f"{column.title} · {self.say('column.value')}", True)
                self._column(sheet, place + 1, f"{column.title} · {self.say('column.unit')}", True)
                for row, line in enumerate(block.rows, start=HEADER_ROW + 1):
                    text = line[index]
                    if isinstance(text, Figure):
                        sheet.write_number(row, place, text.value, self.styles.number(text.value))
                        sheet.write_string(row, place + 1, text.unit, self.styles.get("cell"))
                place += 2
        self._column(sheet, place, self.say("excel.origin"), False)
        for row, source in enumerate(block.sources, start=HEADER_ROW + 1):
            sheet.write_string(row, place, source, self.styles.get("wrapped", text_wrap=True))
        if block.rows:
            sheet.autofilter(HEADER_ROW, 0, HEADER_ROW + len(block.rows), place)
        self._list(number, block.caption, sheet, len(block.rows))

    def chart(self, block: ChartBlock) -> None:
        if not drawable(block.option):
            if block.table:
                self.table(block.table)
            return
        self.figures += 1
        number = self.say("page.figure", number=self.figures)
        sheet = self.sheet(number, block.caption, block.description)
        horizontal = block.option["yAxis"]["type"] == "category"
        names, unit = (
            block.option[axis] for axis in (("yAxis", "xAxis") if horizontal else ("xAxis", "yAxis"))
        )
        rows = len(names["data"])
        self._column(sheet, 0, self.say("excel.category"), False)
        for row, name in enumerate(names["data"], start=HEADER_ROW + 1):
            sheet.write_string(row, 0, str(name), self.styles.get("cell"))
        kind = "bar" if horizontal else "line" if block.option["series"][0]["type"] == "line" else "column"
        made = self.book.add_chart({"type": kind})
        last = HEADER_ROW + rows
        for index, one in enumerate(block.option["series"]):
            self._column(sheet, 1 + index, one.get("name") or unit["name"], True)
            for row, item in enumerate(one["data"], start=HEADER_ROW + 1):
                value = item["value"] if isinstance(item, dict) else item
                if value is not None:
                    sheet.write_number(row, 1 + index, value, self.styles.number(value))
            look = _look(one, kind, index)
            made.add_series(
                {
                    "name": [sheet.get_name(), HEADER_ROW, 1 + index],
                    "categories": [sheet.get_name(), HEADER_ROW + 1, 0, last, 0],
                    "values": [sheet.get_name(), HEADER_ROW + 1, 1 + index, last, 1 + index],
                }
                | look
            )
        width = 1 + len(block.option["series"])
        self._column(sheet, width, self.say("excel.origin"), False)
        for row in range(HEADER_ROW + 1, last + 1):
            sheet.write_string(row, width, block.source, self.styles.get("wrapped", text_wrap=True))
        value_axis: dict[str, Any] = {"name": unit["name"]}
        if "max" in unit:
            value_axis["max"] = unit["max"]
        made.set_x_axis(value_axis if horizontal else {})
        made.set_y_axis({"reverse": True, "interval_unit": 1} if horizontal else value_axis)
        made.set_title({"name": block.caption, "name_font": {"size": 12}})
        made.set_legend({"position": "bottom"} if len(block.option["series"]) > 1 else {"none": True})
        made.set_size({"width": _PIXELS[0], "height": max(_PIXELS[1], 120 + 20 * rows * horizontal)})
        sheet.insert_chart(HEADER_ROW, width + 2, made)
        self._list(number, block.caption, sheet, rows)

    def _column(self, sheet: Any, place: int, title: str, narrow: bool) -> None:
        sheet.write_string(HEADER_ROW, place, title, self.styles.head())
        sheet.set_column(place, place, _NARROW if narrow else _WIDE if place > 3 else 22)

    def _cell(self, sheet: Any, row: int, place: int, text: str, column: Column) -> None:
        if isinstance(text, Figure) and column.numeric:
            sheet.write_number(row, place, text.value, self.styles.get(_shape(text), num_format=_shape(text)))
        else:
            sheet.write_string(row, place, cell_text(text), self.styles.get("wrapped", text_wrap=True))

    def _list(self, number: str, caption: str, sheet: Any, rows: int) -> None:
        self.listed.append((sheet.get_name(), f"{number}  {caption}", rows))
        self.text.append((number, caption, sheet.get_name()))

    def finish(self, contents: Any, text: Any, title: str) -> None:
        """Write the contents and the running text with the places of tables and figures."""
        contents.write(0, 0, title, self.styles.get("title", bold=True, font_size=14, font_color="#274B7A"))
        listed = [(text.get_name(), self.say("excel.text"), len(self.text)), *self.listed]
        for index, key in enumerate(("sheet", "content", "rows")):
            contents.write_string(HEADER_ROW, index, self.say(f"excel.{key}"), self.styles.head())
        for row, (name, content, count) in enumerate(listed, start=HEADER_ROW + 1):
            quoted = name.replace("'", "''")
            contents.write_url(row, 0, f"internal:'{quoted}'!A1", self.styles.link(), name)
            contents.write_string(row, 1, content, self.styles.get("cell"))
            contents.write_number(row, 2, count, self.styles.get("cell"))
        contents.set_column(0, 0, 34)
        contents.set_column(1, 1, 76)
        title_rows(text, self.styles, title, "", self.language)
        for index, key in enumerate(("kind", "content", "origin")):
            text.write_string(HEADER_ROW, index, self.say(f"excel.{key}"), self.styles.head())
        wrapped = self.styles.get("wrapped", text_wrap=True)
        strong = self.styles.get("strong", text_wrap=True, bold=True)
        heads = {self.say("excel.title"), self.say("excel.heading")}
        for row, (kind, told, source) in enumerate(self.text, start=HEADER_ROW + 1):
            for index, part in enumerate((kind, told, source)):
                if part:
                    text.write_string(row, index, part, strong if kind in heads else wrapped)
        text.set_column(0, 0, 10)
        text.set_column(1, 1, 96)
        text.set_column(2, 2, 40)
        text.freeze_panes(HEADER_ROW + 1, 0)
        for sheet in (contents, text):
            sheet.hide_gridlines(2)
            sheet.set_landscape()
            sheet.set_paper(9)
            sheet.fit_to_pages(1, 0)


def _look(one: dict[str, Any], kind: str, index: int) -> dict[str, Any]:
    """Return colours and lines of a series as the picture in the Word document has them."""
    colour = one.get("itemStyle", {}).get("color") or _COLOURS[index % len(_COLOURS)]
    if kind == "line":
        dash = one.get("lineStyle", {}).get("type")
        line = {"color": colour, "width": 2} | ({"dash_type": "dash"} if dash == "dashed" else {})
        hidden = one.get("symbolSize") == 0
        marker = {"type": "none"} if hidden else {"type": "circle", "size": 5, "fill": {"color": colour}}
        return {"line": line, "marker": marker}
    points = [
        {"fill": {"color": item["itemStyle"]["color"]}}
        if isinstance(item, dict) and "itemStyle" in item
        else None
        for item in one["data"]
    ]
    return {"fill": {"color": colour}, "gap": 50} | ({"points": points} if any(points) else {})


def _holds_figures(block: TableBlock, index: int) -> bool:
    return not block.columns[index].numeric and any(isinstance(line[index], Figure) for line in block.rows)


def _shape(text: Figure) -> str:
    """Return the number format that shows a figure as its text does."""
    share = text.endswith("%") and text.unit != "%"
    places = len(text.rstrip("%").partition(".")[2])
    return ("0" if share else "#,##0") + ("." + "0" * places if places else "") + ("%" if share else "")


def workbook(blocks: Sequence[Block], path: str | Path, language: Language) -> Path:
    """Write `blocks` as a workbook that holds what the Word document of the same blocks shows.

    Parameters
    ----------
    blocks : sequence of Block
        See :func:`tongyuan.report.word.document`.
    path : str or Path
        The file to write.
    language : {'zh', 'en'}

    Returns
    -------
    Path
        The file written: contents, running text with numbered headings, a sheet for every table (figures in
        full precision, with a column that names the record each row comes from) and for every chart (its
        figures beside a native chart).
    """
    target = Path(path)
    title = next((b.text for b in blocks if isinstance(b, Heading) and b.level == 0), "")
    options = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with replacing(target) as temporary, Book(temporary, options) as book:
        book.set_properties({"title": title, "created": datetime(2000, 1, 1)})
        made = _Book(book, Styles(book), language)
        contents, text = (
            book.add_worksheet(sheet_name(made.say(key), made.used))
            for key in ("excel.contents", "excel.text")
        )
        for block in blocks:
            if isinstance(block, Heading):
                made.heading(block)
            elif isinstance(block, Paragraph):
                made.paragraph(block)
            elif isinstance(block, Note):
                made.text.append((made.say("excel.remark"), block.text, ""))
            elif isinstance(block, TableBlock):
                made.table(block)
            elif isinstance(block, ChartBlock):
                made.chart(block)
        made.finish(contents, text, title)
    return target
