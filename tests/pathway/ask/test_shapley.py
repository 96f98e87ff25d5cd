from __future__ import annotations

from itertools import permutations

import numpy as np
import pytest

from tongyuan.pathway.ask.shapley import shapley

PLAYERS = [f"p{i}" for i in range(8)]


def game(seed: int, players: list[str]):
    generator = np.random.default_rng(seed)
    weight = dict(zip(players, generator.normal(size=(len(players), 2)), strict=True))
    pair = generator.normal(size=(len(players), len(players), 2))

    def worth(members: frozenset[str]) -> np.ndarray:
        inside = [players.index(m) for m in members]
        total = sum((weight[m] for m in members), np.zeros(2))
        for i in inside:
            for j in inside:
                if i < j:
                    total = total + pair[i, j] * (1.0 + 0.1 * len(members))
        return total

    return worth


def test_exact_values_match_brute_force_on_eight_players():
    worth = game(3, PLAYERS)
    found = shapley(PLAYERS, worth)
    known: dict[frozenset[str], np.ndarray] = {}
    brute = np.zeros((8, 2))
    count = 0
    for order in permutations(range(8)):
        inside, before = frozenset(), known.setdefault(frozenset(), worth(frozenset()))
        for i in order:
            inside = inside | {PLAYERS[i]}
            if inside not in known:
                known[inside] = worth(inside)
            brute[i] += known[inside] - before
            before = known[inside]
        count += 1
    assert found.exact
    np.testing.assert_allclose(found.value, brute / count, atol=1e-10)
    np.testing.assert_allclose(found.value.sum(axis=0), worth(frozenset(PLAYERS)), rtol=1e-9)


def test_sampled_values_sum_to_the_total_and_lie_within_their_error():
    players = [f"p{i}" for i in range(14)]
    worth = game(5, players)
    found = shapley(players, worth, samples=400)
    assert not found.exact
    np.testing.assert_allclose(found.value.sum(axis=0), worth(frozenset(players)), rtol=1e-9)
    finer = shapley(players, worth, samples=4000, seed=1)
    apart = np.abs(found.value - finer.value)
    assert (apart <= 5.0 * np.hypot(found.standard_error, finer.standard_error) + 1e-9).all()


def test_a_player_who_does_nothing_gets_nothing():
    found = shapley(["a", "b"], lambda s: np.array([3.0 if "a" in s else 0.0]))
    assert found.value.ravel() == pytest.approx([3.0, 0.0])
