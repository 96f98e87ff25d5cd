"""The disclosure says what the ledgers say, and says what is missing."""

from __future__ import annotations

from datetime import date

import polars as pl
import pytest
from tests.report.facility_tables import rows, works

from tongyuan.report.base.block import Heading, Paragraph, TableBlock
from tongyuan.report.facility.document.disclosure import disclosure


def tables() -> dict[str, pl.DataFrame]:
    return works() | {
        "facility": rows(
            "facility", {"facility": "F", "name": "示例热电", "region": "370100", "kind": "power"}
        ),
        "facility_emission": rows(
            "facility_emission",
            *(
                {
                    "facility": "F",
                    "month": "2025-01",
                    "outlet": o,
                    "species": s,
                    "value": v,
                    "method": m,
                    "scope": "direct",
                    "counted": c,
                }
                for o, s, v, m, c in (
                    ("DA001", "SO2", 11.0, "monitored", True),
                    ("DA001", "SO2", 99.0, "manual", False),
                    ("", "CO2", 5e4, "measured_carbon", True),
                )
            ),
        ),
        "disclosure": rows(
            "disclosure",
            {
                "facility": "F",
                "year": 2025,
                "item": "突发环境事件",
                "value": "无",
                "published": date(2026, 3, 1),
            },
            {"facility": "F", "year": 2024, "item": "旧", "value": "旧"},
        ),
    }


@pytest.mark.parametrize(("language", "method"), [("zh", "自动监测"), ("en", "automatic monitoring")])
def test_figures_of_the_year_and_nothing_beside(language: str, method: str) -> None:
    blocks = disclosure(tables(), "F", 2025, language)  # type: ignore[arg-type]
    title = next(b for b in blocks if isinstance(b, Heading))
    assert "2025" in title.text
    assert "示例热电" in title.text
    made = [b for b in blocks if isinstance(b, TableBlock)]
    pollutants = list(made[1].rows[0])
    assert pollutants[:4] == ["DA001", "SO₂", "11", "60"]
    assert pollutants[7] == method
    assert [list(r)[2] for r in made[2].rows] == ["50,000"]
    assert [list(r)[:2] for r in made[-1].rows] == [["突发环境事件", "无"]]


def test_what_is_missing_is_said() -> None:
    blocks = disclosure({"facility": tables()["facility"]}, "F", 2025, "zh")
    said = [b.text for b in blocks if isinstance(b, Paragraph)]
    assert said == ["本年度没有数据，或企业没有填报。"] * 5
