from __future__ import annotations

import numpy as np
import polars as pl
import pytest
from scipy.stats import lognorm, norm

from tongyuan.ledger.finding import FindingError
from tongyuan.pathway.ask.least_cost import least_cost
from tongyuan.pathway.ask.robust import Doubt, joint, probability
from tongyuan.pathway.ask.safe import robust
from tongyuan.pathway.case.case import Settings, draft
from tongyuan.pathway.example import steel, typed
from tongyuan.pathway.problem.base import base_point

POWER = """
[node]
node
A

[period]
year, weight
2030, 1

[flow]
flow,  unit
power, MWh
heat,  MWh

[technology_option]
technology, unit, capacity, cost_variable
coal,       MWh,  free,     300
wind,       MWh,  free,     500
boiler,     MWh,  free,     100
pump,       MWh,  free,     400

[technology_flow]
technology, flow,  role,   coefficient
coal,       power, output, 1
wind,       power, output, 1
boiler,     heat,  output, 1
pump,       heat,  output, 1

[emission_coefficient]
technology, species, value, unit
coal,       CO2,     0.8,   t/MWh
boiler,     NOx,     0.001, t/MWh

[demand]
node, flow,  year, value, unit
A,    power, 2030, 1000,  MWh
A,    heat,  2030, 1000,  MWh

[target]
target, family, quantity_kind, quantity, comparator, bound, unit, year
carbon, carbon, emission,      CO2,      at_most,    400,   t,    2030
"""
"""Coal makes 0.8 t of CO2 a MWh; each t avoided by wind costs (500 - 300) / 0.8 = 250 CNY."""


def power(*targets):
    tables = typed(POWER)
    tables["target"] = pl.concat([tables["target"], *targets], how="diagonal_relaxed")
    return draft(tables, Settings(discount_rate=0.0))


NITROGEN = pl.DataFrame(
    {
        "target": ["nitrogen"], "family": ["pollution"], "quantity_kind": ["emission"], "quantity": ["NOx"],
        "comparator": ["at_most"], "bound": [0.5], "unit": ["t"], "year": [2030],
    }
)  # fmt: skip
"""A t of NOx avoided by the heat pump costs (400 - 100) / 0.001 = 300,000 CNY."""


def evenly(size):
    """Levels of a distribution, one draw in the middle of each of `size` equal parts."""
    return (np.arange(size) + 0.5) / size


@pytest.mark.parametrize(
    "factor", [norm(1.0, 0.1).ppf(evenly(1000)), lognorm(0.3).ppf(evenly(1000))], ids=["normal", "lognormal"]
)
@pytest.mark.parametrize("level", [0.5, 0.8, 0.9, 0.99])
def test_one_target_on_one_factor_is_tightened_by_its_quantile(factor, level):
    """Coal may make 400 t / 0.8 / q: q is the level's quantile of the factor, never less than 1."""
    case = power()
    doubt = Doubt(case, np.vstack([factor, np.ones(1000)]))
    safe = robust(doubt, level)
    quantile = max(np.sort(factor)[int(np.ceil(level * 1000)) - 1], 1.0)
    coal = 500.0 / quantile
    by_hand = 300.0 * coal + 500.0 * (1000.0 - coal) + 100.0 * 1000.0
    assert safe.plan.cost == pytest.approx(by_hand, rel=2e-3)
    assert level <= safe.achieved <= level + 0.01
    assert safe.reason == "near"
    assert safe.bound <= safe.plan.cost
    assert safe.bound == pytest.approx(by_hand, rel=1e-9)


def test_the_exact_tightening_of_a_normal_factor():
    """z of 95 % is 1.6449: coal may make 500 / (1 + 0.1 × 1.6449) = 429.4 MWh."""
    doubt = Doubt(power(), np.vstack([norm(1.0, 0.1).ppf(evenly(10_000)), np.ones(10_000)]))
    safe = robust(doubt, 0.95)
    made = dict(safe.plan["plan_activity"].select("technology", "value").iter_rows())
    assert made["coal"] == pytest.approx(429.38, rel=5e-4)


