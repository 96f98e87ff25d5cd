"""Lists in one cell: any separator, any name, any case, and nothing that matches nothing."""

from __future__ import annotations

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tongyuan.ledger.read.cell_list import parse_list
from tongyuan.ledger.table import Column, join_list, split_list, table
from tongyuan.reference.shelf import shelf


def column(name: str, of: str) -> Column:
    return next(c for c in table(of).columns if c.name == name)


def listed(text: str) -> list[str]:
    """Return canonical text as a list."""
    words: list[str] = pl.select(split_list(pl.lit(text))).item().to_list()
    return words


EXCLUDED = column("excluded", "activity")
DEPARTMENTS = column("departments", "task")


@pytest.mark.parametrize(
    ("text", "canonical"),
    [
        ("CO2|NOx", "CO2|NOx"),
        ("CO2, NOx", "CO2|NOx"),
        ("CO2、NOx", "CO2|NOx"),
        ("co2", "CO2"),
        ("CO2 | nox", "CO2|NOx"),
        ("二氧化碳", "CO2"),
        ("二氧化碳；氮氧化物", "CO2|NOx"),
        ("CO2\nNOx", "CO2|NOx"),
        ("CO2/NOX", "CO2|NOx"),
        ("CO2 NOx", "CO2|NOx"),
        ("CO2和NOx", "CO2|NOx"),
        ("ＣＯ２，ＮＯｘ", "CO2|NOx"),
        ("CO2，CO2", "CO2"),
        ("Methane (fossil), PM2.5", "CH4_fossil|PM2.5"),
        ("CO2;", "CO2"),
        ("", ""),
        ("CH4", "CH4_fossil|CH4_biogenic"),
        ("甲烷", "CH4_fossil|CH4_biogenic"),
        ("Indeno[1,2,3-cd]pyrene, CO2", "IcdP|CO2"),
        ("茚并[1,2,3-cd]芘、二氧化硫", "IcdP|SO2"),
        ("only:CO2", "only:CO2"),
        ("only: CO2", "only:CO2"),
        ("Only:CO2", "only:CO2"),
        ("only：CO2", "only:CO2"),
        ("ONLY : co2, nox", "only:CO2|NOx"),
        ("只计：二氧化碳", "only:CO2"),
        ("只计CO2", "only:CO2"),
        ("仅 CO2、NOx", "only:CO2|NOx"),
        ("仅计 CO2", "only:CO2"),
        ("only CO2", "only:CO2"),
    ],
)
def test_lists_as_people_write_them(text: str, canonical: str) -> None:
    assert parse_list(text, EXCLUDED) == (listed(canonical), ())


@pytest.mark.parametrize(
    ("text", "unknown"),
    [
        ("CO2, 二氧化炭", ("二氧化炭",)),
        ("all", ("all",)),
        ("CO2, foo bar; baz", ("foo bar", "baz")),
        ("only:", ("only:",)),
        ("only: nothing", ("nothing",)),
        ("除CO2外", ("除CO2外",)),
        ("CO2 foo", ("foo",)),
    ],
)
def test_what_matches_nothing_is_named(text: str, unknown: tuple[str, ...]) -> None:
    assert parse_list(text, EXCLUDED)[1] == unknown


def test_own_departments_pass_and_known_ones_become_ids() -> None:
    text = "生态环境部、工业和信息化部；某市城管局, Ministry of Ecology and Environment"
    assert parse_list(text, DEPARTMENTS) == (["mee", "miit", "某市城管局"], ())
    assert parse_list("Bureau of Parks and Roads / mee", DEPARTMENTS) == (
        ["Bureau of Parks and Roads", "mee"],
        (),
    )


SPECIES = shelf("species")["species"].to_list()


@given(
    st.lists(st.sampled_from(SPECIES), min_size=1, max_size=4, unique=True),
    st.sampled_from(["|", ",", "， ", "、", "; ", "；", "\n", " / "]),
    st.sampled_from(["species", "title_zh", "title_en"]),
    st.booleans(),
)
def test_any_species_by_any_name_with_any_separator(
    species: list[str], separator: str, name: str, only: bool
) -> None:
    titles = dict(zip(SPECIES, shelf("species")[name], strict=True))
    text = ("只计：" if only else "") + separator.join(titles[s] for s in species)
    assert parse_list(text, EXCLUDED) == ([*["only:"] * only, *species], ())


@given(st.text(max_size=20))
def test_any_text_is_read_or_named(text: str) -> None:
    words, unknown = parse_list(text, EXCLUDED)
    assert set(words) <= {*SPECIES, "only:"}
    canonical: str = pl.select(join_list(pl.lit(words, dtype=pl.List(pl.String)))).item()
    assert listed(canonical) == words
    assert parse_list(canonical, EXCLUDED) == (words, ()) or unknown
