"""Shapley values: exact for few players, sampled with an error bar for many, always summing to the total."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import factorial

import numpy as np

from tongyuan.pathway.problem.problem import Array

EXACT_PLAYERS = 12


@dataclass(frozen=True)
class Shapley:
    """Values and standard errors, shape (players, quantities); `exact` tells the method."""

    value: Array
    standard_error: Array
    exact: bool


def shapley(
    players: Sequence[str], worth: Callable[[frozenset[str]], Array], samples: int = 400, seed: int = 0
) -> Shapley:
    r"""Return the Shapley value of every player for every component of `worth`.

    .. math:: \phi_i = \sum_{S \subseteq N \setminus i} \frac{|S|!\,(n-|S|-1)!}{n!}\,[v(S \cup i) - v(S)]

    (L. S. Shapley, A value for n-person games, 1953). With more than ``EXACT_PLAYERS`` players the mean
    over `samples` random orders, in antithetic pairs, is taken; the standard error is that of the pairs.

    Parameters
    ----------
    worth
        Value of a coalition, shape (quantities,); asked once for each coalition.
    """
    known: dict[frozenset[str], Array] = {}

    def value(coalition: frozenset[str]) -> Array:
        if coalition not in known:
            known[coalition] = np.asarray(worth(coalition), dtype=float)
        return known[coalition]

    n = len(players)
    if n <= EXACT_PLAYERS:
        total = np.zeros((n, value(frozenset()).size))
        for mask in range(1 << n):
            inside = frozenset(p for i, p in enumerate(players) if mask >> i & 1)
            for i, player in enumerate(players):
                if not mask >> i & 1:
                    weight = factorial(len(inside)) * factorial(n - len(inside) - 1) / factorial(n)
                    total[i] += weight * (value(inside | {player}) - value(inside))
        return Shapley(
            _exact_sum(total, value(frozenset(players)) - value(frozenset())), np.zeros_like(total), True
        )
    generator = np.random.default_rng(seed)
    draws = []
    for _ in range(max(samples // 2, 2)):
        order = generator.permutation(n)
        pair = np.zeros((n, value(frozenset()).size))
        for sequence in (order, order[::-1]):
            before, inside = value(frozenset()), frozenset[str]()
            for i in sequence:
                inside = inside | {players[i]}
                after = value(inside)
                pair[i] += 0.5 * (after - before)
                before = after
        draws.append(pair)
    stack = np.stack(draws)
    error = stack.std(axis=0, ddof=1) / np.sqrt(len(draws))
    return Shapley(
        _exact_sum(stack.mean(axis=0), value(frozenset(players)) - value(frozenset())), error, False
    )


def _exact_sum(values: Array, total: Array) -> Array:
    """Spread the rounding of the last digits so that the values sum to the total."""
    size = np.abs(values).sum(axis=0)
    share = np.divide(
        np.abs(values), size, out=np.full_like(values, 1.0 / max(len(values), 1)), where=size > 0
    )
    return np.asarray(values + share * (total - values.sum(axis=0)))
