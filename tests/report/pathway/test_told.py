from __future__ import annotations

import polars as pl
import pytest

from tongyuan.flows.ask.plan.given import Given
from tongyuan.flows.ask.plan.told import told
from tongyuan.pathway.ask.least_cost import least_cost
from tongyuan.pathway.example import steel
from tongyuan.report.base.block import Paragraph, TableBlock
from tongyuan.report.pathway.told import told_blocks
from tongyuan.report.pathway.words import Titles


@pytest.fixture(scope="module")
def made():
    given = Given(steel())
    plan = least_cost(given.case, scenario="plan")
    free = least_cost(given.case.with_targets(given.kept), scenario="none")
    inputs = {n: f for n, f in given.case.tables.items() if f.height}
    return {**inputs, **plan.tables, **told(given, plan, free)}


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_measure_has_its_owner_and_what_changes_is_said(made, language):
    blocks = told_blocks(made, Titles(made, language), language)
    tables = [b for b in blocks if isinstance(b, TableBlock)]
    assert len({t.caption for t in tables}) == len(tables)
    titles = Titles(made, language).measure
    measures = {row[0] for row in tables[0].rows}
    assert measures == {titles.get(m, m) for m in made["road_map"]["measure"].unique()}
    said = [b.text for b in blocks if isinstance(b, Paragraph)]
    for name in ("assumption", "regret"):
        assert all(s in said for s in made[name][f"sentence_{language}"])


def test_who_pays_most_stands_first(made):
    table = next(
        b for b in told_blocks(made, Titles(made, "en"), "en") if "pays" in getattr(b, "caption", "")
    )
    paid = made["incidence"].group_by("sector", "payer").agg(pl.col("discounted").sum())
    first = paid.sort(pl.col("discounted").abs(), descending=True).row(0, named=True)
    assert table.rows[0][2] == ("pays" if first["discounted"] > 0 else "gains")


def test_without_the_tables_nothing_is_said(made):
    bare = {n: f.clear() for n, f in made.items()}
    assert told_blocks(bare, Titles(bare, "en"), "en") == []
