from datetime import date

import polars as pl
import pytest

from tongyuan.flows.ask.facility_evidence import check, everything, evidence, inspect, listed, simulated
from tongyuan.ledger.finding import FindingError
from tongyuan.ledger.table import table


@pytest.fixture(scope="module")
def plants() -> dict[str, pl.DataFrame]:
    made = simulated(12, seed=1)
    stock = made["fuel_stock"]
    wrong = (pl.col("facility") == "SIM0003") & (pl.col("month") == "2025-06")
    more = [
        pl.when(wrong).then(pl.col(c) + 9e4).otherwise(pl.col(c)).alias(c) for c in ("closing", "surveyed")
    ]
    return made | {"fuel_stock": stock.with_columns(more)}


def test_findings_are_in_form_and_order_and_carry_their_answers(plants: dict[str, pl.DataFrame]) -> None:
    said = {
        "facility": "SIM0003",
        "code": "FUE-01",
        "period": "2025-06",
        "text": "录入错误",
        "kind": "answer",
        "day": date(2025, 7, 9),
    }
    answer = check(plants | {"finding_answer": pl.DataFrame([said])}, ["FUE"])
    found = answer["check_finding"]
    assert dict(found.schema) == table("check_finding").dtypes
    row = found.filter(pl.col("code") == "FUE-01").row(0, named=True)
    assert (row["facility"], row["period"]) == ("SIM0003", "2025-06")
    assert row["answer"].startswith("录入错误")
    assert "期初" in row["text_zh"]
    assert set(answer["check_count"]["code"].str.slice(0, 3)) == {"FUE"}


def test_words_that_name_nothing_are_refused(plants: dict[str, pl.DataFrame]) -> None:
    with pytest.raises(FindingError, match="FUE-99"):
        check(plants, ["FUE-99"])
    with pytest.raises(FindingError, match="facility"):
        check({})
    silent = pl.DataFrame([{"facility": "SIM0003", "code": "FUE-01", "kind": "waiver", "text": ""}])
    with pytest.raises(FindingError, match="reason"):
        check(plants | {"finding_answer": silent})
    unknown = check(
        plants | {"finding_answer": silent.with_columns(code=pl.lit("X"), kind=pl.lit("answer"))}, ["ENT"]
    )
    assert [f.check for f in unknown.findings] == ["answer_unknown"]


def test_a_suspicion_is_answered_too(plants: dict[str, pl.DataFrame]) -> None:
    said = {
        "facility": "SIM0003",
        "code": "reconciliation",
        "period": "2025-06",
        "text": "盘点日推迟",
        "kind": "answer",
    }
    found = evidence(plants | {"finding_answer": pl.DataFrame([said])})["suspicion"]
    told = found.filter(pl.col("answer").is_not_null())
    assert told["facility"].to_list() == ["SIM0003"]
    assert told["period"].to_list() == ["2025-06"]


def test_the_wrong_stock_leads_the_plan(plants: dict[str, pl.DataFrame]) -> None:
    answer = inspect(plants, 4)
    plan = answer["inspection_plan"]
    assert dict(plan.schema) == table("inspection_plan").dtypes
    assert "SIM0003" in plan["facility"].to_list()
    with pytest.raises(FindingError, match="positive"):
        inspect(plants, 0)


def test_a_run_writes_what_it_declares(plants: dict[str, pl.DataFrame]) -> None:
    from tongyuan.flows.step.facility_check import STEP

    made = everything(plants)
    assert set(made.tables) == STEP.writes
    assert made["inspection_plan"].height == 2


def test_the_list_of_checks() -> None:
    assert listed()["check_finding"].height >= 400
