from __future__ import annotations

from pathlib import Path

import pytest

from tongyuan.ledger import table as ledger
from tongyuan.ledger.run_set import latest
from tongyuan.office.chapter import completed, page, present
from tongyuan.report.chapters import room_title, rooms


def test_every_room_with_chapters_is_called_something_in_both_languages() -> None:
    for room in rooms():
        assert room_title(room, "zh") != room_title(room, "en")


def test_the_chapters_of_a_run_are_those_of_its_report(minimal_run: Path) -> None:
    folder = latest(minimal_run)
    assert folder is not None
    report = (folder / "report.zh.html").read_text("utf-8")
    seen = present(folder, "x")
    assert seen[0] == "front"
    assert "inventory" in seen
    for room in seen:
        made = page(folder, "x", room, "zh")
        assert made.name
        for line in made.html.splitlines():
            if "card-value" in line:
                assert line in report
        assert f'data-chart="{len(made.charts) - 1}"' in made.html or not made.charts
    with pytest.raises(KeyError):
        page(folder, "x", "nonsense", "zh")


def test_a_table_of_an_earlier_release_has_the_columns_of_this_one() -> None:
    whole = ledger.empty("summary")
    earlier = whole.drop("comparable")
    assert completed("summary", earlier).schema["comparable"] == whole.schema["comparable"]
    assert completed("summary", whole).equals(whole)
    assert completed("nonsense", earlier).equals(earlier)
