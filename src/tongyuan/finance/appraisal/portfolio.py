"""What a fixed sum buys most of: projects whole, in bundles or excluding each other, with least shares."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.optimize import Bounds, LinearConstraint, linprog, milp
from scipy.sparse import csr_array

from tongyuan.ledger.quiet import quiet

Array = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Portfolio:
    """What is chosen.

    Attributes
    ----------
    chosen : array of bool, shape (projects,)
    value, cost : float
        Sums over what is chosen.
    last : float [value per money]
        What one more yuan of budget would bring if projects could be divided: the price of the last yuan.
    gap : float [1]
        Proven distance of the value from the best there is, as a share of it.
    """

    chosen: npt.NDArray[np.bool_]
    value: float
    cost: float
    last: float
    gap: float


def best_portfolio(
    value: npt.ArrayLike,
    cost: npt.ArrayLike,
    budget: float,
    *,
    together: Sequence[Sequence[int]] = (),
    either: Sequence[Sequence[int]] = (),
    least: Mapping[float, Sequence[int]] | None = None,
) -> Portfolio:
    """Return the projects of most value within a budget; choosing none meets every condition.

    Parameters
    ----------
    value : array, shape (projects,)
        What each brings: reductions weighted by stated prices, net present value, …
    cost : array, shape (projects,) [money]
        What each takes of the budget.
    budget : float [money]
    together : groups of projects
        All of a group or none.
    either : groups of projects
        At most one of a group.
    least : mapping of share to projects
        At least this share of the money spent goes to these projects.

    Raises
    ------
    ValueError
        If a cost or the budget is negative, or lengths differ.
    """
    worth, price = np.asarray(value, dtype=np.float64), np.asarray(cost, dtype=np.float64)
    if worth.shape != price.shape or worth.ndim != 1 or (price < 0).any() or budget < 0:
        raise ValueError("every project has a value and a cost, and no cost or budget is negative")
    count = worth.size
    if not count:
        return Portfolio(np.zeros(0, dtype=np.bool_), 0.0, 0.0, 0.0, 0.0)
    rows, low, high = [price], [-np.inf], [budget]
    for group in together:
        for one in group[1:]:
            row = np.zeros(count)
            row[group[0]], row[one] = 1, -1
            rows.append(row)
            low.append(0.0)
            high.append(0.0)
    for group in either:
        row = np.zeros(count)
        row[list(group)] = 1
        rows.append(row)
        low.append(-np.inf)
        high.append(1.0)
    for share, group in (least or {}).items():
        inside = np.zeros(count)
        inside[list(group)] = 1
        rows.append(price * (inside - share))
        low.append(0.0)
        high.append(np.inf)
    matrix, lower, upper = csr_array(np.array(rows)), np.array(low), np.array(high)
    with quiet():
        solved = milp(
            -worth,
            constraints=LinearConstraint(matrix, lower, upper),
            integrality=np.ones(count, dtype=np.int64),
            bounds=Bounds(0, 1),
            options={"mip_rel_gap": 0.0},
        )
    chosen = np.asarray(solved.x, dtype=np.float64) > 0.5
    return Portfolio(
        chosen=chosen,
        value=float(worth[chosen].sum()),
        cost=float(price[chosen].sum()),
        last=_last_yuan(worth, matrix, lower, upper),
        gap=float(solved.mip_gap or 0.0),
    )


def _last_yuan(worth: Array, matrix: csr_array, lower: Array, upper: Array) -> float:
    """Return the dual of the budget, the first row, when projects may be divided."""
    equal = lower == upper
    above, below = ~equal & np.isfinite(upper), ~equal & np.isfinite(lower)
    parts = [matrix[above].toarray(), -matrix[below].toarray()]
    bounds = np.concatenate([upper[above], -lower[below]])
    fixed = {"A_eq": matrix[equal].toarray(), "b_eq": lower[equal]} if equal.any() else {}
    relaxed = linprog(-worth, A_ub=np.vstack(parts), b_ub=bounds, bounds=(0, 1), method="highs", **fixed)
    return float(-relaxed.ineqlin.marginals[0]) if relaxed.status == 0 else float("nan")
