from importlib import import_module
from pathlib import Path

import pytest

import tongyuan.report.sections as sections
from tongyuan.report.block import Cards, ChartBlock, Links, TableBlock
from tongyuan.report.sections import SECTIONS, all_sections


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
@pytest.mark.parametrize("name", SECTIONS)
def test_every_chapter_appears_and_its_tables_are_square(tables, planned, name, language):
    made = import_module(f"tongyuan.report.sections.{name}").section({**tables, **planned}, language)
    assert made is not None
    assert made.key == name
    for block in made.blocks:
        for table in (block, getattr(block, "table", None)):
            if isinstance(table, TableBlock):
                assert table.rows
                assert all(len(row) == len(table.columns) for row in table.rows)
                assert all(isinstance(cell, str) for row in table.rows for cell in row)
        for text in texts(block):
            assert "{" not in text
            assert "None" not in text
            assert "nan" not in text.split()


@pytest.mark.parametrize("name", SECTIONS)
def test_no_chapter_without_its_tables(no_tables, name):
    section = import_module(f"tongyuan.report.sections.{name}").section
    assert section({}, "zh") is None
    assert section(no_tables, "zh") is None


def test_registry_names_every_module():
    folder = Path(sections.__file__).parent
    assert {path.stem for path in folder.glob("*.py")} - {"__init__"} == set(SECTIONS)


def test_one_year_has_no_change_chapter(lone_year):
    keys = [made.key for made in all_sections(lone_year, "en")]
    assert "change" not in keys
    assert {"key_figures", "common_source", "sankey", "species_sector", "run"} <= set(keys)
