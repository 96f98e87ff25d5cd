"""What one report says twice it says alike: cards, chapters, bulletin and workbook of the province."""

from __future__ import annotations

import re

import polars as pl
import pytest

from tongyuan.flows.account.account import Account
from tongyuan.flows.assess import measure
from tongyuan.ledger.workspace import Workspace
from tongyuan.report.base import label
from tongyuan.report.base.block import Cards, TableBlock
from tongyuan.report.base.format import percent
from tongyuan.report.base.totals import headline, moved, sector_totals
from tongyuan.report.chapters import all_sections
from tongyuan.report.inventory.chapter.change import waterfall_chart
from tongyuan.report.inventory.chapter.key_figures import card
from tongyuan.report.inventory.document.bulletin import totals_table
from tongyuan.report.inventory.doubt import HIGH, LOW, ratio_text, ratios
from tongyuan.report.synergy.chapter.synergy import coordinate_table

PERCENT = re.compile(r"[+−]?[<>\d][\d,.]*%")


@pytest.fixture(scope="module")
def tables(shandong: Account, province: Workspace) -> dict[str, pl.DataFrame]:
    return shandong.tables | measure(shandong.tables, province.settings).tables


def test_every_change_is_the_same_wherever_it_is_printed(tables: dict[str, pl.DataFrame]) -> None:
    totals = sector_totals(tables)
    bulletin = {row[0]: row for row in totals_table(tables, totals, "en").rows}
    synergy = {
        row["pollutant"]: row["pollution_change"] for row in tables["co_control"].iter_rows(named=True)
    } | {"CO2e": tables["co_control"]["carbon_change"][0]}
    place = [c.title for c in totals_table(tables, totals, "en").columns].index("Change")
    compared = 0
    for species in headline(totals, 16):
        made = card(tables, totals, species, "en")
        shown = PERCENT.findall(" ".join(made.lines[:1]))
        step = moved(totals, species)
        assert bulletin[made.title][place] == (shown[-1] if shown else "–")
        if not shown:
            continue
        assert waterfall_chart(totals, species, "en").table.rows[-1][-1] == shown[-1]
        if species in synergy:
            compared += 1
            assert percent(synergy[species], signed=True) == shown[-1]
            assert synergy[species] == pytest.approx(step.after / step.before - 1, rel=1e-9)
    assert compared >= 6
    assert coordinate_table(tables["co_control"], "en").rows


def test_no_figure_of_the_first_screen_is_contradicted_by_the_comparison(
    tables: dict[str, pl.DataFrame],
) -> None:
    chapters = {chapter.key: chapter for chapter in all_sections(tables, "en")}
    cards = next(b for b in chapters["key_figures"].blocks if isinstance(b, Cards)).cards
    told = {c.title: c for c in cards}
    totals = sector_totals(tables)
    chapter = next(b for b in chapters["comparison"].blocks if isinstance(b, TableBlock))
    printed: dict[tuple[str, str], list[str]] = {}
    for row in chapter.rows:
        if row[6] != "–":
            printed.setdefault((row[0], row[1]), []).append(row[6])
    assert printed
    shown = {label.species_title(species, "en"): species for species in headline(totals, 16)}
    for (title, year), held in printed.items():
        assert title in shown, f"{title} is compared and has no card"
        found = ratios(tables, shown[title], int(year))
        mark = next(m for m in told[title].marks if m.text.startswith(year))
        assert ratio_text(found) in mark.text
        assert {f"{found[0]:.2f}", f"{found[-1]:.2f}"} <= set(held)
        assert mark.warning == (found[0] < LOW or found[-1] > HIGH)


def test_a_total_without_known_sources_is_called_partial(tables: dict[str, pl.DataFrame]) -> None:
    totals = sector_totals(tables)
    lacking = tables["gap"].filter((pl.col("kind") == "no_activity") & (pl.col("year") == 2021))
    named = set(lacking["species"].explode().drop_nulls())
    assert named
    for species in headline(totals, 16):
        if "equivalent" in species or species == "CO2e":
            continue
        texts = [m.text for m in card(tables, totals, species, "en").marks if m.chapter == "gap"]
        assert [t.startswith("Partial") for t in texts] == [True] * (species in named)
