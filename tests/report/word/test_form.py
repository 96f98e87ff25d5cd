import docx
import pytest
from docx.oxml.ns import qn
from docx.shared import Emu

from tongyuan.report.word.form import (
    FALLBACKS,
    Footnotes,
    chinese_numeral,
    heading_number,
    set_fonts,
    turn_page,
)


def test_chinese_numerals():
    assert [chinese_numeral(n) for n in (1, 10, 11, 20, 29, 99)] == [
        "一",
        "十",
        "十一",
        "二十",
        "二十九",
        "九十九",
    ]
    with pytest.raises(ValueError, match="1 to 99"):
        chinese_numeral(100)


def test_heading_numbers():
    assert heading_number([3], "zh") == "三、"
    assert heading_number([3, 2], "zh") == "（二）"
    assert heading_number([3, 2, 1], "zh") == "1. "
    assert heading_number([3, 2, 1, 4], "zh") == "（4）"
    assert heading_number([3, 2, 1], "en") == "3.2.1 "


def test_fonts_of_official_papers_are_named_with_what_may_stand_for_them():
    made = docx.Document()
    set_fonts(made)
    table = next(p for p in made.part.package.iter_parts() if str(p.partname) == "/word/fontTable.xml")
    text = table.blob.decode()
    assert all(f'w:name="{name}"' in text for name in FALLBACKS)
    fonts = made.styles["Normal"].element.rPr.rFonts
    assert fonts.get(qn("w:eastAsia")) == "仿宋_GB2312"


def test_pages_turn_and_keep_the_type_area():
    made = docx.Document()
    turn_page(made, True)
    turn_page(made, False)
    areas = [
        (round(Emu(s.page_width - s.left_margin - s.right_margin).mm), round(s.page_height.mm))
        for s in made.sections[1:]
    ]
    assert areas == [(225, 210), (156, 297)]


def test_footnotes_escape_their_text(tmp_path):
    made = docx.Document()
    notes = Footnotes(made)
    notes.add(made.add_paragraph("a"), "x < y & z")
    notes.finish()
    made.save(str(tmp_path / "a.docx"))
    again = docx.Document(str(tmp_path / "a.docx"))
    part = next(p for p in again.part.package.iter_parts() if str(p.partname) == "/word/footnotes.xml")
    assert b"x &lt; y &amp; z" in part.blob
    assert part.blob.count(b"<w:footnote ") == 3
