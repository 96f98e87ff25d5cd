"""The Shapley value of a joint saving: a game worked by hand, its axioms, and limits met together."""

from __future__ import annotations

from itertools import combinations

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tongyuan.flows.region.saving import pooled, share_saving
from tongyuan.ledger.finding import FindingError
from tongyuan.ledger.table import conform

COST = {
    "A": 100.0, "B": 80.0, "C": 60.0,
    "AB": 150.0, "AC": 150.0, "BC": 140.0,
    "ABC": 180.0,
}  # fmt: skip


def cost(group):
    return COST["".join(sorted(group))]


def test_three_regions_worked_by_hand():
    """Savings: AB 30, AC 10, BC 0, ABC 60. What each adds in the orders ABC ACB BAC BCA CAB CBA:

    A 0 0 30 60 10 60, together 160; B 30 50 0 0 50 0, together 130; C 30 10 30 0 0 0, together 70.
    """
    made = share_saving("ABC", cost, {"A": 120.0, "B": 40.0, "C": 20.0}, "CNY")
    told = {r["region"]: r for r in made.to_dicts()}
    assert {p: r["saving"] for p, r in told.items()} == pytest.approx(
        {"A": 160 / 6, "B": 130 / 6, "C": 70 / 6}
    )
    assert {p: r["payment"] for p, r in told.items()} == pytest.approx(
        {"A": 100 - 160 / 6 - 120, "B": 80 - 130 / 6 - 40, "C": 60 - 70 / 6 - 20}
    )
    assert sum(made["payment"]) == pytest.approx(0, abs=1e-9)


@st.composite
def games(draw):
    """Costs of every group of up to five, no group dearer together than apart."""
    players = "ABCDE"[: draw(st.integers(2, 5))]
    costs = {frozenset(p): draw(st.floats(0, 100)) for p in players}
    for size in range(2, len(players) + 1):
        for group in combinations(players, size):
            costs[frozenset(group)] = draw(st.floats(0, sum(costs[frozenset(p)] for p in group)))
    return players, costs


@given(games())
@settings(max_examples=40, deadline=None)
def test_all_that_is_saved_is_shared_and_payments_cancel(game):
    players, costs = game
    whole = costs[frozenset(players)]
    made = share_saving(players, costs.__getitem__, {p: whole / len(players) for p in players})
    alone = sum(costs[frozenset(p)] for p in players)
    assert made["saving"].sum() == pytest.approx(alone - whole, abs=1e-8)
    assert made["fair"].sum() == pytest.approx(whole, abs=1e-8)
    assert made["payment"].sum() == pytest.approx(0, abs=1e-8)


@given(games())
@settings(max_examples=25, deadline=None)
def test_who_brings_nothing_gets_nothing_and_alike_get_alike(game):
    players, costs = game
    more = {**costs}
    for group, value in costs.items():
        more[group | {"idle"}] = value + 7.0
    more[frozenset({"idle"})] = 7.0
    zero = dict.fromkeys([*players, "idle"], 0.0)
    made = share_saving([*players, "idle"], more.__getitem__, zero)
    told = dict(made.select("region", "saving").iter_rows())
    assert told["idle"] == pytest.approx(0, abs=1e-8)
    plain = share_saving(players, costs.__getitem__, zero)
    assert [told[p] for p in players] == pytest.approx(plain["saving"].to_list(), abs=1e-8)

    def swap(group):
        turn = {"A": "B", "B": "A"}
        return frozenset(turn.get(p, p) for p in group)

    even = {g: (v + costs[swap(g)]) / 2 for g, v in costs.items()}
    same = dict(share_saving(players, even.__getitem__, zero).select("region", "saving").iter_rows())
    assert same["A"] == pytest.approx(same["B"], abs=1e-8)


@pytest.mark.parametrize("count", [0, 1, 11])
def test_one_alone_and_more_than_ten_are_refused(count):
    with pytest.raises(FindingError) as told:
        share_saving([str(n) for n in range(count)], lambda _: 0.0, {})
    assert [f.check for f in told.value.findings] == ["share_count"]


def target(*rows):
    """Rows: target, quantity, bound, basis, scope, year."""
    lines = [
        {"target": t, "family": "carbon", "quantity_kind": "emission", "quantity": q, "comparator": "at_most",
         "bound": b, "basis": basis, "scope": s, "year": y, "accumulation": "annual"}
        for t, q, b, basis, s, y in rows
    ]  # fmt: skip
    return conform("target", pl.DataFrame(lines))


def test_limits_that_every_region_has_become_one():
    """10 t and 30 t of one year are 40 t together; another quantity and another year stay as they are."""
    given_ = target(
        ("c@a", "CO2e", 10.0, "absolute", "a", 2030), ("c@b", "CO2e", 30.0, "absolute", "b", 2030),
        ("d@a", "CO2e", 5.0, "absolute", "a", 2035), ("s@a", "SO2", 1.0, "absolute", "a", 2030),
        ("s@b", "SO2", 2.0, "absolute", "b", 2030),
    )  # fmt: skip
    made = pooled(given_, ["CO2e"], ["a", "b"])
    told = made.select("quantity", "year", "bound", "scope").sort("quantity", "year", "bound").rows()
    assert told == [
        ("CO2e", 2030, 40.0, ""), ("CO2e", 2035, 5.0, "a"), ("SO2", 2030, 1.0, "a"), ("SO2", 2030, 2.0, "b"),
    ]  # fmt: skip


def test_shares_of_the_base_are_one_where_they_are_equal():
    even = target(("c@a", "CO2e", 0.8, "share_of_base", "a", 2030),
                  ("c@b", "CO2e", 0.8, "share_of_base", "b", 2030))  # fmt: skip
    assert pooled(even, ["CO2e"], ["a", "b"]).select("bound", "scope").rows() == [(0.8, "")]
    odd = even.with_columns(bound=pl.Series([0.8, 0.7]))
    with pytest.raises(FindingError) as told:
        pooled(odd, ["CO2e"], ["a", "b"])
    assert [f.check for f in told.value.findings] == ["pool_none"]
