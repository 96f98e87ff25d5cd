from __future__ import annotations

import polars as pl
import pytest

from tongyuan.flows.ask.synergy import Held, changes, coordinates, decompose, decouple, panel_base
from tongyuan.ledger.finding import FindingError

SHEET = pl.DataFrame(
    {
        "region": ["x", "x"],
        "year": [2020, 2021],
        "SO2": [100.0, 80.0],
        "CO2": [1000.0, 900.0],
        "GDP": [50.0, 55.0],
    }
)


def test_a_table_is_decoupled_by_hand() -> None:
    found = decouple(Held(sheet=SHEET), "GDP")["decoupling"]
    row = found.filter(pl.col("species") == "SO2").row(0, named=True)
    assert row["elasticity"] == pytest.approx((-20 / 100) / (5 / 50))
    assert set(found["species"]) == {"SO2", "CO2"}


def test_what_a_question_does_not_know_is_refused() -> None:
    for call in (
        lambda: coordinates(Held(sheet=SHEET), entities="perhaps"),
        lambda: panel_base("yesterday"),
        lambda: decompose(Held(sheet=SHEET)),
        lambda: changes(Held(), ["SO2"]),
    ):
        with pytest.raises(FindingError):
            call()


@pytest.mark.parametrize(
    ("text", "base"), [("previous", "previous"), ("first", "first"), ("2020", 2020), (2020, 2020)]
)
def test_bases(text: str | int, base: str | int) -> None:
    assert panel_base(text) == base
