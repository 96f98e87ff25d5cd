"""The carbon report holds every line as printed, in both languages."""

from __future__ import annotations

import polars as pl
import pytest

from tongyuan.facility.simulate.example import CEMENT, POWER, STEEL, enterprises, frame
from tongyuan.flows.facility.account import account_facilities
from tongyuan.flows.source import Inputs
from tongyuan.ledger.settings import Settings
from tongyuan.reference.shelf import Language
from tongyuan.report.base.block import Block, Heading, Note, TableBlock
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
    title = {"zh": "生产设施", "en": "Installation"}[language]
    assert {f"{title} {name}" for name in ("烧结", "炼铁", "转炉")} <= set(captions)


def test_missing_months_are_told(tables: dict[str, pl.DataFrame]) -> None:
    notes = [b.text for b in carbon_report(tables, CEMENT, 2025, "zh") if isinstance(b, Note)]
    assert any("2025-01" in text for text in notes)


def test_a_year_without_data_says_so(tables: dict[str, pl.DataFrame]) -> None:
    blocks = carbon_report({"facility": tables["facility"]}, STEEL, 2025, "zh")
    assert any(isinstance(b, Note) and b.kind == "warning" for b in blocks)


def captions(blocks: list[Block]) -> dict[str, TableBlock]:
    return {b.caption: b for b in blocks if isinstance(b, TableBlock)}


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_power_unit_has_forms_c1_to_c6(tables: dict[str, pl.DataFrame], language: Language) -> None:
    blocks = carbon_report(tables, POWER, 2025, language)
    heads = [b.text for b in blocks if isinstance(b, Heading)]
    assert [h[:3] for h in heads if h.startswith("C.")] == ["C.1", "C.2", "C.3", "C.4", "C.5"]
    found = captions(blocks)
    who = {row[0]: row[1] for row in next(t for c, t in found.items() if c.startswith("C.1")).rows}
    assert POWER in who.values()
    determined = next(t for c, t in found.items() if c.startswith("C.5"))
    carbon = [row for row in determined.rows if row[0] == "2025-03"]
    assert any(f"{POWER}-2025-03" in row for row in carbon)
    assert any("LAB" in row for row in carbon)


def test_lines_of_other_guides_have_words_and_formulas(tables: dict[str, pl.DataFrame]) -> None:
    blocks = carbon_report(tables, CEMENT, 2025, "zh")
    cells = [cell for b in blocks if isinstance(b, TableBlock) for row in b.rows for cell in row]
    assert "F = −A × G" in cells
    assert "电石渣 输入" in cells
    notes = [b.text for b in blocks if isinstance(b, Note)]
    assert any("未见原文" in text for text in notes)
    assert not any("carbide_slag" in str(cell) for cell in cells)


def potline() -> dict[str, pl.DataFrame]:
    """Return a smelter: a series with tests of its own in January, a month by defaults."""
    at = {"facility": "A", "installation": "1系列"}
    return {
        "facility": frame(
            "facility",
            [{"facility": "A", "name": "示例铝业（示例）", "kind": "aluminium", "region": "370100"}],
        ),
        "installation": frame(
            "installation", [{**at, "kind": "cell_series", "cells": 240, "current": 400.0}]
        ),
        "cell_series": frame(
            "cell_series",
            [
                {**at, "month": "2025-01", "liquid": 2e4, "anode_net": 400.0, "cf4": 0.03, "c2f6": 0.002},
                {**at, "month": "2025-02", "liquid": 18_000.0},
            ],
        ),
    }  # fmt: skip


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_report_of_a_smelter_is_filled(language: Language) -> None:
    """January by hand: 20,000 t × 400 kg/t × (1 − 2 % − 0.4 %) × 44/12 = 28,629.33 t CO2, 0.6 t CF4, 0.04 t
    C2F6."""
    given = potline()
    made, _ = account_facilities(Inputs(Settings(name="x", kind="enterprise"), given))
    blocks = carbon_report({**given, **made}, "A", 2025, language)
    caption = {"zh": "生产设施 1系列", "en": "Installation 1系列"}[language]
    rows = [row for b in blocks if isinstance(b, TableBlock) and b.caption == caption for row in b.rows]
    january = [[str(cell) for cell in row] for row in rows if row[0] == "2025-01"]
    assert [row[4] for row in january if row[1] == "F"] == ["28629.33", "0.04", "0.60"]
    assert january[0][2] == {"zh": "阳极", "en": "Anodes"}[language]
    assert any(str(row[0]) == "2025-02" for row in rows)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_heat_ratio_of_a_unit_is_form_c6(tables: dict[str, pl.DataFrame], language: Language) -> None:
    ratio = pl.when((pl.col("facility") == POWER) & (pl.col("product") == "heat")).then(0.125)
    given = {**tables, "output": tables["output"].with_columns(ratio.alias("heat_ratio"))}
    made, _ = account_facilities(Inputs(Settings(name="x", kind="enterprise"), given))
    blocks = carbon_report({**given, **made}, POWER, 2025, language)
    heads = [b.text for b in blocks if isinstance(b, Heading)]
    assert next(h for h in heads if h.startswith("C.6"))
    at = blocks.index(next(b for b in blocks if isinstance(b, Heading) and b.text.startswith("C.6")))
    shown = blocks[at + 1]
    assert isinstance(shown, TableBlock)
    assert [str(cell) for cell in shown.rows[0]][1] == "R"
    assert float(str(shown.rows[0][4])) == 0.125
    assert len(shown.rows) == 12
