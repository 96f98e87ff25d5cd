import pytest

from tongyuan.report.base.block import Cards, Note, Section, TableBlock
from tongyuan.report.html import brief
from tongyuan.report.html.brief import brief_html, opened, write_brief

CARDS = Cards((), "c")
SECTIONS = [
    Section("first_page", "a", (Note("x"), CARDS), shown=None),
    Section("plan", "b", (CARDS, Note("y")), shown=1),
    Section("gap", "c", (CARDS,), shown=0),
    Section("doubt", "d", (Note("x"), CARDS), shown=1),
    Section("input", "e", (TableBlock("t", (), (), folded=True),), shown=1),
]


def test_a_picture_is_the_first_page_and_slides_are_what_stands_open_and_can_be_seen():
    """Words alone, or a table that is folded, make no slide."""
    assert [s.key for s in opened(SECTIONS, "brief")] == ["first_page"]
    assert [(s.key, len(s.blocks)) for s in opened(SECTIONS, "slides")] == [("first_page", 2), ("plan", 1)]


def test_without_a_browser_html_is_written(tables, tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path))
    assert brief.browser() is None
    made = write_brief(tables, tmp_path / "b.png", "zh")
    assert made.name == "b.html"
    text = made.read_text("utf-8")
    assert 'class="brief"' in text
    assert text.count("<section") == 1


def test_slides_have_the_size_of_a_screen(tables):
    text = brief_html(tables, "en", "slides")
    assert "@page { size: 254mm 143mm" in text
    assert '<details class="fold"' not in text


@pytest.mark.browser
@pytest.mark.parametrize(
    ("name", "layout", "head"), [("b.png", "brief", b"\x89PNG"), ("s.pdf", "slides", b"%PDF")]
)
def test_pictures_are_made_by_the_browser(tables, tmp_path, chromium, name, layout, head):
    assert brief.browser()
    made = write_brief(tables, tmp_path / name, "zh", layout=layout)
    assert made.name == name
    assert made.read_bytes().startswith(head)
    assert made.stat().st_size > 20_000
