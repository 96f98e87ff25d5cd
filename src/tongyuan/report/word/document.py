"""Word documents in the form of Chinese official papers (GB/T 9704-2012): type area, type sizes, headings.

A document is a list of the blocks of `tongyuan.report.base.block`; numbering of headings, items, tables and
figures is done here. Rooms that write plans, bulletins or assessments make the blocks in a flow and hand
them over.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import docx
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_BREAK, WD_LINE_SPACING
from docx.shared import Cm, Pt

from tongyuan.ledger.write.atomic import replacing
from tongyuan.reference.language import say
from tongyuan.reference.shelf import Language
from tongyuan.report.base.block import (
    Block,
    Cards,
    ChartBlock,
    Heading,
    Links,
    Note,
    Paragraph,
    TableBlock,
    flat,
)
from tongyuan.report.base.excerpt import cut
from tongyuan.report.picture import figure
from tongyuan.report.word import table as word_table
from tongyuan.report.word.form import (
    BODY,
    LEVEL_FONT,
    LINE,
    SMALL,
    TITLE,
    condense,
    font,
    heading_number,
    set_fonts,
    set_language,
    set_page,
    turn_page,
)
from tongyuan.report.word.letter import Letter, address, close_letter, open_letter, record_letter


def numbered(counts: Sequence[int], level: int) -> list[int]:
    """Return the counts of heading levels after one more heading of `level` (1 to 4)."""
    after = [*counts, *[0] * 4][:level]
    after[-1] += 1
    return [max(1, count) for count in after]


@dataclass
class _Writer:
    document: Any
    language: Language
    counts: list[int] = field(default_factory=list)
    items: int = 0
    tables: int = 0
    figures: int = 0
    wide: bool = False

    def turn(self, wide: bool) -> None:
        """Go to a page of the other orientation where the present one does not fit."""
        if wide != self.wide:
            turn_page(self.document, wide)
            self.wide = wide

    @property
    def indent(self) -> Any:
        return BODY * 2 if self.language == "zh" else None

    def paragraph(self, style: str | None = None) -> Any:
        made = self.document.add_paragraph(style=style)
        form = made.paragraph_format
        form.space_before = form.space_after = Pt(0)
        form.line_spacing_rule, form.line_spacing = WD_LINE_SPACING.EXACTLY, LINE
        return made

    def heading(self, block: Heading) -> None:
        self.items = 0
        if block.level == 0:
            made = self.paragraph("Title")
            made.paragraph_format.line_spacing = Pt(36)
            made.alignment = WD_ALIGN_PARAGRAPH.CENTER
            made.paragraph_format.space_after = Pt(24)
            font(made.add_run(block.text), "方正小标宋简体", TITLE)
            return
        level = min(block.level, 4)
        made = self.paragraph(f"Heading {level}")
        made.paragraph_format.keep_with_next = True
        number = ""
        if block.numbered:
            self.counts = numbered(self.counts, level)
            number = heading_number(self.counts, self.language)
            made.paragraph_format.first_line_indent = self.indent
        bold = level == 3 or self.language == "en"
        font(made.add_run(number + block.text), LEVEL_FONT[level], BODY, bold=bold)

    def text(self, block: Paragraph) -> None:
        number = ""
        if block.item:
            self.items += 1
            number = f"{self.items}. "
        made = self.paragraph()
        made.paragraph_format.first_line_indent = self.indent
        made.paragraph_format.space_after = Pt(0 if self.language == "zh" else 6)
        made.alignment = WD_ALIGN_PARAGRAPH.JUSTIFY if self.language == "zh" else WD_ALIGN_PARAGRAPH.LEFT
        run = made.add_run(number + block.text)
        font(run, "仿宋_GB2312", BODY)
        if self.language == "zh":
            condense(run)

    def small(self, text: str, name: str = "宋体", centred: bool = False, keep: bool = False) -> Any:
        made = self.document.add_paragraph()
        form = made.paragraph_format
        form.space_before, form.space_after = Pt(6 if keep else 2), Pt(4)
        form.keep_with_next = keep
        if centred:
            made.alignment = WD_ALIGN_PARAGRAPH.CENTER
        font(made.add_run(text), name, Pt(12) if centred else SMALL, bold=centred and self.language == "en")
        return made

    def table(self, block: TableBlock) -> None:
        block = cut(block, self.language)
        self.turn(block.wide)
        self.tables += 1
        number = say("report", "page.tabular", self.language, number=self.tables)
        self.small(f"{number}  {block.caption}", "黑体", centred=True, keep=True)
        self.document.element.body.sectPr.addprevious(word_table.table(block))
        self.small(block.note)

    def chart(self, block: ChartBlock) -> None:
        if not figure.drawable(block.option):
            if block.table:
                self.table(block.table)
            return
        self.turn(False)
        self.figures += 1
        least = 4.0 if block.option["yAxis"]["type"] == "category" else 6.5
        height = min(16.0, max(least, block.height / 46))
        picture = figure.png(block.option, width=word_table.TEXT_WIDTH, height=height)
        holder = self.document.add_paragraph()
        holder.alignment = WD_ALIGN_PARAGRAPH.CENTER
        holder.paragraph_format.keep_with_next = True
        shape = holder.add_run().add_picture(io.BytesIO(picture), width=Cm(word_table.TEXT_WIDTH))
        shape._inline.docPr.set("descr", block.description)
        number = say("report", "page.figure", self.language, number=self.figures)
        self.small(f"{number}  {block.caption}", "黑体", centred=True, keep=bool(block.note))
        if block.note:
            self.small(block.note)

    def block(self, block: Block) -> None:
        if isinstance(block, Heading):
            self.heading(block)
        elif isinstance(block, Paragraph):
            self.text(block)
        elif isinstance(block, Note):
            self.small(block.text, "楷体_GB2312")
        elif isinstance(block, TableBlock):
            self.table(block)
        elif isinstance(block, ChartBlock):
            self.chart(block)
        elif isinstance(block, Cards):
            for card in block.cards:
                told = [*card.lines, *(mark.text for mark in card.marks)]
                self.text(Paragraph(" ".join([card.title, card.value, card.unit, *told])))
        elif isinstance(block, Links):
            for title, file, content in block.items:
                self.text(Paragraph(f"{title} ({file}) {content}".strip()))


def landscape(blocks: Sequence[Block]) -> list[bool]:
    """Tell for every block whether it stands on a landscape page.

    A wide table does, and so do the heading and the lines of text that lead to it.
    """
    turned = [isinstance(block, TableBlock) and block.wide for block in blocks]
    heads = [isinstance(block, Heading) and block.level > 0 for block in blocks]
    for index in range(len(blocks) - 2, 0, -1):
        leads = isinstance(blocks[index], Paragraph | Note) and heads[index - 1] and not heads[index + 1]
        turned[index] |= turned[index + 1] and (heads[index] or leads)
    return turned


def document(
    blocks: Sequence[Block],
    path: str | Path,
    language: Language,
    *,
    header: str = "",
    letter: Letter | None = None,
) -> Path:
    """Write `blocks` as a Word document in official form.

    Parameters
    ----------
    blocks : sequence of Block
        `Heading` (level 0 is the title), `Paragraph`, `Note`, `TableBlock`, `ChartBlock`, `Cards`. Headings
        are numbered 一、（一）1.（1） in Chinese and 1, 1.1, 1.1.1 in English. A chart without axes is
        written as its table, a wide table on a landscape page. Where figures come from stands in the
        workbook of the document, not in the paper.
    path : str or Path
        The file to write.
    language : {'zh', 'en'}
    header : str, optional
        Text at the head of every page.
    letter : Letter, optional
        What makes the document an official paper: heading, number, addressees, signature, record. Annexes
        (headings without a number) begin a page of their own after the signature.

    Returns
    -------
    Path
        The file written.
    """
    target = Path(path)
    made = docx.Document()
    set_fonts(made)
    set_language(made)
    set_page(made, language, header)
    title = next((b.text for b in blocks if isinstance(b, Heading) and b.level == 0), "")
    made.core_properties.title = title
    made.core_properties.author = ""
    made.core_properties.comments = ""
    made.core_properties.language = "zh-CN" if language == "zh" else "en"
    writer = _Writer(made, language)
    blocks = flat(blocks)
    annexes = [b.text for b in blocks if isinstance(b, Heading) and not b.numbered and b.level]
    if letter is not None:
        open_letter(made, letter)
    signed = letter is None
    for block, wide in zip(blocks, landscape(blocks), strict=True):
        annex = isinstance(block, Heading) and block.level > 0 and not block.numbered
        if annex and letter is not None and not signed:
            close_letter(made, letter, annexes)
            signed = True
            if not wide:
                made.add_paragraph().add_run().add_break(WD_BREAK.PAGE)
        writer.turn(wide)
        writer.block(block)
        if letter is not None and isinstance(block, Heading) and block.level == 0:
            address(made, letter)
    if letter is not None:
        if not signed:
            close_letter(made, letter, annexes)
        record_letter(made, letter)
    _save(made, target)
    return target


def _save(made: Any, target: Path) -> None:
    """Write the package with the date of every part fixed, so that the same content gives the same bytes."""
    packed = io.BytesIO()
    made.save(packed)
    with (
        replacing(target) as temporary,
        zipfile.ZipFile(packed) as archive,
        zipfile.ZipFile(temporary, "w", zipfile.ZIP_DEFLATED) as fixed,
    ):
        for name in archive.namelist():
            part = zipfile.ZipInfo(name, date_time=(2000, 1, 1, 0, 0, 0))
            part.compress_type = zipfile.ZIP_DEFLATED
            fixed.writestr(part, archive.read(name))
