"""Questions of a notebook about money: appraisals of projects, policies on a plan, rates of a flow."""

from __future__ import annotations

from collections.abc import Sequence

from tongyuan.face.results import Results
from tongyuan.face.workspace import Source, opened


def appraise(what: Source) -> Results:
    """Return the appraisal of the projects of a workspace, its ranges and its screening. Nothing is written.

    Raises
    ------
    FindingError
        If the tables cannot be used.

    Examples
    --------
    >>> projects = {
    ...     "investment": {"project": ["P"], "lifetime": [5], "source": ["made up"]},
    ...     "cash_flow": {"project": ["P", "P"], "payer": ["enterprise"] * 2, "value": [-1000.0, 300.0],
    ...                   "item": ["investment", "revenue"], "year": [2026, 2027], "year_to": [None, 2031]},
    ... }
    >>> made = ty.appraise(ty.workspace(projects))
    >>> round(made.appraisal.frame["net_present_value"][0], 2)
    197.81
    """
    from tongyuan.flows.finance.invest import invest

    chosen = opened(what)
    tables, found = invest(chosen)
    return Results(tables, chosen.settings, (*chosen.findings, *found), workspace=chosen)


def incentive(what: Source) -> Results:
    """Return what the policies of a workspace (table ``policy``) change in its plan.

    Tables ``incentive_move`` (who moves into what), ``incentive_revenue`` and ``incidence`` (who pays).

    Raises
    ------
    FindingError
        If there is no policy, it is unclear, or the workspace has no plan.

    Examples
    --------
    >>> charge = {"policy": ["carbon"], "kind": ["charge"], "quantity": ["CO2"], "value": [500.0],
    ...           "unit": ["CNY/t"], "source": ["made up"]}
    >>> steel = ty.example("steel")
    >>> made = ty.incentive(ty.workspace({**steel.tables, "policy": charge}, settings={
    ...     "plan.discount_rate": 0.05, "plan.base_year": 2025}))
    >>> sorted(made)
    ['incentive_move', 'incentive_revenue', 'incidence']
    """
    from tongyuan.flows.ask.plan.given import given_of_tables, given_of_workspace
    from tongyuan.flows.finance.incentive import incentive as change
    from tongyuan.flows.plan.plan import PLAN_TABLES
    from tongyuan.flows.plan.read import plan_settings
    from tongyuan.ledger.table import empty

    chosen = opened(what)
    policy = chosen.tables.get("policy", empty("policy"))
    if "activity" in chosen.tables:
        case = given_of_workspace(chosen).case
    else:
        own = {n: f for n, f in chosen.tables.items() if n in PLAN_TABLES}
        case = given_of_tables(own, plan_settings(chosen.settings.plan)).case
    tables, found = change(case, policy)
    return Results(tables, chosen.settings, (*chosen.findings, *found), workspace=chosen)


def rates_of_return(flow: Sequence[float]) -> tuple[float, ...]:
    """Return every rate of return of a yearly flow, the first amount now; none where there is none.

    Examples
    --------
    >>> [round(rate, 4) for rate in ty.rates_of_return([-1600.0, 10_000.0, -10_000.0])]
    [0.25, 4.0]
    """
    from tongyuan.flows.ask.finance import rates

    return tuple(rates(flow, 0.0)["rate"]["rate"])
