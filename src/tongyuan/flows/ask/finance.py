"""Questions about money: the projects of a workspace, the rates of a flow, a chain of public credits."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import polars as pl

from tongyuan.finance.appraisal.flow import internal_rates, net_present_value, payback
from tongyuan.finance.credit.ledger import LINE, first_broken
from tongyuan.flows.ask import Answer
from tongyuan.flows.ask.plan.given import given_of_workspace
from tongyuan.flows.finance.incentive import incentive as change
from tongyuan.flows.finance.invest import invest
from tongyuan.flows.finance.public import public_credits
from tongyuan.flows.source import Brought, open_workspace
from tongyuan.ledger.finding import FindingError, finding, require
from tongyuan.ledger.table import empty


def appraise(path: Path) -> Answer:
    """Return the appraisal of the projects of the workspace at `path`.

    Raises
    ------
    FindingError
        If the workspace cannot be read or has neither projects nor claims on green power.
    """
    return appraise_of(open_workspace(path), str(path))


def appraise_of(workspace: Brought, named: str = "–") -> Answer:
    """Return the appraisal of the projects of a workspace that is open.

    Raises
    ------
    FindingError
        If it has neither projects nor claims.
    """
    made, found = invest(workspace)
    if not made:
        raise FindingError([*found, finding("finance", "no_projects", path=named)])
    return Answer(made, found)


def incentive(path: Path) -> Answer:
    """Return what the policies of the workspace at `path` change in its plan: who moves, who pays.

    Raises
    ------
    FindingError
        If the workspace cannot be read or planned, or table ``policy`` is missing or unclear.
    """
    return incentive_of(open_workspace(path))


def incentive_of(workspace: Brought) -> Answer:
    """Return what the policies of a workspace that is open change, as :func:`incentive` does.

    Raises
    ------
    FindingError
        As :func:`incentive`.
    """
    policy = workspace.tables.get("policy", empty("policy"))
    require([finding("finance", "policy_none")] if policy.is_empty() else [])
    made, found = change(given_of_workspace(workspace).case, policy)
    return Answer(made, found)


def credits_of(workspace: Brought) -> Answer:
    """Return the public credits of a workspace that is open: lines, accounts and statistics.

    Raises
    ------
    FindingError
        If there are no acts, or a person stands there by a name or a number of its own.
    """
    made, found = public_credits(workspace)
    require([] if made else [finding("finance", "no_acts")])
    return Answer(made, found)


def rates(flow: Sequence[float], discount: float) -> Answer:
    """Return every internal rate of a flow, its net present value and payback.

    Parameters
    ----------
    flow : sequence of float [money]
        The first now, the others at the end of each year.
    discount : float [1/yr]

    Raises
    ------
    FindingError
        If there are fewer than two amounts or the rate is −1 or below.
    """
    if len(flow) < 2 or discount <= -1:
        raise FindingError([finding("finance", "flow_short")])
    every = internal_rates(flow)
    facts = {
        "value": float(net_present_value(flow, discount)),
        "payback": payback(flow, discount),
        "count": len(every),
    }
    return Answer({"rate": pl.DataFrame({"rate": list(every)}, schema={"rate": pl.Float64})}, facts=facts)


def verify(path: Path) -> Answer:
    """Return whether a ledger of public credits is what it was when it was chained.

    Raises
    ------
    FindingError
        If the file is no such ledger, or a line was changed, put in or taken out.
    """
    try:
        credit = pl.read_parquet(path)
    except (OSError, pl.exceptions.PolarsError):
        raise FindingError([finding("finance", "no_ledger", path=path)]) from None
    if not {*LINE, "hash"} <= set(credit.columns):
        raise FindingError([finding("finance", "no_ledger", path=path)])
    broken = first_broken(credit)
    if broken is not None:
        raise FindingError([finding("finance", "chain_broken", line=broken + 1, act=credit["act"][broken])])
    return Answer({}, facts={"count": credit.height, "last": credit["hash"][-1] if credit.height else ""})
