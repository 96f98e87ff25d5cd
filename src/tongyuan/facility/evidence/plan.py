"""Inspection plan: the most useful visits, and a random part from which the true rate is estimated
without bias."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from tongyuan.facility.evidence.balance import Array

Whole = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Drawn:
    """Sites drawn for inspection.

    Parameters
    ----------
    chosen
        Positions of the sites, first those of certainty, then the random part.
    certain
        Whether each chosen site was taken for its risk.
    inclusion
        Probability with which each site of the population had to be drawn, shape (sites,).
    """

    chosen: Whole
    certain: npt.NDArray[np.bool_]
    inclusion: Array


def draw(
    risk: Array,
    tonnes: Array,
    stratum: Whole,
    days: Array,
    budget: float,
    *,
    random_share: float = 0.3,
    seed: int = 0,
) -> Drawn:
    """Draw the sites to inspect with so many inspector-days.

    The first part takes sites by ``risk × tonnes`` per day; the rest of the budget is drawn at random
    in every
    stratum, in proportion to its number, at least one (two where the budget allows), so that each site
    may be drawn.

    Parameters
    ----------
    risk, tonnes, days : array, shape (sites,)
        Probability of a misstatement, emission at stake [pollution equivalents or t CO2e], days of a visit.
    stratum : array of int, shape (sites,)
        Group (branch and size) of each site.
    budget
        Inspector-days.
    random_share
        Share of the budget for the random part, 0 … 1.
    seed
        Of the draw; it is published with the plan, so that anyone may repeat it.
    """
    value = risk * tonnes / np.maximum(days, 1e-9)
    order = np.argsort(-value, kind="stable")
    total = np.cumsum(days[order])
    certain = order[total <= budget * (1 - random_share)]
    inclusion = np.zeros(len(risk))
    inclusion[certain] = 1.0
    left = budget - float(days[certain].sum())
    rest = np.setdiff1d(np.arange(len(risk)), certain)
    picked: list[int] = []
    rng = np.random.default_rng(seed)
    for group, count in _shares(stratum[rest], days[rest], left).items():
        members = rest[stratum[rest] == group]
        inclusion[members] = count / len(members)
        picked += [int(k) for k in rng.choice(members, size=count, replace=False)]
    chosen = np.array([*certain, *picked], dtype=np.int64)
    return Drawn(chosen, np.arange(len(chosen)) < len(certain), inclusion)


def _shares(stratum: Whole, days: Array, budget: float) -> dict[int, int]:
    """Return how many sites of each stratum the random part draws: one each, then in proportion."""
    groups, sizes = np.unique(stratum, return_counts=True)
    mean = {int(g): float(days[stratum == g].mean()) for g in groups}
    count = {int(g): 0 for g in groups}
    size = {int(g): int(n) for g, n in zip(groups, sizes, strict=True)}
    spent = 0.0
    while True:
        open_groups = [g for g in count if count[g] < size[g] and spent + mean[g] <= budget + 1e-9]
        if not open_groups:
            return {g: n for g, n in count.items() if n}
        g = max(open_groups, key=lambda k: (count[k] == 0, size[k] / (count[k] + 1), -k))
        count[g] += 1
        spent += mean[g]


def estimate(drawn: Drawn, found: Array, stratum: Whole) -> tuple[float, float]:
    """Return the Horvitz–Thompson estimate of a total over all sites, and its standard error.

    Parameters
    ----------
    drawn
        The plan.
    found : array, shape (chosen,)
        What each visit found: 1 or 0 for a misstatement, or misstated tonnes.
    stratum : array of int, shape (sites,)

    Returns
    -------
    tuple
        Total and standard error (nan where a stratum has a single visit). Unbiased if every site had a chance
        (:func:`covered`).
    """
    weight = 1 / drawn.inclusion[drawn.chosen]
    total = float((found * weight).sum())
    variance = 0.0
    random = ~drawn.certain
    for group in np.unique(stratum[drawn.chosen[random]]):
        at = np.flatnonzero(random & (stratum[drawn.chosen] == group))
        n, share = len(at), drawn.inclusion[drawn.chosen[at[0]]]
        if share >= 1:
            continue
        size = n / share
        variance += np.nan if n < 2 else size**2 * (1 - share) * float(found[at].var(ddof=1)) / n
    return total, float(np.sqrt(variance))


def covered(drawn: Drawn) -> float:
    """Return the share of sites that had a chance to be drawn; below one the estimate speaks of those
    only."""
    return float((drawn.inclusion > 0).mean())
