from __future__ import annotations

import polars as pl
import pytest

from tongyuan.report.base.block import TableBlock
from tongyuan.report.base.format import number
from tongyuan.report.facility.chapter.diagnosis import _scaled, section


@pytest.mark.parametrize(
    ("language", "reason", "level"),
    [("zh", "超过排放标准", "3 级（基准）"), ("en", "above the emission standard", "level 3 (baseline)")],
)
def test_codes_are_said_in_words_and_empty_columns_left_out(
    works: dict[str, pl.DataFrame], language: str, reason: str, level: str
) -> None:
    made = section(works, language)  # type: ignore[arg-type]
    assert made is not None
    audit, limit, energy = [b for b in made.blocks if isinstance(b, TableBlock)]
    assert list(audit.rows[0]) == ["示例热电", "2025", reason]
    assert list(limit.rows[0]) == ["示例热电", "2025", "DA001", "SO₂", "20 mg/m³", "35", "−42.9%"]
    assert level in energy.rows[0]


def test_without_a_diagnosis_there_is_no_chapter() -> None:
    assert section({}, "zh") is None


@pytest.mark.parametrize(
    ("value", "shown"),
    [(0.3733, "0.3733 t/GJ"), (2.866e-5, "0.02866 kg/GJ"), (3.2e-9, "3.2 mg/GJ"), (2.6e-12, "2.6 μg/GJ")],
)
def test_very_little_of_a_product_is_in_a_smaller_unit(value: float, shown: str) -> None:
    row = {"unit": "t/GJ", "value": value, "reference": 2 * value, "peer_low": None, "peer_high": value}
    made = _scaled(row)
    assert f"{number(made['value'])} {made['unit']}" == shown
    assert made["reference"] == pytest.approx(2 * made["value"])
    assert made["peer_low"] is None
