"""The page of units says what the code does."""

from __future__ import annotations

from tongyuan.reference import units
from tongyuan.reference.shelf import shelf
from tongyuan.reference.unit.page import metric_page, readings_page, spellings_page


def test_every_spelling_stands_on_the_page() -> None:
    page = spellings_page()
    for spelling in shelf("unit")["spelling"]:
        assert f"`{spelling}`" in page
    assert "| `蒸吨` | 蒸吨 | steam tonne per hour of boiler capacity | 0.7 MW |" in page


def test_the_page_says_what_is_refused_and_what_is_read() -> None:
    page = dict(line.split(" | ", 1) for line in readings_page().splitlines()[2:])
    for spelling in shelf("unit_reading")["spelling"]:
        line = page[f"| `{spelling}`"]
        assert ("refused" in line) == (not units.known(spelling))
        assert ("with a notice" in line) == units.known(spelling)


def test_prefixes_are_listed_with_their_source() -> None:
    page = metric_page()
    assert "`PWh`" in page
    assert "`Mm`" not in page
    assert "7000 kcal are 29307.6 kJ" in page
