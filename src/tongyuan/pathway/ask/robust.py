"""How sure the targets are under factor uncertainty."""

from __future__ import annotations

from collections.abc import Collection
from copy import copy
from dataclasses import replace

import numpy as np
import polars as pl
from scipy import sparse
from scipy.special import ndtri

from tongyuan.ledger.table import conform, empty
from tongyuan.pathway.case.case import Case
from tongyuan.pathway.plan import Plan
from tongyuan.pathway.problem import quantity
from tongyuan.pathway.problem.assemble import Aim, aims, assemble
from tongyuan.pathway.problem.base import base_activity, codes_with_base
from tongyuan.pathway.problem.coefficient import coefficients
from tongyuan.pathway.problem.problem import Array, Index

Z95 = 1.959963984540054
"""Half width of the 95 % interval of the standard normal distribution."""


def multipliers(case: Case, draws: int, seed: int) -> Array:
    """Return draws of value-relative factors of every row of ``emission_coefficient``, shape (rows, draws).

    Rows of one ``factor_id`` share their draws, so that errors are correlated as in reality. A row without
    limits is certain. The 95 % limits are those of the distribution named; without a name, normal, or
    lognormal when the upper limit is more than twice the value.
    """
    table = case["emission_coefficient"]
    generator = np.random.default_rng(seed)
    result = np.ones((table.height, draws))
    groups: dict[str, Array] = {}
    for i, row in enumerate(table.to_dicts()):
        low, high, value = row["lower"], row["upper"], row["value"]
        if low is None or high is None or not value:
            continue
        name = "|".join(row["factor_id"] or ()) or f"row {i}"
        if name not in groups:
            groups[name] = generator.random(draws)
        result[i] = _quantile(row["distribution"], groups[name], low / value, high / value)
    return result


def _quantile(kind: str, u: Array, low: float, high: float) -> Array:
    if kind == "uniform":
        width = (high - low) / 0.95
        return (low + high) / 2.0 + (u - 0.5) * width
    if kind == "triangular":
        a, b = _triangle(1.0 - low, high - 1.0)
        cut = (1.0 - a) / (b - a) if b > a else 0.5
        rising = a + np.sqrt(np.maximum(u * (b - a) * (1.0 - a), 0.0))
        falling = b - np.sqrt(np.maximum((1.0 - u) * (b - a) * (b - 1.0), 0.0))
        return np.where(u < cut, rising, falling)
    z = ndtri(u)
    if (kind == "lognormal" or (not kind and high > 2.0)) and low > 0.0:
        sigma = (np.log(high) - np.log(low)) / (2.0 * Z95)
        return np.asarray(np.exp(z * sigma))
    # two half normals where the interval is not symmetric
    return np.asarray(1.0 + z * np.where(z < 0.0, 1.0 - low, high - 1.0) / Z95)


def _triangle(below: float, above: float) -> tuple[float, float]:
    """Return the ends of the triangle of mode 1 whose 95 % limits lie `below` and `above` the mode."""
    p, q = below, above
    for _ in range(200):
        p, q = below + np.sqrt(0.025 * (p + q) * p), above + np.sqrt(0.025 * (p + q) * q)
    return 1.0 - float(p), 1.0 + float(q)