def two(share, size=2000):
    """Draws of two factors of standard deviation 10 %, correlated by `share`."""
    z = np.random.default_rng(5).standard_normal((2, size))
    other = share * z[0] + np.sqrt(1.0 - share**2) * z[1]
    return 1.0 + 0.1 * np.vstack([z[0], other])


@pytest.mark.parametrize("share", [-0.9, 0.0, 0.9, 1.0])
def test_two_targets_at_once_on_correlated_draws(share):
    """A search over all pairs of margins finds the cheapest one; the plan comes near it."""
    case, factor = power(NITROGEN), two(share)
    doubt = Doubt(case, factor)
    safe = robust(doubt, 0.9, together=True)
    assert 0.9 <= safe.achieved <= 0.91
    assert joint(doubt, safe.plan) == safe.achieved
    best = np.inf
    for coal in np.sort(factor[0])[1799:]:
        # of the draws in which carbon holds, as many must hold nitrogen as make 90 % of all
        held = np.sort(factor[1][factor[0] <= coal])
        heat = held[1799] if held.size >= 1800 else np.inf
        if np.isfinite(heat):
            coal_made, boiled = 500.0 / coal, 500.0 / heat
            cost = 300 * coal_made + 500 * (1000 - coal_made) + 100 * boiled + 400 * (1000 - boiled)
            best = min(best, cost)
    extra = best - least_cost(case).cost
    assert safe.plan.cost - best <= 0.03 * extra
    assert safe.plan.cost >= best - 1e-6 * best
    assert safe.bound <= best * (1 + 1e-9)


def test_two_targets_each_on_their_own_are_as_sure_as_asked():
    doubt = Doubt(power(NITROGEN), two(0.3))
    safe = robust(doubt, 0.9)
    assert probability(doubt, safe.plan)["probability"].to_list() == pytest.approx([0.9, 0.9], abs=0.01)
    q = np.sort(doubt.factor, axis=1)[:, 1799]
    by_hand = 500_000 - 200 * 500 / q[0] + 400_000 - 300 * 500 / q[1]
    assert safe.plan.cost == pytest.approx(by_hand, rel=1e-3)
    assert safe.bound == pytest.approx(by_hand, rel=1e-9)
    at_once = robust(doubt, 0.9, together=True)
    assert at_once.plan.cost > safe.plan.cost


@pytest.mark.parametrize("together", [False, True])
def test_more_certainty_is_never_cheaper(together):
    doubt = Doubt(absolute(steel()), draws=1000, seed=3)
    found = [robust(doubt, level, together=together) for level in (0.5, 0.7, 0.8, 0.9, 0.95, 0.99)]
    cost = [s.plan.cost for s in found]
    assert cost == sorted(cost)
    for s in found:
        assert s.level <= s.achieved <= s.level + 0.01
        assert s.bound <= s.plan.cost
        assert s.gap == pytest.approx(s.plan.cost - s.bound)
    # no plan is safer than a bound says: the bound of a level is below the cost of every higher one
    assert all(a.bound <= b.plan.cost for i, a in enumerate(found) for b in found[i:])


def absolute(case):
    """The case with the bound on carbon as a number, which does not move with the base year."""
    base = sum(r["value"] for r in base_point(case)["plan_emission"].to_dicts() if r["species"] == "CO2")
    carbon = pl.col("target") == "CO2_cap"
    target = case["target"].with_columns(
        bound=pl.when(carbon).then(0.85 * base).otherwise("bound"), basis=pl.lit("absolute")
    )
    return case.with_tables(target=target)


def test_a_safe_plan_costs_more_and_is_named():
    case = absolute(steel())
    doubt, plan = Doubt(case), least_cost(case)
    safe = robust(doubt, 0.9)
    after = probability(doubt, safe.plan)
    assert after["probability"].to_list() == pytest.approx([0.9, 0.9], abs=0.01)
    assert after["scenario"].unique().to_list() == ["robust"]
    assert plan.cost <= safe.bound < safe.plan.cost
    assert joint(doubt, plan) <= probability(doubt, plan)["probability"].min()


def test_targets_out_of_doubt_are_taken_as_they_stand():
    case = absolute(steel())
    doubt = Doubt(case)
    plan = least_cost(case)
    first = next(iter(doubt.amount))
    assert probability(doubt.of([first]), plan).height == 1
    some, every = robust(doubt.of([first]), 0.9), robust(doubt, 0.9)
    assert plan.cost < some.plan.cost < every.plan.cost


