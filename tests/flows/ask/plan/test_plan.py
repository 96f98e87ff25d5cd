from __future__ import annotations

import polars as pl
import pytest

from tongyuan.flows.ask.plan.given import Given
from tongyuan.flows.ask.plan.plan import LIBRARIES, diagnose, dividend, front, iamc, least_cost, library, macc
from tongyuan.ledger.finding import FindingError


def test_least_cost_is_what_its_yearly_costs_discount_to(asked: Given) -> None:
    answer = least_cost(asked)
    assert answer.facts["cost"] == pytest.approx(answer["plan_cost"]["discounted"].sum(), rel=1e-9)
    assert answer.facts["currency"] == "CNY"


def test_the_dividend_is_the_cost_apart_less_the_cost_together(asked: Given) -> None:
    rows = dict(dividend(asked)["dividend"].select("item", "cost").iter_rows())
    none, pollution, carbon = (rows[name] for name in ("none", "pollution", "carbon"))
    apart = (pollution - none) + (carbon - none)
    assert rows["dividend"] == pytest.approx(apart - (rows["together"] - none), rel=1e-6)


def test_targets_that_agree_are_no_conflict(asked: Given) -> None:
    assert diagnose(asked)["conflict"].is_empty()


def test_a_front_counts_what_cannot_be_reached_and_refuses_four_objectives(asked: Given) -> None:
    answer = front(asked, [("emission", "CO2e")], 3)
    assert answer["front"]["point"].n_unique() == 3
    assert answer.facts["missing"] == 0
    with pytest.raises(FindingError):
        front(asked, [("emission", q) for q in ("CO2e", "NOx", "SO2")])


def test_a_plan_found_before_gives_the_same_curve(asked: Given) -> None:
    again = macc(asked, plan=least_cost(asked).facts["plan"])["macc"]
    found = macc(asked)["macc"]
    assert found.height == again.height > 0
    assert found["cost"].to_list() == pytest.approx(again["cost"].to_list(), rel=1e-6)


def test_the_format_of_scenario_databases_names_the_scenario(asked: Given) -> None:
    assert set(iamc(asked, scenario="both")["data"]["Scenario"]) == {"both"}


@pytest.mark.parametrize("kind", LIBRARIES)
def test_every_library_has_a_source_for_every_row(kind: str) -> None:
    frame = library(kind)[kind]
    assert frame.height
    assert frame.filter(pl.col("source").fill_null("") == "").is_empty()
