"""Every row of every shelf with a source column names a source of the bibliography."""

from __future__ import annotations

from importlib.resources import files

import pytest

from tongyuan.reference.shelf import read_text_csv, shelf, shelves

SOURCED = [name for name in sorted(shelves()) if "source" in shelf(name).columns]
LIBRARY = files("tongyuan.reference.factors") / "library"


@pytest.fixture(scope="module")
def known() -> set[str]:
    return set(shelf("source")["id"])


def test_the_bibliography_is_complete() -> None:
    frame = shelf("source")
    assert frame["id"].is_unique().all()
    for column in ("title", "language"):
        assert (frame[column] != "").all(), column


@pytest.mark.parametrize("name", [name for name in SOURCED if name != "species"])
def test_every_row_has_a_source_that_exists(name: str, known: set[str]) -> None:
    for text in shelf(name)["source"]:
        assert set(text.split("|")) <= known


def test_species_have_sources_for_their_figures(known: set[str]) -> None:
    for row in shelf("species").to_dicts():
        assert set(row["source"].split("|")) - {""} <= known
        assert bool(row["source"]) == bool(row["equivalent_kg"] or row["odp"]), row["species"]


def test_every_library_record_has_a_source_that_exists(known: set[str]) -> None:
    for path in LIBRARY.iterdir():
        if path.name.endswith(".csv"):
            frame = read_text_csv(path)
            assert set(frame["source"]) <= known, path.name
            assert (frame["locator"] != "").all(), path.name
