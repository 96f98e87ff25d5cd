"""What a plan tells beside its numbers: assumptions, regret, who pays, jobs, stranded stock, road map."""

from __future__ import annotations

import polars as pl

from tongyuan.flows.ask import Answer
from tongyuan.flows.ask.plan.given import AMBITION, Given
from tongyuan.pathway.ask.least_cost import least_cost
from tongyuan.pathway.plan import Plan
from tongyuan.pathway.tell.assumption import CHANGE, COUNT
from tongyuan.pathway.tell.assumption import assumptions as find_assumptions
from tongyuan.pathway.tell.incidence import incidence
from tongyuan.pathway.tell.job import jobs as find_jobs
from tongyuan.pathway.tell.regret import regret as find_regret
from tongyuan.pathway.tell.road_map import road_map as find_road_map
from tongyuan.pathway.tell.stranded import stranded as find_stranded


def assumptions(given: Given, change: float = CHANGE, count: int = COUNT) -> Answer:
    """Return the prices, costs, demands and bounds that would change the plan, proved by solving anew."""
    return Answer({"assumption": find_assumptions(given.case, change, count)})


def regret(given: Given, until: int | None = None) -> Answer:
    """Return what having begun with pollution or carbon alone costs once every target must be met."""
    return Answer({"regret": find_regret(given.case, AMBITION, until)})


def _plans(given: Given) -> tuple[Plan, Plan | None]:
    """Return the plan of least cost and the one without the targets that are asked about."""
    plan = least_cost(given.case, scenario="plan", evaluate=given.evaluate)
    free = least_cost(given.case.with_targets(given.kept), scenario="none", explain=False)
    return plan, free if free.tables else None


def who_pays(given: Given) -> Answer:
    """Return who pays and who gains by the targets of pollution and carbon, by sector and payer."""
    plan, free = _plans(given)
    return Answer({"incidence": incidence(free or plan, plan)})


def road_map(given: Given) -> Answer:
    """Return the measures of the plan with start, amount, owner and indicator."""
    plan, free = _plans(given)
    return Answer({"road_map": find_road_map(given.case, plan, free)})


def jobs(given: Given) -> Answer:
    """Return jobs of capacity in place, built and retired; empty without coefficients."""
    plan = least_cost(given.case, scenario="plan", evaluate=given.evaluate)
    return Answer({"plan_job": find_jobs(given.case, plan)})


def stranded(given: Given) -> Answer:
    """Return stock that retires early, and capacity that stands idle."""
    plan = least_cost(given.case, scenario="plan", evaluate=given.evaluate)
    return Answer({"stranded": find_stranded(given.case, plan)})


def told(given: Given, plan: Plan, free: Plan | None) -> dict[str, pl.DataFrame]:
    """Return every table of what a plan that is at hand tells; `free` is the one without ambition."""
    case = given.case
    free = free if free is not None and free.tables else None
    return {
        **assumptions(given).tables,
        **regret(given).tables,
        "incidence": incidence(free or plan, plan),
        "plan_job": find_jobs(case, plan),
        "stranded": find_stranded(case, plan),
        "road_map": find_road_map(case, plan, free),
    }
