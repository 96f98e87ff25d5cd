from __future__ import annotations

from dataclasses import replace
from typing import Any

import polars as pl
import pytest
from tests.office.desk import Town

import tongyuan as ty
from tongyuan.ledger import table as ledger
from tongyuan.office.operation import Refused
from tongyuan.office.workspace import bring
from tongyuan.store.database import writing
from tongyuan.store.scope import Scope

pytestmark = pytest.mark.parametrize("kind", ["sqlite"])


@pytest.fixture
def number(kind: str, made: Town) -> int:
    world = ty.example("finance")
    placed = {
        name: frame if ledger.PLACE in frame.columns else frame.with_columns(pl.lit(name).alias(ledger.PLACE))
        for name, frame in world.tables.items()
    }
    with writing(made.office.engine, Scope.own("lin", "A")) as session:
        return bring(session, "A", replace(world, tables=placed), "2025")


def test_projects_claims_and_credits_of_a_submission(kind: str, made: Town, number: int) -> None:
    def asked(name: str, **more: Any) -> pl.DataFrame:
        told = made.do("lin", f"finance.{name}", submission=number, **more)
        assert isinstance(told, pl.DataFrame)
        return told

    assert asked("appraise").height > 10
    claims = asked("appraise", table="green_claim_state")
    assert (claims["allowed"] + claims["refused"] - claims["amount"]).abs().max() == 0
    lines = asked("credits", table="public_credit")
    account = asked("credits", table="public_account")
    assert account["issued"].sum() == pytest.approx(lines["credit"].sum())
    assert asked("credits")["persons"].min() >= 10
    with pytest.raises(Refused, match=r"policy|政策"):
        asked("incentive")


def test_rates_of_a_flow(kind: str, made: Town) -> None:
    told = made.told("lin", "finance.rates", flow=[-1000.0, 2500.0, -1540.0], discount=0.1)
    assert told["rates"] == pytest.approx([0.1, 0.4])
    assert told["count"] == 2
    with pytest.raises(Refused):
        made.do("lin", "finance.rates", flow=[1.0])
