r"""Intervals of very many rows: what activity adds to a total is drawn once for the total, not row by row.

With :math:`x_r` the multiplier of record :math:`r` and :math:`\sigma_a` the deviation of the multiplier of
activity :math:`a`, the sum of a group given the records is, where activities are normal, normal with

.. math::
    E(g \mid x) = \sum_r V_{g r} x_r, \qquad \operatorname{Var}(g \mid x) = \sum_{r, s} C_{g r s} x_r x_s,
    \qquad V_{g r} = \sum_{t \in r} v_t, \qquad
    C_{g r s} = \sum_a \sigma_a^2 \sum_{t \in a, r} v_t \sum_{u \in a, s} v_u .

:math:`V` and :math:`C` are summed in one pass over the rows; a draw of all groups is two sparse products. An
interval is that of one group, so that one standard normal number serves all groups of a draw. Activities that
are not normal (cut at zero) are drawn one by one, as :mod:`tongyuan.inventory.uncertainty.monte_carlo` draws
all.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numba
import numpy as np
import numpy.typing as npt
from scipy import sparse, special

from tongyuan.inventory.uncertainty.distribution import NORMAL, Fitted
from tongyuan.inventory.uncertainty.monte_carlo import Term, ends, hypercube, sample, simulate

Floats = npt.NDArray[np.float64]
Codes = npt.NDArray[np.int64]
ROWS = 2_000_000
"""Terms from which on this is done."""
_RECORDS, _CELLS = 4_000, 100_000_000
"""Records, and sums of groups and records, that are held for it at most."""
_STEP = 256
"""Groups that are drawn at a time."""


class Sums(NamedTuple):
    """Terms summed by group."""

    value: Any
    """CSR matrix :math:`V`, shape (groups, records)."""
    square: Any
    """CSR matrix :math:`C`, shape (groups, pairs)."""
    first: Codes
    second: Codes
    """Records of each pair."""
    apart: Term
    """Terms whose activity is not normal: they are not in the sums."""


def _subset(terms: Term, of: npt.NDArray[np.bool_]) -> Term:
    return Term(terms.group[of], terms.record[of], terms.activity[of], terms.value[of])


@numba.njit(cache=True, nogil=True)
def _mark(group: Codes, record: Codes, activity: Codes, shared: npt.NDArray[np.bool_]) -> None:
    """Mark the records that share an activity in a group; rows of one activity follow each other."""
    for term in range(len(group)):
        other = term
        while (
            activity[term] >= 0
            and other >= 0
            and group[other] == group[term]
            and activity[other] == activity[term]
        ):
            shared[record[other], record[term]] = True
            other -= 1


@numba.njit(cache=True, nogil=True)
def _add(
    group: Codes,
    record: Codes,
    activity: Codes,
    value: Floats,
    deviation: Floats,
    pair: Codes,
    sums: Floats,
    squares: Floats,
) -> None:
    """Add the terms to the sums of their group and record, and to those of their group and pair."""
    for term in range(len(group)):
        sums[group[term], record[term]] += value[term]
        other = term
        while (
            activity[term] >= 0
            and other >= 0
            and group[other] == group[term]
            and activity[other] == activity[term]
        ):
            spread = value[term] * value[other] * deviation[activity[term]] ** 2
            place = pair[record[other], record[term]]
            squares[group[term], place] += spread if other == term else 2 * spread
            other -= 1


def sums(terms: Term, activities: Fitted, groups: int, records: int) -> Sums | None:
    """Return the sums of many terms; None where there are few, or too many records to hold sums of.

    Parameters
    ----------
    terms
        Shapes (terms,).
    activities
        Distributions of the multipliers of activity.
    groups, records
        Numbers of groups and of records.
    """
    if len(terms.group) < ROWS or records > _RECORDS or groups * records > _CELLS:
        return None
    varying = terms.activity >= 0
    normal = np.append(activities.kind == NORMAL, True)[terms.activity]
    apart = _subset(terms, ~normal)
    chosen = terms if normal.all() else _subset(terms, normal)
    if varying.any():
        chosen = _together(chosen, len(activities.kind))
    shared = np.zeros((records, records), dtype=np.bool_)
    _mark(chosen.group, chosen.record, chosen.activity, shared)
    first, second = np.nonzero(shared)
    if groups * len(first) > _CELLS:
        return None
    pair = np.zeros((records, records), dtype=np.int64)
    pair[first, second] = np.arange(len(first))
    value, square = np.zeros((groups, records)), np.zeros((groups, len(first)))
    _add(*chosen, activities.deviation, pair, value, square)
    return Sums(sparse.csr_matrix(value), sparse.csr_matrix(square), first, second, apart)


def _together(terms: Term, activities: int) -> Term:
    """Return terms in an order in which those of one group and activity follow each other."""
    key = terms.group * (activities + 1) + terms.activity
    runs = np.sort(key[np.flatnonzero(np.diff(key, prepend=-2))])
    if not (runs[1:] == runs[:-1])[runs[1:] % (activities + 1) != activities].any():
        return terms
    order = np.argsort(key, kind="stable")
    return Term(terms.group[order], terms.record[order], terms.activity[order], terms.value[order])


def limits_of(
    found: Sums,
    records: Fitted,
    activities: Fitted,
    *,
    draws: int,
    seed: int,
    family: Codes | None = None,
    correlation: float = 0.0,
) -> tuple[Floats, Floats]:
    """Return the 2.5 % and 97.5 % points of the drawn sums, shapes (groups,).

    Parameters
    ----------
    found
        Result of :func:`sums`.
    records, activities, draws, seed, family, correlation
        As in :func:`~tongyuan.inventory.uncertainty.monte_carlo.simulate`.
    """
    rng = np.random.default_rng(seed)
    x = np.ones((len(records.kind), draws))
    for block, drawn in sample(records, draws, rng, family=family, correlation=correlation):
        x[block] = drawn.T
    squares = x[found.first] * x[found.second]
    z = special.ndtri(hypercube(1, draws, rng))[:, 0]
    groups = found.value.shape[0]
    result = np.empty((2, groups))
    for start in range(0, groups, _STEP):
        part = slice(start, min(start + _STEP, groups))
        total = found.value[part] @ x
        total += np.sqrt(np.maximum(found.square[part] @ squares, 0.0)) * z
        inside = (found.apart.group >= part.start) & (found.apart.group < part.stop)
        if inside.any():
            few = _subset(found.apart, inside)
            few = few._replace(group=few.group - start)
            total += simulate(
                few,
                records,
                activities,
                len(total),
                draws=draws,
                seed=seed,
                family=family,
                correlation=correlation,
            )
        result[:, part] = ends(total)
    return result[0], result[1]
