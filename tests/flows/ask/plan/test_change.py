from __future__ import annotations

import polars as pl
import pytest

from tongyuan.flows.ask.plan.change import decompose, scenario
from tongyuan.flows.ask.plan.given import Given


def test_growth_compounds_from_the_base_year(asked: Given) -> None:
    answer = scenario(asked, ["furnace=0.02"])
    plain = scenario(asked)
    row = pl.col("species") == "CO2", pl.col("year") == 2030
    grown = answer["scenario"].filter(*row)["grown"].item()
    still = plain["scenario"].filter(*row)["grown"].item()
    assert grown > still
    assert answer.facts["names"] == ("grown",)
    assert answer["scenario"]["species"][0] in {"NOx", "CO2"}


def test_effects_sum_to_the_change_that_is_told(asked: Given) -> None:
    answer = decompose(asked, "NOx")
    assert answer.facts["change"] == pytest.approx(answer["decomposition"]["value"].sum())
    assert answer.facts["change"] == pytest.approx(-70.0, rel=1e-3)
    assert (answer.facts["species"], answer.facts["unit"]) == ("NOx", "t")