class Doubt:
    """The emission targets of a case as functions of activity and of draws of the factors.

    An emission is linear in both: every target keeps the amount each row of ``emission_coefficient`` adds to
    it per unit of activity. A bound that is a share of the base year moves with the base year, where the same
    factors count; a bound given as a number, or a share of a base value given as a number, stays.

    Parameters
    ----------
    factor
        Draws of the coefficients relative to their value, shape (rows of emission_coefficient, draws), such
        as the inventory's own; drawn from the limits in the table when None.
    known
        Share of every coefficient that has limits, shape (rows,); taken from the draws when None.
    """

    def __init__(
        self, case: Case, factor: Array | None = None, known: Array | None = None, draws: int = 2000,
        seed: int = 0,
    ) -> None:  # fmt: skip
        self.case = case
        self.factor = multipliers(case, draws, seed) if factor is None else factor
        self.known = (np.ptp(self.factor, axis=1) > 0.0).astype(np.float64) if known is None else known
        self.every = aims(case)
        wanted = sorted({a.quantity for a in self.every if a.kind == "emission"})
        self.problem = replace(assemble(case.with_targets(names=[]), wanted), case=case)
        x = self.problem.parts["x"].select("n", "k", "c", "t")
        own = coefficients(case, self.problem.codes, x.with_row_index("i"))
        names = codes_with_base(case)
        base = names.frame(base_activity(case))
        then = coefficients(case, names, base.select("n", "k", "c", "t").with_row_index("i"))
        periods = np.array([0.0, *case["period"].sort("year")["weight"]])
        self._drawn: dict[int, tuple[Array, Array]] = {}
        self.amount: dict[int, sparse.csr_matrix] = {}
        self.rows: dict[int, Index] = {}
        self.bound: dict[int, Array] = {}
        rows = {r["target"]: r for r in case["target"].to_dicts()}
        for i, aim in enumerate(self.every):
            if not uncertain(aim):
                continue
            times = np.zeros(len(periods))
            at = [self.problem.codes.year.index(y) + 1 for y in aim.years]
            times[at] = periods[at] if aim.cumulative else 1.0
            self.amount[i] = self._matrix(aim, own, x, times[x["t"].to_numpy()])
            self.rows[i] = np.flatnonzero(np.diff(self.amount[i].indptr))
            row = rows[aim.target]
            self.bound[i] = np.full(self.factor.shape[1], aim.bound)
            if row["basis"] == "share_of_base" and row["base_value"] is None:
                before = self._matrix(aim, then, base, np.ones(base.height)) @ base["value"].to_numpy()
                if before.any():
                    self.bound[i] *= (before @ self.factor) / before.sum()

    def _matrix(self, aim: Aim, rates: pl.DataFrame, domain: pl.DataFrame, times: Array) -> sparse.csr_matrix:
        """Return what a unit of every activity adds to an aim, by row of emission_coefficient."""
        names = self.problem.codes
        weight = quantity.members(self.case, aim.quantity)
        species = np.array([weight.get(s, 0.0) for s in names.species])
        nodes = {names.node.index(n) for n in quantity.scope_nodes(self.case, aim.scope)}
        here = np.array([n in nodes for n in domain["n"]]) * times
        i = rates["i"].to_numpy()
        value = rates["value"].to_numpy() * species[rates["s"].to_numpy()] * here[i]
        shape = (len(self.factor), domain.height)
        found = sparse.csr_matrix((value, (rates["factor"].to_numpy(), i)), shape=shape)
        found.eliminate_zeros()  # the coefficients of other species and places
        return found

    def of(self, kept: Collection[int]) -> Doubt:
        """Return the same with only some of the targets in doubt; the others are taken as they stand."""
        fewer = copy(self)
        fewer.amount = {i: m for i, m in self.amount.items() if i in kept}
        return fewer

    def emission(self, i: int, activity: Array) -> Array:
        """Return draws of the emission that target `i` limits, shape (draws,).

        Those of the last activity are kept: excess, probability and joint probability ask for the same.
        """
        last = self._drawn.get(i)
        if last is None or not np.array_equal(last[0], activity):
            rows = self.rows[i]
            drawn = np.asarray((self.amount[i] @ activity)[rows] @ self.factor[rows])
            last = self._drawn[i] = (activity.copy(), drawn)
        return last[1]

    def excess(self, i: int, activity: Array) -> Array:
        """Return draws of how far target `i` is missed; zero and below is met, shape (draws,)."""
        over = self.emission(i, activity) - self.bound[i]
        return -over if self.every[i].comparator == "at_least" else over

    def met(self, i: int, activity: Array) -> np.ndarray:
        """Return in which draws target `i` is met, shape (draws,)."""
        return np.asarray(self.excess(i, activity) <= 1e-9 * max(abs(self.every[i].bound), 1e-12))


def uncertain(aim: Aim) -> bool:
    """Return whether factor uncertainty decides if an aim is met: it limits an emission from one side."""
    return aim.kind == "emission" and not aim.denominator_kind and aim.comparator != "equal"


def probability(doubt: Doubt, plan: Plan) -> pl.DataFrame:
    """Return the probability that each emission target is met by `plan`, a plan of the case of `doubt`.

    Returns
    -------
    polars.DataFrame
        Table ``target_probability``. Its ``known`` is the share of the emission whose factors have limits:
        what has none does not vary, and where it is small the probability says little.
    """
    activity = plan["plan_activity"]["value"].to_numpy()
    rows = []
    for i, matrix in doubt.amount.items():
        aim = doubt.every[i]
        amounts = np.abs(matrix @ activity)
        p = float(doubt.met(i, activity).mean())
        lower, median, upper = np.quantile(doubt.emission(i, activity), [0.025, 0.5, 0.975]).tolist()
        rows.append(
            {
                "scenario": plan.scenario, "target": aim.target, "year": aim.year, "probability": p,
                "standard_error": float(np.sqrt(p * (1.0 - p) / doubt.factor.shape[1])), "bound": aim.bound,
                "median": median, "lower": lower, "upper": upper, "unit": aim.unit,
                "known": float(amounts @ doubt.known / amounts.sum()) if amounts.any() else 1.0,
            }
        )  # fmt: skip
    return conform("target_probability", pl.DataFrame(rows)) if rows else empty("target_probability")


def joint(doubt: Doubt, plan: Plan) -> float:
    """Return the probability that `plan` meets all emission targets at once."""
    activity = plan["plan_activity"]["value"].to_numpy()
    met = np.ones(doubt.factor.shape[1], dtype=np.bool_)
    for i in doubt.amount:
        met &= doubt.met(i, activity)
    return float(met.mean())
