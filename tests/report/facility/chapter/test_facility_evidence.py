import polars as pl
import pytest

from tongyuan.flows.ask.facility_evidence import everything, simulated
from tongyuan.report.facility.chapter.facility_evidence import section


@pytest.fixture(scope="module")
def tables() -> dict[str, pl.DataFrame]:
    made = simulated(12, seed=1)
    wrong = (pl.col("facility") == "SIM0003") & (pl.col("month") == "2025-06")
    fuel = made["fuel_use"].with_columns(
        pl.when(wrong).then(pl.col("value") * 0.7).otherwise(pl.col("value")).alias("value")
    )
    return dict(everything(made | {"fuel_use": fuel}).tables)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_suspicions_come_in_order_and_are_called_that(tables: dict[str, pl.DataFrame], language: str) -> None:
    chapter = section(tables, language)  # type: ignore[arg-type]
    assert chapter is not None
    table = chapter.blocks[2]
    assert table.rows[0][1] == "SIM0003"
    assert [int(r[0]) for r in table.rows] == list(range(1, len(table.rows) + 1))
    plan = chapter.blocks[-1]
    assert len(plan.rows) == 2
    said = str(chapter.blocks)
    assert "造假" not in said
    assert "fraud" not in said.lower()


def test_no_chapter_without_evidence() -> None:
    assert section({}, "zh") is None
