"""The official form of Word documents (GB/T 9704-2012): fonts, headings, page and its grid."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from docx.enum.section import WD_ORIENT, WD_SECTION
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Length, Mm, Pt, RGBColor

from tongyuan.reference.language import say
from tongyuan.reference.shelf import Language

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
LINES, LETTERS = 22, 28
"""Lines of a page and letters of a line (GB/T 9704-2012, 6.4)."""
WESTERN = "Times New Roman"
LEVEL_FONT = {1: "黑体", 2: "楷体_GB2312", 3: "仿宋_GB2312", 4: "仿宋_GB2312"}
_DIGITS = "零一二三四五六七八九"


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


def font(run: Any, name: str, size: Any, bold: bool = False) -> None:
    """Set the Chinese font, the size and the weight of a run; Western letters are Times New Roman."""
    run.font.name = WESTERN
    run.font.size = size
    run.font.bold = bold
    run.font.color.rgb = RGBColor(0, 0, 0)
    fonts = run._element.get_or_add_rPr().get_or_add_rFonts()
    fonts.set(qn("w:eastAsia"), name)
    for theme in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
        fonts.attrib.pop(qn(f"w:{theme}"), None)


def field(paragraph: Any, code: str, name: str, size: Any) -> None:
    """Add a field (``PAGE``) to a paragraph."""
    for kind, text in (("begin", ""), ("", code), ("separate", ""), (None, "1"), ("end", "")):
        run = paragraph.add_run()
        font(run, name, size)
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


def set_fonts(document: Any) -> None:
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
        for line in document.styles[style].element.iter(qn("w:pBdr")):
            line.getparent().remove(line)
            break
        element.set(qn("w:ascii"), WESTERN)
        element.set(qn("w:hAnsi"), WESTERN)
        element.set(qn("w:eastAsia"), "仿宋_GB2312")


def set_language(document: Any) -> None:
    """Set the language of the text, by which Chinese glyphs and spelling are chosen."""
    for element in document.styles.element.iter(qn("w:lang")):
        element.set(qn("w:val"), "en-US")
        element.set(qn("w:eastAsia"), "zh-CN")


def set_page(document: Any, language: Language, header: str) -> None:
    """Set A4 with the margins of GB/T 9704-2012, the header and page numbers on the outer side."""
    page = document.sections[0]
    page.orientation = WD_ORIENT.PORTRAIT
    page.page_width, page.page_height = Mm(210), Mm(297)
    page.top_margin, page.bottom_margin = Mm(37), Mm(35)
    page.left_margin, page.right_margin = Mm(28), Mm(26)
    page.header_distance, page.footer_distance = Mm(20), Mm(25)
    if language == "zh":
        document.styles["Normal"].font.size = BODY
        set_grid(page)
    document.settings.odd_and_even_pages_header_footer = True
    sides = (
        (page.footer, page.header, WD_ALIGN_PARAGRAPH.RIGHT),
        (page.even_page_footer, page.even_page_header, WD_ALIGN_PARAGRAPH.LEFT),
    )
    before, after = say("report", "word.page", language, page="\0").split("\0")
    for footer, head, side in sides:
        line = footer.paragraphs[0]
        line.alignment = side
        font(line.add_run(before), "宋体", Pt(14))
        field(line, "PAGE", "宋体", Pt(14))
        font(line.add_run(after), "宋体", Pt(14))
        if header:
            head.paragraphs[0].alignment = WD_ALIGN_PARAGRAPH.CENTER
            font(head.paragraphs[0].add_run(header), "楷体_GB2312", SMALL)


def set_grid(page: Any) -> None:
    """Set the grid of a portrait page: ``LINES`` lines fill the type area."""
    high = Length(page.page_height - page.top_margin - page.bottom_margin).pt / LINES
    for old in page._sectPr.findall(qn("w:docGrid")):
        page._sectPr.remove(old)
    grid = OxmlElement("w:docGrid")
    grid.set(qn("w:type"), "lines")
    grid.set(qn("w:linePitch"), str(int(high * 20)))
    page._sectPr.append(grid)


def condense(run: Any) -> None:
    """Set the letters of body text so close that ``LETTERS`` of them fill a line of 156 mm."""
    closer = OxmlElement("w:spacing")
    closer.set(qn("w:val"), str(-math.ceil((BODY.pt - Mm(156).pt / LETTERS) * 20)))
    run._element.get_or_add_rPr().append(closer)


def turn_page(document: Any, wide: bool) -> None:
    """Begin a new page, landscape where `wide`, with the same header and page numbers."""
    page = document.add_section(WD_SECTION.NEW_PAGE)
    page.orientation = WD_ORIENT.LANDSCAPE if wide else WD_ORIENT.PORTRAIT
    sides = (Mm(297), Mm(210)) if wide else (Mm(210), Mm(297))
    margins = (Mm(28), Mm(26), Mm(35), Mm(37)) if wide else (Mm(37), Mm(35), Mm(28), Mm(26))
    page.page_width, page.page_height = sides
    page.top_margin, page.bottom_margin, page.left_margin, page.right_margin = margins
    page.footer_distance = Mm(17) if wide else Mm(25)
