"""Word documents in the form of Chinese official papers (GB/T 9704-2012): type area, type sizes, headings.

A document is a list of the blocks of `tongyuan.report.block`; numbering of headings, tables and figures is
done here. Rooms that write plans, bulletins or assessments make the blocks in a flow and hand them over.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import docx
from docx.enum.section import WD_ORIENT
from docx.enum.table import WD_CELL_VERTICAL_ALIGNMENT, WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Mm, Pt, RGBColor

from tongyuan.reference.language import say
from tongyuan.reference.shelf import Language
from tongyuan.report import figure
from tongyuan.report.block import Block, Cards, ChartBlock, Heading, Note, Paragraph, TableBlock

# Name in the document → names to fall back to where that font is not installed.
FALLBACKS = {
    "方正小标宋简体": "方正小标宋_GBK;STZhongsong;华文中宋;SimSun;Noto Serif CJK SC",
    "黑体": "SimHei;STHeiti;Noto Sans CJK SC",
    "楷体_GB2312": "楷体;KaiTi;STKaiti;Noto Serif CJK SC",
    "仿宋_GB2312": "仿宋;FangSong;STFangsong;Noto Serif CJK SC",
    "宋体": "SimSun;STSong;Noto Serif CJK SC",
}
TITLE, BODY, SMALL = Pt(22), Pt(16), Pt(10.5)  # 二号, 三号, 五号
LINE = Pt(29)
WESTERN = "Times New Roman"
_LEVEL_FONT = {1: "黑体", 2: "楷体_GB2312", 3: "仿宋_GB2312", 4: "仿宋_GB2312"}
_DIGITS = "零一二三四五六七八九"
KEPT_TOGETHER = 12  # rows of a table that is not broken over pages
TEXT_WIDTH = 15.6  # cm, the type area of 156 mm


def chinese_numeral(number: int) -> str:
    """Return 1 to 99 in Chinese numerals, as official headings are numbered."""
    if not 0 < number < 100:
        raise ValueError(f"headings are numbered from 1 to 99, not {number}")
    tens, ones = divmod(number, 10)
    head = "" if tens == 0 else "十" if tens == 1 else _DIGITS[tens] + "十"
    return head + (_DIGITS[ones] if ones else "")


def heading_number(counts: Sequence[int], language: Language) -> str:
    """Return the number of a heading from the counts of its levels: 一、（一）1.（1） or 1, 1.1, 1.1.1."""
    if language == "en":
        return ".".join(map(str, counts)) + " "
    last, level = counts[-1], len(counts)
    if level == 1:
        return f"{chinese_numeral(last)}、"
    if level == 2:
        return f"（{chinese_numeral(last)}）"
    return f"{last}. " if level == 3 else f"（{last}）"


def _font(run: Any, name: str, size: Any, bold: bool = False) -> None:
    run.font.name = WESTERN
    run.font.size = size
    run.font.bold = bold
    run.font.color.rgb = RGBColor(0, 0, 0)
    fonts = run._element.get_or_add_rPr().get_or_add_rFonts()
    fonts.set(qn("w:eastAsia"), name)
    for theme in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
        fonts.attrib.pop(qn(f"w:{theme}"), None)


def _field(paragraph: Any, code: str, name: str, size: Any) -> None:
    for kind, text in (("begin", ""), ("", code), ("separate", ""), (None, "1"), ("end", "")):
        run = paragraph.add_run()
        _font(run, name, size)
        if kind is None:
            run.text = text
        elif kind:
            mark = OxmlElement("w:fldChar")
            mark.set(qn("w:fldCharType"), kind)
            run._element.append(mark)
        else:
            instruction = OxmlElement("w:instrText")
            instruction.set(qn("xml:space"), "preserve")
            instruction.text = text
            run._element.append(instruction)


def _border(cell: Any, **edges: int) -> None:
    properties = cell._element.get_or_add_tcPr()
    borders = OxmlElement("w:tcBorders")
    for edge in ("top", "bottom"):
        if edge in edges:
            line = OxmlElement(f"w:{edge}")
            line.set(qn("w:val"), "single")
            line.set(qn("w:sz"), str(edges[edge]))
            line.set(qn("w:color"), "000000")
            borders.append(line)
    properties.append(borders)


@dataclass
class _Writer:
    document: Any
    language: Language
    counts: list[int] = field(default_factory=list)
    tables: int = 0
    figures: int = 0

    def paragraph(self, style: str | None = None) -> Any:
        made = self.document.add_paragraph(style=style)
        form = made.paragraph_format
        form.space_before = form.space_after = Pt(0)
        form.line_spacing_rule, form.line_spacing = WD_LINE_SPACING.EXACTLY, LINE
        return made

    def heading(self, block: Heading) -> None:
        if block.level == 0:
            made = self.paragraph("Title")
            made.paragraph_format.line_spacing = Pt(36)
            made.alignment = WD_ALIGN_PARAGRAPH.CENTER
            made.paragraph_format.space_after = Pt(24)
            _font(made.add_run(block.text), "方正小标宋简体", TITLE)
            return
        level = min(block.level, 4)
        self.counts = [*self.counts, *[0] * 4][:level]
        self.counts[-1] += 1
        self.counts = [max(1, count) for count in self.counts]
        made = self.paragraph(f"Heading {level}")
        made.paragraph_format.first_line_indent = BODY * 2 if self.language == "zh" else None
        made.paragraph_format.keep_with_next = True
        text = heading_number(self.counts, self.language) + block.text
        bold = level == 3 or self.language == "en"
        _font(made.add_run(text), _LEVEL_FONT[level], BODY, bold=bold)

    def text(self, text: str) -> None:
        made = self.paragraph()
        made.paragraph_format.first_line_indent = BODY * 2 if self.language == "zh" else None
        made.paragraph_format.space_after = Pt(0 if self.language == "zh" else 6)
        made.alignment = WD_ALIGN_PARAGRAPH.JUSTIFY if self.language == "zh" else WD_ALIGN_PARAGRAPH.LEFT
        _font(made.add_run(text), "仿宋_GB2312", BODY)

    def small(self, text: str, name: str = "宋体", centred: bool = False, keep: bool = False) -> Any:
        made = self.document.add_paragraph()
        form = made.paragraph_format
        form.space_before, form.space_after = Pt(6 if keep else 2), Pt(4)
        form.keep_with_next = keep
        if centred:
            made.alignment = WD_ALIGN_PARAGRAPH.CENTER
        _font(made.add_run(text), name, Pt(12) if centred else SMALL, bold=centred and self.language == "en")
        return made

    def table(self, block: TableBlock) -> None:
        self.tables += 1
        number = say("report", "page.tabular", self.language, number=self.tables)
        self.small(f"{number}  {block.caption}", "黑体", centred=True, keep=True)
        made = self.document.add_table(rows=1 + len(block.rows), cols=len(block.columns))
        made.alignment = WD_TABLE_ALIGNMENT.CENTER
        made.autofit = False
        widths = _widths(block)
        for column, width in zip(made.columns, widths, strict=True):
            column.width = Cm(width)
        lines = [[column.title for column in block.columns], *block.rows]
        for row_index, line in enumerate(lines):
            row = made.rows[row_index]
            row._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))
            for index, text in enumerate(line):
                cell = row.cells[index]
                cell.width = Cm(widths[index])
                cell.vertical_alignment = WD_CELL_VERTICAL_ALIGNMENT.CENTER
                made_text = cell.paragraphs[0]
                made_text.paragraph_format.space_before = made_text.paragraph_format.space_after = Pt(1.5)
                together = row_index == 0 or len(lines) <= KEPT_TOGETHER
                made_text.paragraph_format.keep_with_next = together and row_index < len(lines) - 1
                if block.columns[index].numeric:
                    made_text.alignment = WD_ALIGN_PARAGRAPH.RIGHT
                strong = row_index == 0 or (row_index - 1) in block.strong
                size = SMALL if len(block.columns) <= 7 else Pt(8)
                _font(made_text.add_run(str(text)), "黑体" if strong else "宋体", size, bold=strong)
                if row_index == 0:
                    _border(cell, top=12, bottom=6)
                elif row_index == len(lines) - 1:
                    _border(cell, bottom=12)
        repeat = OxmlElement("w:tblHeader")
        made.rows[0]._tr.get_or_add_trPr().append(repeat)
        self.small(block.note)

    def chart(self, block: ChartBlock) -> None:
        if not figure.drawable(block.option):
            if block.table:
                self.table(block.table)
            return
        self.figures += 1
        height = min(16.0, max(6.5, block.height / 46))
        picture = figure.png(block.option, width=TEXT_WIDTH, height=height)
        holder = self.document.add_paragraph()
        holder.alignment = WD_ALIGN_PARAGRAPH.CENTER
        holder.paragraph_format.keep_with_next = True
        shape = holder.add_run().add_picture(io.BytesIO(picture), width=Cm(TEXT_WIDTH))
        shape._inline.docPr.set("descr", block.description)
        number = say("report", "page.figure", self.language, number=self.figures)
        self.small(f"{number}  {block.caption}", "黑体", centred=True, keep=bool(block.note))
        if block.note:
            self.small(block.note)

    def block(self, block: Block) -> None:
        if isinstance(block, Heading):
            self.heading(block)
        elif isinstance(block, Paragraph):
            self.text(block.text)
        elif isinstance(block, Note):
            self.small(block.text, "楷体_GB2312")
        elif isinstance(block, TableBlock):
            self.table(block)
        elif isinstance(block, ChartBlock):
            self.chart(block)
        elif isinstance(block, Cards):
            for card in block.cards:
                self.text(" ".join([card.title, card.value, card.unit, *card.lines]))


def _widths(block: TableBlock) -> list[float]:
    """Return column widths [cm]: short columns as wide as their text, long ones share what is left."""
    unit = 0.2 if len(block.columns) <= 7 else 0.155  # cm per half-width character in the type of the table
    natural, least = [], []
    for index, column in enumerate(block.columns):
        cells = [sum(2 if ord(c) > 0x2E80 else 1 for c in str(row[index])) for row in block.rows]
        words = [sum(2 if ord(c) > 0x2E80 else 1 for c in word) for word in column.title.split()]
        natural.append(unit * max([*cells, *(word * 1.2 for word in words[:1]), 3]) + 0.45)
        least.append(
            unit * max([*(cells if column.numeric else []), min(max(words, default=3), 12), 3]) + 0.45
        )
    spare = TEXT_WIDTH - sum(natural)
    if spare >= 0:
        return [width * TEXT_WIDTH / sum(natural) for width in natural]
    fixed = [width if width <= TEXT_WIDTH / len(natural) else None for width in natural]
    room = TEXT_WIDTH - sum(width for width in fixed if width is not None)
    wanted = sum(width**0.5 for width, own in zip(natural, fixed, strict=True) if own is None)
    shared = [
        own if own is not None else max(low, room * width**0.5 / wanted)
        for width, own, low in zip(natural, fixed, least, strict=True)
    ]
    return [width * TEXT_WIDTH / sum(shared) for width in shared]


def _set_fonts(document: Any) -> None:
    """Name the fall-back fonts in the font table and the default fonts of the styles."""
    for part in document.part.package.iter_parts():
        if str(part.partname) == "/word/fontTable.xml":
            listed = "".join(
                f'<w:font w:name="{name}"><w:altName w:val="{others}"/><w:charset w:val="86"/></w:font>'
                for name, others in FALLBACKS.items()
            )
            part._blob = part.blob.replace(b"</w:fonts>", listed.encode() + b"</w:fonts>")
    for style in ("Normal", "Title", "Heading 1", "Heading 2", "Heading 3", "Heading 4"):
        element = document.styles[style].element.get_or_add_rPr().get_or_add_rFonts()
        for key in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
            element.attrib.pop(qn(f"w:{key}"), None)
        for border in document.styles[style].element.iter(qn("w:pBdr")):
            border.getparent().remove(border)
            break
        element.set(qn("w:ascii"), WESTERN)
        element.set(qn("w:hAnsi"), WESTERN)
        element.set(qn("w:eastAsia"), "仿宋_GB2312")


def _set_language(document: Any) -> None:
    """Set the language of the text, by which Chinese glyphs and spelling are chosen."""
    for element in document.styles.element.iter(qn("w:lang")):
        element.set(qn("w:val"), "en-US")
        element.set(qn("w:eastAsia"), "zh-CN")


def _set_page(document: Any, language: Language, header: str) -> None:
    """Set A4 with the margins of GB/T 9704-2012, the header and page numbers on the outer side."""
    page = document.sections[0]
    page.orientation = WD_ORIENT.PORTRAIT
    page.page_width, page.page_height = Mm(210), Mm(297)
    page.top_margin, page.bottom_margin = Mm(37), Mm(35)
    page.left_margin, page.right_margin = Mm(28), Mm(26)
    page.header_distance, page.footer_distance = Mm(20), Mm(25)
    document.settings.odd_and_even_pages_header_footer = True
    sides = (
        (page.footer, page.header, WD_ALIGN_PARAGRAPH.RIGHT),
        (page.even_page_footer, page.even_page_header, WD_ALIGN_PARAGRAPH.LEFT),
    )
    before, after = say("report", "word.page", language, page="\0").split("\0")
    for footer, head, side in sides:
        line = footer.paragraphs[0]
        line.alignment = side
        _font(line.add_run(before), "宋体", Pt(14))
        _field(line, "PAGE", "宋体", Pt(14))
        _font(line.add_run(after), "宋体", Pt(14))
        if header:
            head.paragraphs[0].alignment = WD_ALIGN_PARAGRAPH.CENTER
            _font(head.paragraphs[0].add_run(header), "楷体_GB2312", SMALL)


def document(blocks: Sequence[Block], path: str | Path, language: Language, *, header: str = "") -> Path:
    """Write `blocks` as a Word document in official form.

    Parameters
    ----------
    blocks : sequence of Block
        `Heading` (level 0 is the title), `Paragraph`, `Note`, `TableBlock`, `ChartBlock`, `Cards`. Headings
        are numbered 一、（一）1.（1） in Chinese and 1, 1.1, 1.1.1 in English. A chart without axes is
        written as its table.
    path : str or Path
        The file to write.
    language : {'zh', 'en'}
    header : str, optional
        Text at the head of every page.

    Returns
    -------
    Path
        The file written.
    """
    target = Path(path)
    target.parent.mkdir(parents=True, exist_ok=True)
    made = docx.Document()
    _set_fonts(made)
    _set_language(made)
    _set_page(made, language, header)
    title = next((b.text for b in blocks if isinstance(b, Heading) and b.level == 0), "")
    made.core_properties.title = title
    made.core_properties.author = ""
    made.core_properties.comments = ""
    made.core_properties.language = "zh-CN" if language == "zh" else "en"
    writer = _Writer(made, language)
    lacks_font = language == "zh" and figure.chinese_family() is None
    if lacks_font and any(isinstance(b, ChartBlock) for b in blocks):
        writer.block(Note(say("report", "word.no_font", language), "warning"))
    for block in blocks:
        writer.block(block)
    made.save(str(target))
    return target