def test_a_plan_that_is_sure_of_itself_pays_nothing():
    """Every draw is below the factor's own value: the least-cost plan is as sure as can be."""
    case = power()
    safe = robust(Doubt(case, np.full((2, 200), 0.7)), 0.9)
    assert (safe.reason, safe.achieved) == ("enough", 1.0)
    assert safe.plan.cost == pytest.approx(least_cost(case).cost)
    assert safe.gap == 0.0


def test_few_draws_are_named():
    """With draws 0.8, 1.0, 1.2 and 1.4, 60 % asked for is 75 % at least: three of four."""
    safe = robust(Doubt(power(), np.vstack([[0.8, 1.0, 1.2, 1.4], np.ones(4)])), 0.6)
    assert (safe.reason, safe.achieved) == ("few_draws", 0.75)
    assert safe.plan["plan_activity"].filter(pl.col("technology") == "coal")["value"].item() == pytest.approx(
        500 / 1.2, rel=2e-3
    )


def test_a_jump_is_named():
    """A factor that is 0.9 or 1.3 with nothing between: 60 % asked for costs as much as 100 %."""
    factor = np.vstack([np.repeat([0.9, 1.3], 100), np.ones(200)])
    safe = robust(Doubt(power(), factor), 0.6)
    assert (safe.reason, safe.achieved) == ("jump", 1.0)
    assert safe.plan.cost == pytest.approx(600_000 - 200 * 500 / 1.3, rel=2e-3)
    assert safe.bound == pytest.approx(600_000 - 200 * 500 / 1.3, rel=1e-9)


def test_a_target_from_below_is_tightened_upwards():
    """At least 400 t where the factor is 10 % too low in the worst tenth: coal must make 500 / 0.9."""
    tables = typed(POWER)
    tables["target"] = tables["target"].with_columns(comparator=pl.lit("at_least"))
    tables["technology_option"] = tables["technology_option"].with_columns(
        cost_variable=pl.when(pl.col("technology") == "coal").then(700).otherwise("cost_variable")
    )
    case = draft(tables, Settings(discount_rate=0.0))
    factor = np.vstack([np.linspace(0.801, 1.8, 1000), np.ones(1000)])
    safe = robust(Doubt(case, factor), 0.9)
    made = safe.plan["plan_activity"].filter(pl.col("technology") == "coal")["value"].item()
    assert made == pytest.approx(500 / 0.901, rel=2e-3)
    assert 0.9 <= safe.achieved <= 0.91
    assert safe.bound == pytest.approx(500_000 + 200 * 500 / 0.901 + 100_000, rel=1e-3)


def test_impossible_certainty_is_said_so():
    case = absolute(steel())
    carbon = pl.col("target") == "CO2_cap"
    tight = case["target"].with_columns(bound=pl.when(carbon).then(pl.col("bound") * 0.26).otherwise("bound"))
    with pytest.raises(FindingError, match="probability") as raised:
        robust(Doubt(case.with_tables(target=tight)), 0.99)
    assert raised.value.findings[0].check in ("robust_infeasible", "robust_not_found")


def test_certainty_that_no_plan_can_give_is_proved_impossible():
    """Half of coal's heat must come from somewhere: without wind nothing lowers the emission."""
    tables = typed(POWER)
    for name in ("technology_option", "technology_flow"):
        tables[name] = tables[name].filter(pl.col("technology") != "wind")
    tables["target"] = tables["target"].with_columns(bound=pl.lit(800.0))
    doubt = Doubt(
        draft(tables, Settings(discount_rate=0.0)), np.vstack([[0.9] * 50 + [1.1] * 50, np.ones(100)])
    )
    with pytest.raises(FindingError) as raised:
        robust(doubt, 0.9)
    assert raised.value.findings[0].check == "robust_infeasible"


def test_without_a_target_in_doubt_there_is_nothing_to_make_safe():
    doubt = Doubt(power(), np.ones((2, 10))).of([])
    with pytest.raises(FindingError) as raised:
        robust(doubt, 0.9)
    assert raised.value.findings[0].check == "robust_nothing_uncertain"
