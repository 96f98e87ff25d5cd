from __future__ import annotations

import polars as pl
import pytest

from tongyuan.ledger.finding import FindingError
from tongyuan.ledger.table import conform
from tongyuan.pathway.ask.least_cost import least_cost
from tongyuan.pathway.case.case import Settings
from tongyuan.pathway.case.check import case
from tongyuan.pathway.draft.joined import joined
from tongyuan.pathway.example import typed

PLACE = """
[node]
node
{node}

[period]
year, weight
2030, 1

[flow]
flow,        unit, kind
electricity, MWh,  energy
coal,        GJ,   energy

[technology_option]
technology, unit, capacity, cost_variable
plant,      MWh,  free,     {cost}

[technology_flow]
technology, flow,        role,   coefficient
plant,      coal,        input,  9
plant,      electricity, output, 1

[emission_coefficient]
technology, species, value, unit
plant,      CO2,     {rate},  t/MWh

[demand]
node,   flow,        year, value, unit
{node}, electricity, 2030, 100,   MWh

[stock]
node,   technology, activity
{node}, plant,      100

[price]
flow, direction, value, unit
coal, purchase,  {coal},  CNY/GJ

[target]
target, family, quantity_kind, quantity, comparator, bound, unit, basis,    year
cap,    carbon, emission,      CO2,      at_most,    {cap}, t,    absolute, 2030
"""
SETTINGS = Settings(discount_rate=0.0)


def place(
    node: str, cost: float, coal: float, rate: float = 0.8, cap: float = 1000.0
) -> dict[str, pl.DataFrame]:
    return typed(PLACE.format(node=node, cost=cost, coal=coal, rate=rate, cap=cap))


def link(limit: float, loss: float = 0.0) -> pl.DataFrame:
    row = {"from_node": "north", "to_node": "south", "flow": "electricity", "limit": limit, "loss": loss}
    return conform("link", pl.DataFrame([row]))


def cost(tables: dict[str, pl.DataFrame]) -> float:
    plan = least_cost(case(tables, SETTINGS))
    assert plan.status == "optimal"
    return float(plan["plan_cost"]["value"].sum())


NORTH, SOUTH = place("north", 20.0, 10.0), place("south", 30.0, 40.0)


def test_without_exchange_the_cost_is_the_sum() -> None:
    alone = cost(NORTH) + cost(SOUTH)
    assert alone == pytest.approx(100 * (20 + 90) + 100 * (30 + 360))
    assert cost(joined({"n": NORTH, "s": SOUTH}, link(0.0))) == pytest.approx(alone)


def test_cheap_power_is_sent_as_far_as_the_line_goes() -> None:
    """40 MWh sent, 10 % lost: 36 MWh of 390 CNY give way to 40 of 110; coal keeps its two prices."""
    tables = joined({"n": NORTH, "s": SOUTH}, link(40.0, 0.1))
    assert cost(tables) == pytest.approx(140 * 110 + 64 * 390)
    assert set(tables["technology_option"]["technology"]) == {"plant@n", "plant@s"}
    assert set(tables["flow"]["flow"]) == {"electricity", "coal@n", "coal@s"}


def test_a_target_of_a_region_binds_that_region_alone() -> None:
    """North may emit 96 t at 0.8 t/MWh: 120 MWh, of which 20 are sent."""
    tables = joined({"n": place("north", 20.0, 10.0, cap=96.0), "s": SOUTH}, link(1000.0))
    assert cost(tables) == pytest.approx(120 * 110 + 80 * 390)
    assert dict(tables["target"].select("target", "scope").iter_rows()) == {
        "cap@n": "north",
        "cap@s": "south",
    }


@pytest.mark.parametrize(
    ("other", "said"),
    [
        (place("north", 1.0, 1.0), "joined_same_node"),
        (SOUTH | {"period": pl.DataFrame({"year": [2035], "weight": [1.0]})}, "joined_differs"),
        (SOUTH | {"node": pl.DataFrame({"node": ["south", "west"]})}, "joined_nodes"),
    ],
)
def test_what_cannot_be_joined_is_said(other, said) -> None:
    with pytest.raises(FindingError) as wrong:
        joined({"n": NORTH, "s": other}, link(1.0))
    assert [f.check for f in wrong.value.findings] == [said]
    assert all("{" not in f.message(lang) for f in wrong.value.findings for lang in ("zh", "en"))
