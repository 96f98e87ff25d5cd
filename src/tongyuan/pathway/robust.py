"""How sure the targets are under factor uncertainty, and plans that meet them with a stated probability."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import polars as pl
from scipy.special import ndtri

from tongyuan.ledger.finding import FindingError, finding
from tongyuan.ledger.table import conform, empty
from tongyuan.pathway import quantity
from tongyuan.pathway.assemble import Aim, aims, assemble, with_aims
from tongyuan.pathway.case import Case
from tongyuan.pathway.coefficient import coefficients
from tongyuan.pathway.encode import codes
from tongyuan.pathway.least_cost import finish
from tongyuan.pathway.plan import Plan
from tongyuan.pathway.problem import Array
from tongyuan.pathway.solve import Solver

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
        name = row["factor_id"] or f"row {i}"
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


def emission_draws(case: Case, plan: Plan, aim: Aim, factor: Array) -> Array:
    """Return draws of the (numerator) emission of an aim under `plan`, shape (draws,)."""
    names = codes(case)
    weight = quantity.members(case, aim.quantity)
    nodes = quantity.scope_nodes(case, aim.scope)
    years = dict(zip(case["period"]["year"], case["period"]["weight"], strict=True))
    many = len(aim.years) > 1
    activity = plan["plan_activity"].filter(
        (pl.col("value") != 0.0) & pl.col("year").is_in(list(aim.years)) & pl.col("node").is_in(nodes)
    )
    domain = names.frame(activity.select("node", "technology", "control", "year").with_row_index("i"))
    rates = coefficients(case, names, domain, list(weight)).join(
        activity.select("year", activity="value").with_row_index("i"), on="i"
    )
    share = pl.Series(rates["s"]).to_numpy()
    per_species = np.array([weight.get(s, 0.0) for s in names.species])
    times = np.array([years[y] if many else 1.0 for y in rates["year"]])
    amount = (rates["value"] * rates["activity"]).to_numpy() * per_species[share] * times
    by_factor = np.bincount(rates["factor"].to_numpy(), weights=amount, minlength=factor.shape[0])
    return np.asarray(by_factor @ factor)


def probability(
    case: Case, plan: Plan, draws: int = 2000, seed: int = 0, factor: Array | None = None
) -> pl.DataFrame:
    """Return the probability that each emission target is met by `plan`.

    Parameters
    ----------
    factor
        Draws of the coefficients relative to their value, shape (rows of emission_coefficient, draws), such
        as the inventory's own; drawn from the limits in the table when None.
    """
    factor = multipliers(case, draws, seed) if factor is None else factor
    rows = []
    for aim in aims(case):
        if aim.kind != "emission" or aim.denominator_kind:
            continue
        drawn = emission_draws(case, plan, aim, factor)
        met = _met(aim, drawn, aim.bound)
        p = float(met.mean())
        lower, median, upper = (float(v) for v in np.quantile(drawn, [0.025, 0.5, 0.975]))
        rows.append(
            {
                "target": aim.target, "year": aim.year, "probability": p, "bound": aim.bound,
                "standard_error": float(np.sqrt(p * (1.0 - p) / drawn.size)),
                "median": median, "lower": lower, "upper": upper,
            }
        )  # fmt: skip
    return conform("target_probability", pl.DataFrame(rows)) if rows else empty("target_probability")


def _met(aim: Aim, drawn: Array, bound: float) -> np.ndarray:
    hair = 1e-9 * max(abs(bound), 1e-12)
    return drawn >= bound - hair if aim.comparator == "at_least" else drawn <= bound + hair


def robust(
    case: Case, level: float, draws: int = 2000, seed: int = 0, factor: Array | None = None, rounds: int = 30
) -> tuple[Plan, pl.DataFrame]:
    """Return a plan that meets every emission target with probability `level`, and the probabilities.

    The bounds are tightened by the ratio of bound to the `level` quantile under the plan, and the problem is
    solved again, until every target holds with the probability asked for on these draws. The plan is safe;
    that no cheaper safe plan exists is not claimed.

    Raises
    ------
    FindingError
        If the tightened targets cannot be met.
    """
    factor = multipliers(case, draws, seed) if factor is None else factor
    wanted = aims(case)
    bounds = [a.bound for a in wanted]
    base = assemble(case.with_targets(names=[]), sorted({a.quantity for a in wanted if a.kind == "emission"}))
    base = replace(base, case=case)
    for _ in range(rounds):
        problem = with_aims(base, [replace(a, bound=b) for a, b in zip(wanted, bounds, strict=True)])
        solution = Solver(problem).solve()
        if solution.status != "optimal":
            raise FindingError([finding("pathway", "robust_infeasible", level=f"{100 * level:g}")])
        plan = finish(problem, solution, "robust")
        done = True
        for i, aim in enumerate(wanted):
            if aim.kind != "emission" or aim.denominator_kind or aim.comparator == "equal":
                continue
            drawn = emission_draws(case, plan, aim, factor)
            if float(_met(aim, drawn, aim.bound).mean()) >= level:
                continue
            done = False
            edge = float(np.quantile(drawn, level if aim.comparator == "at_most" else 1.0 - level))
            certain = float(_nominal(case, plan, aim))
            bounds[i] = (
                min(bounds[i], certain) - 1.02 * (edge - aim.bound)
                if aim.comparator == "at_most"
                else (max(bounds[i], certain) + 1.02 * (aim.bound - edge))
            )
        if done:
            return plan, probability(case, plan, factor=factor)
    raise FindingError([finding("pathway", "robust_infeasible", level=f"{100 * level:g}")])


def _nominal(case: Case, plan: Plan, aim: Aim) -> float:
    return quantity.value(case, plan.tables, aim.kind, aim.quantity, list(aim.years), aim.scope, aim.control)
