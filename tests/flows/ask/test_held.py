from __future__ import annotations

import polars as pl
import pytest

from tongyuan.flows.ask.held import draw, held, index_text, sheet
from tongyuan.ledger.finding import FindingError


def test_a_file_is_a_sheet_with_numbers(tmp_path) -> None:
    path = tmp_path / "t.csv"
    path.write_text('地区,CO2\n甲,"1,000"\n', encoding="utf-8")
    assert sheet(path).to_dicts() == [{"地区": "甲", "CO2": 1000.0}]
    assert held(path).sheet is not None


def test_what_is_not_there_is_said(tmp_path) -> None:
    with pytest.raises(FindingError):
        held(tmp_path)
    with pytest.raises(FindingError):
        index_text(tmp_path / "none.toml")
    with pytest.raises(FindingError):
        draw({"weight": pl.DataFrame()}, "weight", tmp_path / "x.svg", "en")
