"""Questions about money: the projects of a workspace, the rates of a flow, a chain of public credits."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import polars as pl

from tongyuan.finance.appraisal.flow import internal_rates, net_present_value, payback
from tongyuan.finance.credit.ledger import LINE, first_broken
from tongyuan.flows.ask import Answer
from tongyuan.flows.finance.invest import invest
from tongyuan.flows.source import open_workspace
from tongyuan.ledger.finding import FindingError, finding


def appraise(path: Path) -> Answer:
    """Return the appraisal of the projects of the workspace at `path`.

    Raises
    ------
    FindingError
        If the workspace cannot be read or has neither projects nor claims on green power.
    """
    made, found = invest(open_workspace(path))
    if not made:
        raise FindingError([*found, finding("finance", "no_projects", path=path)])
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
