import docx
import pytest
from docx.oxml.ns import qn
from docx.shared import Emu

from tongyuan.report.word.form import (
    FALLBACKS,
    chinese_numeral,
    condense,
    heading_number,
    set_fonts,
    set_page,
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


def test_twenty_two_lines_of_twenty_eight_letters_fill_the_type_area():
    made = docx.Document()
    set_page(made, "zh", "")
    grid = made.sections[0]._sectPr.find(qn("w:docGrid"))
    assert grid.get(qn("w:type")) == "lines"
    # 297 - 37 - 35 = 225 mm are 637.8 pt, a 22nd is 28.99 pt; 156 mm are 442.2 pt, a 28th is 15.79 pt.
    assert int(grid.get(qn("w:linePitch"))) == 579
    run = made.add_paragraph().add_run("文")
    condense(run)
    closer = int(run._element.rPr.find(qn("w:spacing")).get(qn("w:val")))
    assert 28 * (16 + closer / 20) <= 442.2 < 29 * (16 + closer / 20)
