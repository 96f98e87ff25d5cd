"""The carbon report holds every line as printed, in both languages."""

from __future__ import annotations

import polars as pl
import pytest

from tongyuan.facility.simulate.example import CEMENT, STEEL, enterprises
from tongyuan.flows.facility.account import account_facilities
from tongyuan.flows.source import Inputs
from tongyuan.ledger.settings import Settings
from tongyuan.reference.shelf import Language
from tongyuan.report.base.block import Note, TableBlock
from tongyuan.report.facility.document.carbon import carbon_report


@pytest.fixture(scope="module")
def tables() -> dict[str, pl.DataFrame]:
    world = enterprises(hours=False)
    made, _ = account_facilities(Inputs(Settings(name="x", kind="enterprise"), world))
    return {**world, **made}


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_total_of_the_steel_works_stands_in_its_report(
    tables: dict[str, pl.DataFrame], language: Language
) -> None:
    """7,440,300 + 692,200 − 296,800 t (verification report of the works, 2023)."""
    blocks = carbon_report(tables, STEEL, 2025, language)
    first = next(b for b in blocks if isinstance(b, TableBlock))
    assert float(getattr(first.rows[-1][-1], "value", 0.0)) == pytest.approx(7_835_700, rel=1e-9)
    captions = [b.caption for b in blocks if isinstance(b, TableBlock)]
    assert {"炼铁", "烧结", "转炉"} <= set(captions)


def test_missing_months_are_told(tables: dict[str, pl.DataFrame]) -> None:
    notes = [b.text for b in carbon_report(tables, CEMENT, 2025, "zh") if isinstance(b, Note)]
    assert any("2025-01" in text for text in notes)


def test_a_year_without_data_says_so(tables: dict[str, pl.DataFrame]) -> None:
    blocks = carbon_report({"facility": tables["facility"]}, STEEL, 2025, "zh")
    assert any(isinstance(b, Note) and b.kind == "warning" for b in blocks)
