"""Monte Carlo of an inventory: factors are drawn, not rows, so errors are shared as they are in reality.

A draw multiplies every factor record and every activity row by a random number; an emission row is the
product of its two. All rows of one record share its draw. Latin hypercube sampling; a seed fixes every bit.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
from scipy import sparse, special

from tongyuan.inventory.uncertainty.distribution import FIXED, LOGNORMAL, NORMAL, Fitted, quantile

Floats = npt.NDArray[np.float64]
Codes = npt.NDArray[np.int64]
_BLOCK = 512
"""Random variables drawn at a time."""
CELLS = 20_000_000
"""Drawn sums (groups × draws) that are held at a time."""
POINTS = (0.025, 0.975)
"""Ends of a 95 % interval."""
COMPILED = 10_000_000
"""Drawn values from which on a compiled loop is worth its loading."""
LEAST_GONE_THROUGH, MOST_GONE_THROUGH = 80, 3_000
"""Draws whose ends are found by going through them once; more are partitioned."""
_DENSE = 0.05
"""Share of non-zero weights above which a dense product is the faster one."""


class Term(NamedTuple):
    """Emissions as products: value × multiplier of a record × multiplier of an activity."""

    group: Codes
    record: Codes
    activity: Codes
    """-1 where the activity does not vary."""
    value: Floats


def _select(fitted: Fitted, of: Codes) -> Fitted:
    return Fitted(fitted.kind[of], fitted.a[of], fitted.b[of], fitted.mean[of], fitted.deviation[of])


def _subset(terms: Term, of: npt.NDArray[np.bool_]) -> Term:
    return Term(terms.group[of], terms.record[of], terms.activity[of], terms.value[of])


def hypercube(count: int, draws: int, rng: np.random.Generator) -> Floats:
    """Return a Latin hypercube sample, shape (draws, count): each variable once in each of `draws` strata.

    References
    ----------
    McKay, Beckman & Conover (1979), Technometrics 21(2): 239–245.
    """
    own = rng.spawn(1)[0]
    inside = own.uniform(size=(draws, count))
    strata = np.tile(np.arange(1, draws + 1), (count, 1))
    for variable in strata:
        own.shuffle(variable)
    sample: Floats = (strata.T - inside) / draws
    return sample


def sample(
    fitted: Fitted,
    draws: int,
    rng: np.random.Generator,
    *,
    family: Codes | None = None,
    correlation: float = 0.0,
) -> Iterator[tuple[Codes, Floats]]:
    """Yield blocks of records that vary, and their multipliers, shape (draws, records of the block).

    Parameters
    ----------
    fitted
        Distributions of all records.
    draws
        Number of draws.
    rng
        Source of randomness.
    family
        Family (fuel) of each record, -1 for none; shape (records,).
    correlation
        Correlation of the normal scores of records of one family, 0 to 1.
    """
    shared: Floats | None = None
    if family is not None and correlation > 0 and (family >= 0).any():
        shared = special.ndtri(hypercube(int(family.max()) + 1, draws, rng))
    vary = np.flatnonzero(fitted.kind != FIXED)
    for start in range(0, len(vary), _BLOCK):
        block = vary[start : start + _BLOCK]
        u = hypercube(len(block), draws, rng)
        normal: Floats | None = None
        if shared is not None and family is not None:
            member = family[block]
            normal = special.ndtri(u)
            kin = np.flatnonzero(member >= 0)
            normal[:, kin] = (
                np.sqrt(correlation) * shared[:, member[kin]] + np.sqrt(1 - correlation) * normal[:, kin]
            )
            u[:, kin] = special.ndtr(normal[:, kin])
            needs = np.isin(fitted.kind[block], (NORMAL, LOGNORMAL))
            normal = normal if needs.any() else None
        yield block, quantile(_select(fitted, block), u, normal)


def products(
    result: Floats, x: Floats, y: Floats, start: Codes, record: Codes, activity: Codes, value: Floats
) -> None:
    """Add value × x[record] × y[activity] to the row of each group; terms are sorted by group.

    Few are added as they stand, which is sooner done than the compiled loop is loaded; to the same bit.
    """
    if value.size * result.shape[1] > COMPILED:
        from tongyuan.inventory.uncertainty import kernel

        kernel.products(result, x, y, start, record, activity, value)
        return
    for group, row in enumerate(result):
        for term in range(start[group], start[group + 1]):
            row += value[term] * x[record[term]] * y[activity[term]]


def _with_activity(
    terms: Term, x: Floats, activities: Fitted, groups: int, draws: int, rng: np.random.Generator
) -> Floats:
    """Return the part of the sum whose activity varies; shape (groups, draws)."""
    result = np.zeros((groups, draws))
    order = np.lexsort((terms.record, terms.group, terms.activity // _BLOCK))
    block_of = terms.activity[order] // _BLOCK
    for number, (block, y) in enumerate(sample(activities, draws, rng)):
        first, last = np.searchsorted(block_of, [number, number + 1])
        inside = order[first:last]
        start = np.searchsorted(terms.group[inside], np.arange(groups + 1)).astype(np.int64)
        products(
            result,
            x,
            np.ascontiguousarray(y.T),
            start,
            terms.record[inside],
            terms.activity[inside] - block[0],
            terms.value[inside],
        )
    return result


def simulate(
    terms: Term,
    records: Fitted,
    activities: Fitted,
    groups: int,
    *,
    draws: int,
    seed: int,
    family: Codes | None = None,
    correlation: float = 0.0,
) -> Floats:
    """Return the drawn sums of every group.

    Parameters
    ----------
    terms
        Shapes (terms,).
    records, activities
        Distributions of the multipliers; every activity varies.
    groups
        Number of groups.
    draws, seed
        Number of draws; the same seed gives the same bits.
    family, correlation
        See :func:`sample`.

    Returns
    -------
    numpy.ndarray
        Shape (groups, draws).
    """
    rng = np.random.default_rng(seed)
    varying = terms.activity >= 0
    alone, count = _subset(terms, ~varying), len(records.kind)
    weight: Any = sparse.coo_matrix((alone.value, (alone.group, alone.record)), shape=(groups, count)).tocsc()
    constant = weight @ (records.kind == FIXED).astype(np.float64)
    result = np.empty((groups, draws))
    result[:] = constant[:, None]
    needed = np.zeros(count, dtype=bool)
    needed[terms.record[varying]] = True
    place = (np.cumsum(needed) - 1).astype(np.int64)
    kept = np.ones((int(needed.sum()), draws))
    for block, x in sample(records, draws, rng, family=family, correlation=correlation):
        part = weight[:, block]
        if part.nnz > _DENSE * groups * len(block):
            result += part.toarray() @ x.T
        elif part.nnz:
            result += part @ x.T
        of = np.flatnonzero(needed[block])
        kept[place[block[of]]] = x[:, of].T
    if varying.any():
        uncertain = _subset(terms, varying)
        uncertain = uncertain._replace(record=place[uncertain.record])
        result += _with_activity(uncertain, kept, activities, groups, draws, rng)
    return result


def ends(drawn: Floats) -> Floats:
    """Return the 2.5 % and 97.5 % points of each row, shape (2, rows): those of :func:`numpy.quantile`.

    Few draws are gone through once, for the values that lie outside; `drawn` may be reordered.
    """
    draws = drawn.shape[1]
    if drawn.size <= COMPILED or not LEAST_GONE_THROUGH <= draws <= MOST_GONE_THROUGH:
        points: Floats = np.quantile(drawn, POINTS, axis=1, overwrite_input=True)
        return points
    from tongyuan.inventory.uncertainty import kernel

    places = [(draws - 1) * point for point in POINTS]
    found = np.empty((len(drawn), 4))
    kernel.outer(drawn, int(np.floor(places[0])) + 2, draws - int(np.floor(places[1])), found)
    sides = []
    for place, first in zip(places, (0, 2), strict=True):
        share, (before, after) = place - np.floor(place), found[:, first : first + 2].T
        step = after - before
        sides.append(after - step * (1 - share) if share >= 0.5 else before + step * share)
    return np.stack(sides)


def limits(
    terms: Term,
    records: Fitted,
    activities: Fitted,
    groups: int,
    *,
    draws: int,
    seed: int,
    family: Codes | None = None,
    correlation: float = 0.0,
    cells: int = CELLS,
) -> tuple[Floats, Floats]:
    """Return the 2.5 % and 97.5 % points of the sums of :func:`simulate`, shapes (groups,).

    At most `cells` drawn sums are held at a time: more groups are drawn in parts, each from the same seed
    and with its own activities.
    """
    step = max(1, cells // draws)
    parts = groups > step
    order = np.argsort(terms.group, kind="stable") if parts else np.arange(len(terms.group))
    group = terms.group[order]
    found = np.zeros((2, groups))
    for start in range(0, groups, step):
        last = min(start + step, groups)
        part, drivers = terms, activities
        if parts:
            part, drivers = _part(terms, activities, order[slice(*np.searchsorted(group, [start, last]))])
            part = part._replace(group=part.group - start)
        drawn = simulate(
            part,
            records,
            drivers,
            last - start,
            draws=draws,
            seed=seed,
            family=family,
            correlation=correlation,
        )
        found[:, start:last] = ends(drawn)
    return found[0], found[1]


def _part(terms: Term, activities: Fitted, rows: Codes) -> tuple[Term, Fitted]:
    """Return the terms `rows` and the activities they have, numbered anew."""
    driver = terms.activity[rows]
    named, place = np.unique(driver[driver >= 0], return_inverse=True)
    activity = np.full(len(driver), -1, dtype=np.int64)
    activity[driver >= 0] = place
    part = Term(terms.group[rows], terms.record[rows], activity, terms.value[rows])
    return part, _select(activities, named)
