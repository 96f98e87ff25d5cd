import pytest

from tongyuan import report
from tongyuan.report import chapters as registry
from tongyuan.report.base.block import Cards, ChartBlock, Choice, Links, TableBlock, flat
from tongyuan.report.chapters import all_sections, chapters


def texts(block):
    match block:
        case TableBlock():
            yield block.caption
            yield block.note
            yield from (column.title for column in block.columns)
            for row in block.rows:
                yield from row
        case ChartBlock():
            yield from (block.caption, block.description, block.note)
            if block.table:
                yield from texts(block.table)
        case Choice():
            yield block.caption
            for name, one in block.charts:
                yield name
                yield from texts(one)
        case Cards():
            yield block.caption
            for card in block.cards:
                yield from (card.title, card.value, card.unit, *card.lines)
        case Links():
            yield block.caption
            for item in block.items:
                yield from item
        case _:
            yield block.text


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("name", chapters())
def test_every_chapter_appears_and_its_tables_are_square(tables, planned, name, language):
    made = chapters()[name].section({**tables, **planned}, language)
    assert made is not None
    assert made.key == name
    for block in flat(made.blocks):
        for table in (block, getattr(block, "table", None)):
            if isinstance(table, TableBlock):
                assert table.rows
                assert all(len(row) == len(table.columns) for row in table.rows)
                assert all(isinstance(cell, str) for row in table.rows for cell in row)
        for text in texts(block):
            assert "{" not in text
            assert "None" not in text
            assert "nan" not in text.split()


@pytest.mark.parametrize("name", chapters())
def test_no_chapter_without_its_tables(no_tables, name):
    section = chapters()[name].section
    assert section({}, "zh") is None
    assert section(no_tables, "zh") is None


def test_a_room_with_a_chapter_is_found_where_it_stands(tmp_path, monkeypatch):
    folder = tmp_path / "planted" / "chapter"
    folder.mkdir(parents=True)
    (folder.parent / "__init__.py").touch()
    (folder / "__init__.py").touch()
    (folder / "sieve.py").write_text("ORDER = 205\n\ndef section(tables, language):\n    return None\n")
    monkeypatch.setattr(report, "__path__", [*report.__path__, str(tmp_path)])
    found = registry.chapters.__wrapped__()
    names = list(found)
    assert names.index("sieve") == names.index("plan") - 1
    assert set(names) - {"sieve"} == set(chapters())


def test_one_year_has_no_change_chapter(lone_year):
    keys = [made.key for made in all_sections(lone_year, "en")]
    assert "change" not in keys
    assert {"key_figures", "common_source", "sankey", "species_sector", "run"} <= set(keys)
