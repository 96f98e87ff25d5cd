import polars as pl
import pytest

from tongyuan.flows.ask.facility_evidence import everything, simulated
from tongyuan.ledger.read.lookup import choice_title
from tongyuan.report.facility.chapter.facility_check import section


@pytest.fixture(scope="module")
def tables() -> dict[str, pl.DataFrame]:
    made = simulated(10, seed=1)
    stock = made["fuel_stock"].with_columns(closing=pl.col("closing") + 9e5)
    said = {"facility": "SIM0001", "code": "FUE-01", "text": "录入错误", "kind": "answer"}
    return dict(everything(made | {"fuel_stock": stock, "finding_answer": pl.DataFrame([said])}).tables)


def test_findings_stand_with_their_answers(tables: dict[str, pl.DataFrame]) -> None:
    chapter = section(tables, "zh")
    assert chapter is not None
    table = chapter.blocks[-1]
    row = next(r for r in table.rows if r[0] == "SIM0001" and r[1].startswith("FUE-01"))
    assert row[2] == choice_title("critical_1", "zh")
    assert row[6] == "12"
    assert row[3].startswith("烟煤 2025-")
    assert "期初" in row[1]
    assert row[7] == "录入错误"
    english = section(tables, "en")
    assert english is not None
    assert any("Balance of fuel" in r[1] for r in english.blocks[-1].rows)


def test_no_chapter_without_checks() -> None:
    assert section({}, "en") is None
