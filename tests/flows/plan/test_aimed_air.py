from __future__ import annotations

import polars as pl
import pytest
from scipy.optimize import minimize_scalar

from tongyuan.flows.plan.aimed_air import AGREE, AVOIDED, aimed, by_source, full_response, with_avoided
from tongyuan.ledger.branch import ImpactSettings
from tongyuan.ledger.finding import FindingError
from tongyuan.ledger.table import from_rows
from tongyuan.pathway.ask.least_cost import least_cost
from tongyuan.pathway.ask.sweep import budget
from tongyuan.pathway.case.case import INPUT_TABLES
from tongyuan.pathway.case.check import case
from tongyuan.pathway.example import steel

RESPONSE = [
    {"receptor": "city", "species": "SO2", "value": 0.10, "unit": "ug/m3/t", "base_emission": 96.0},
    {"receptor": "city", "species": "NOx", "value": 0.05, "unit": "ug/m3/t", "base_emission": 130.0},
]
RECEPTOR = [{"receptor": "city", "value": 40.0, "unit": "ug/m3", "region": "山东省", "metric": "PM2.5"}]
SURFACE = {"1": 25.0, "SO2": 6.0, "NOx": 5.0, "SO2*NOx": 4.0}
"""By ratio: 40 at the base; SO2 and NOx together make more than each alone (ammonium nitrate)."""

DEATHS = [{"region": "370000", "year": 2020, "endpoint": "ncd_lri", "deaths": 700000.0, "source": "test"}]


def target(bound, quantity="city", comparator="at_most", unit="ug/m3", kind="concentration"):
    return {
        "target": f"{quantity}_{kind}", "quantity_kind": kind, "quantity": quantity, "comparator": comparator,
        "bound": bound, "unit": unit, "year": 2030, "family": "pollution",
    }  # fmt: skip


def told(*targets, surface=None, deaths=DEATHS, response=RESPONSE, receptor=RECEPTOR, **settings):
    """The steel example without its caps, with air over it; its case and the tables of its workspace."""
    made = steel()
    tables = {k: v for k, v in made.tables.items() if k != "target"}
    tables |= {
        "response": from_rows("response", response), "receptor": from_rows("receptor", receptor),
        "target": from_rows("target", list(targets)),
    }  # fmt: skip
    if surface:
        rows = [{"receptor": "city", "term": t, "value": v, "unit": "ug/m3"} for t, v in surface.items()]
        tables["response_surface"] = from_rows("response_surface", rows)
    if deaths:
        tables["baseline_death"] = from_rows("baseline_death", deaths)
    used = {k: v for k, v in with_avoided(tables).items() if k in INPUT_TABLES}
    chosen = made.settings.model_copy(update=settings)
    return case(used, chosen), tables


def air_of(found, tables, year=2030):
    own = [found[n].filter(pl.col("year").is_null()) for n in ("response", "receptor")]
    full = full_response(*own, tables, ImpactSettings())
    plan = least_cost(found)
    emission = by_source(plan["plan_emission"])[year]
    return plan, full.air(emission)["city"], full.avoided(full.air(emission))[0]


def capped(so2, nox):
    """The same plan under caps on the two species alone: no air in it."""
    made, _ = told(
        target(so2, "SO2", unit="t", kind="emission"), target(nox, "NOx", unit="t", kind="emission"),
        deaths=None,
    )  # fmt: skip
    plan = least_cost(made, explain=False)
    return plan.cost if plan.status == "optimal" else 1e15


def test_a_line_needs_no_second_look():
    made, tables = told(target(36.0))
    found = aimed(made, tables, ImpactSettings())
    assert (found.rounds, found.case) == (0, made)


def test_the_optimum_on_a_surface_is_that_of_caps_searched_by_hand():
    """C = 25 + 6·s + 5·n + 4·s·n ≤ 33. For each NOx the SO2 that is left, and of those the cheapest."""
    made, tables = told(target(33.0), surface=SURFACE)
    found = aimed(made, tables, ImpactSettings())
    assert found.gap <= AGREE
    assert found.rounds >= 2
    plan, reached, _ = air_of(found.case, tables)
    assert reached == pytest.approx(33.0, rel=AGREE)

    def cost(nox):
        ratio = nox / 130.0
        return capped(96.0 * (33.0 - 25.0 - 5.0 * ratio) / (6.0 + 4.0 * ratio), nox)

    best = min(
        (minimize_scalar(cost, bounds=bounds, method="bounded", options={"xatol": 0.05})
         for bounds in ((20.0, 70.0), (70.0, 130.0))),
        key=lambda r: r.fun,
    )  # fmt: skip
    slope = plan["shadow_price"]["discounted"].abs().max()
    assert plan.cost == pytest.approx(best.fun, abs=2 * AGREE * 33.0 * slope + 1e-6 * abs(best.fun))
    # at the plan's own caps the plan without air costs the same
    emission = by_source(plan["plan_emission"])[2030]
    sums = {s: sum(v for (name, _), v in emission.items() if name == s) for s in ("SO2", "NOx")}
    assert capped(sums["SO2"], sums["NOx"]) == pytest.approx(plan.cost, rel=1e-6)


def test_lives_can_be_aimed_at():
    made, tables = told(target(20000.0, AVOIDED, "at_least", "人"), surface=SURFACE)
    found = aimed(made, tables, ImpactSettings())
    plan, _, avoided = air_of(found.case, tables)
    assert avoided == pytest.approx(20000.0, rel=2 * AGREE)
    price = plan["shadow_price"].row(0, named=True)
    assert price["binding"]
    assert price["shadow_price"] > 0
    free = least_cost(told()[0])
    assert free.cost < plan.cost


def test_what_a_death_is_worth_moves_the_plan():
    """Worth nothing nobody cleans; worth enough the plan goes farther than a bound would ask."""
    made, tables = told(include_damage=True)
    nothing = aimed(made, tables, ImpactSettings(death_value=0.0))
    dear = aimed(made, tables, ImpactSettings(death_value=5e6))
    _, air_free, _ = air_of(nothing.case, tables)
    plan, air_dear, avoided = air_of(dear.case, tables)
    assert dear.gap <= AGREE
    assert air_dear < air_free
    assert avoided > 0
    harm = plan["plan_cost"].filter(item="damage")
    assert harm.height


def test_the_cleanest_air_for_a_budget():
    """Of plans within the money the air is cleanest; more money never makes it worse."""
    made, _ = told(target(60.0))
    levels = []
    for money in (0.0, 2e3, 2e4, 2e5):
        plan = budget(made, money, {("concentration", "city"): 1.0})
        emission = by_source(plan["plan_emission"])
        levels.append(sum(0.10 * v if s == "SO2" else 0.05 * v if s == "NOx" else 0.0
                          for e in emission.values() for (s, _), v in e.items()))  # fmt: skip
        assert plan.cost <= least_cost(made).cost + money * (1 + 1e-6) + 1e-6
    assert levels == sorted(levels, reverse=True)
    assert levels[-1] < levels[0]


def test_two_receptors_of_one_region_are_refused():
    twice = [*RECEPTOR, RECEPTOR[0] | {"receptor": "town"}]
    rows = [*RESPONSE, RESPONSE[0] | {"receptor": "town"}]
    with pytest.raises(FindingError, match=r"city, town|city、town"):
        told(receptor=twice, response=rows)


def test_a_term_that_cannot_be_read_is_named():
    made, tables = told(target(36.0), surface={"1": 30.0, "SO3^2": 1.0})
    with pytest.raises(FindingError, match=r"SO3\^2"):
        aimed(made, tables, ImpactSettings())
