from importlib import import_module
from pathlib import Path

import polars as pl
import pytest

import tongyuan.report.sections as sections
from tongyuan.report.block import Cards, ChartBlock, Note, Paragraph, TableBlock
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
        case _:
            yield block.text


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("name", SECTIONS)
def test_every_chapter_appears_and_its_tables_are_square(tables, name, language):
    made = import_module(f"tongyuan.report.sections.{name}").section(tables, language)
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


def test_shares_of_a_species_sum_to_one(tables):
    from tongyuan.report.sections.common_source import shares
    from tongyuan.report.sections.sankey import flows
    from tongyuan.report.totals import sector_totals

    for frame in (shares(sector_totals(tables), 2021), flows(tables)):
        sums = frame.group_by("species").agg(pl.col("share").sum())["share"]
        assert (sums - 1).abs().max() < 1e-12


def test_sinks_are_named_not_drawn(tables):
    made = import_module("tongyuan.report.sections.common_source").section(tables, "en")
    note = next(block for block in made.blocks if isinstance(block, Note))
    assert "CO₂ (Land use)" in note.text


def test_particle_classes_are_not_stacked_on_one_another(tables):
    made = import_module("tongyuan.report.sections.control_effect").section(tables, "en")
    chart = next(block for block in made.blocks if isinstance(block, ChartBlock))
    assert "PM₁₀" in chart.option["legend"]["data"]
    assert "PM₂.₅" not in chart.option["legend"]["data"]


def test_carbon_cost_is_said_in_a_sentence(tables):
    made = import_module("tongyuan.report.sections.control_effect").section(tables, "zh")
    text = next(block for block in made.blocks if isinstance(block, Paragraph)).text
    assert "112万吨" in text


def test_unverified_factors_are_warned_of(tables):
    module = import_module("tongyuan.report.sections.factor_used")
    assert any(isinstance(b, Note) and b.kind == "warning" for b in module.section(tables, "en").blocks)
    clean = tables["factor_used"].filter(pl.col("status") != "unverified")
    assert not any(isinstance(b, Note) for b in module.section({"factor_used": clean}, "en").blocks)


def test_best_interval_is_monte_carlo(tables):
    from tongyuan.report.sections.uncertainty import best_intervals

    other = tables["uncertainty"].with_columns(
        pl.lit("approach_1").alias("method"), (pl.col("upper") * 9).alias("upper")
    )
    both = pl.concat([other, tables["uncertainty"]])
    assert set(best_intervals({"uncertainty": both})["method"]) == {"monte_carlo"}
    assert set(best_intervals({"uncertainty": other})["method"]) == {"approach_1"}
