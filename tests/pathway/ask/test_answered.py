from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tongyuan.pathway.ask.answered import Answered, unmoved
from tongyuan.pathway.ask.coalition import Coalition
from tongyuan.pathway.ask.least_cost import least_cost
from tongyuan.pathway.example import steel

INFINITY = np.inf


@pytest.mark.parametrize(
    ("row", "dual", "old", "new", "stays"),
    [
        (3.0, 0.0, (-INFINITY, 5.0), (2.0, 4.0), True),  # nothing presses, and it is within
        (3.0, 0.0, (-INFINITY, 5.0), (-INFINITY, 2.0), False),  # it is no longer allowed
        (5.0, -2.0, (-INFINITY, 5.0), (1.0, 5.0), True),  # presses on the upper limit, which stays
        (5.0, -2.0, (-INFINITY, 5.0), (-INFINITY, 6.0), False),  # it would rise
        (5.0, -2.0, (5.0, 5.0), (-INFINITY, 5.0), True),  # held from both sides, pressed from one
        (5.0, 2.0, (5.0, 5.0), (-INFINITY, 5.0), False),  # it would fall
        (5.0, 2.0, (5.0, 9.0), (5.0, INFINITY), True),
    ],
)
def test_an_answer_stays_where_its_duals_prove_it(row, dual, old, new, stays):
    one = [np.array([v]) for v in (row, dual, *old, *new)]
    assert unmoved(one[0], one[1], (one[2], one[3]), (one[4], one[5])).tolist() == [stays]


def test_a_set_is_found_that_differs_by_free_players_alone():
    answered = Answered(3)
    at = [np.array(v, dtype=bool) for v in ([0, 0, 0], [1, 0, 0], [1, 1, 0], [1, 1, 1], [0, 1, 1])]
    assert answered.find(at[0]) is None
    answered.keep(at[1], np.array([False, True, False]), np.array([7.0]))
    answered.keep(at[3], np.array([False, False, False]), np.array([8.0]))
    found = [answered.find(one) for one in at]
    assert [None if worth is None else worth.item() for worth in found] == [None, 7.0, 7.0, 8.0, None]


@given(st.lists(st.tuples(st.integers(0, 31), st.integers(0, 31)), max_size=150))
def test_every_set_that_is_kept_is_found(kept):
    answered = Answered(5)
    bits = [[np.array([n >> i & 1 for i in range(5)], dtype=bool) for n in pair] for pair in kept]
    for number, (inside, free) in enumerate(bits):
        answered.keep(inside, free, np.array([float(number)]))
    for asked in range(32):
        inside = np.array([asked >> i & 1 for i in range(5)], dtype=bool)
        first = next((n for n, (s, f) in enumerate(kept) if not (s ^ asked) & ~f & 31), None)
        worth = answered.find(inside)
        assert (None if worth is None else worth.item()) == first


QUANTITIES = [("emission", "CO2e"), ("emission", "NOx"), ("emission", "SO2"), ("cost", "total")]


def test_what_is_answered_is_what_a_solve_of_its_own_gives():
    """Every set of measures, in any order: as from a solver that knows of no other set."""
    case = steel()
    plan = least_cost(case)
    players = Coalition(case, plan, QUANTITIES).players
    sets = [frozenset(s) for n in range(len(players) + 1) for s in combinations(players, n)]
    alone = {members: Coalition(case, plan, QUANTITIES).worth(members).tolist() for members in sets}
    for seed in range(3):
        game = Coalition(case, plan, QUANTITIES)
        for i in np.random.default_rng(seed).permutation(len(sets)):
            worth = game.worth(sets[i]).tolist()
            assert worth == pytest.approx(alone[sets[i]], rel=1e-8, abs=1e-6)
        assert len(game.answered.worth) < len(sets)
