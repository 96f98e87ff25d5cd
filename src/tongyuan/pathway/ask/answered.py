"""What one solve answers: a set of players, and every set that differs from it in players who move nothing.

An answer of least cost stays the answer when a limit is moved that it keeps and that nothing presses on
(complementary slackness): its duals prove it for the other set too, without solving.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from tongyuan.pathway.problem.problem import Array

Which = npt.NDArray[np.bool_]

SLACK = 1e-9
"""Share of its size by which a row may miss a limit and still keep it: that by which limits are widened."""


def unmoved(row: Array, dual: Array, old: tuple[Array, Array], new: tuple[Array, Array]) -> Which:
    """Return which rows keep an answer of least cost as it is when their limits become others.

    Parameters
    ----------
    row, dual
        Activities and dual values of the answer; a positive dual presses on the lower limit.
    old, new
        Lower and upper limits, before and after.

    Returns
    -------
    numpy.ndarray
        Whether each row is within its new limits, and the one that is pressed on stays where it was.
    """
    room = SLACK * np.maximum(np.abs(row), 1.0)
    within = (row >= new[0] - room) & (row <= new[1] + room)
    low, high = (dual <= 0.0) | (old[0] == new[0]), (dual >= 0.0) | (old[1] == new[1])
    return np.asarray(within & low & high, dtype=np.bool_)


class Answered:
    """Worths of the sets that were solved, each with the players who may join or leave it unmoved."""

    def __init__(self, players: int) -> None:
        self.inside: Which = np.zeros((0, players), dtype=np.bool_)
        self.free: Which = np.zeros((0, players), dtype=np.bool_)
        self.worth: list[Array] = []

    def find(self, inside: Which) -> Array | None:
        """Return the worth of a set of players if a solve has answered it, else None."""
        count = len(self.worth)
        apart = (self.inside[:count] != inside) & ~self.free[:count]
        same = np.flatnonzero(~apart.any(axis=1))
        return self.worth[same[0]] if same.size else None

    def keep(self, inside: Which, free: Which, worth: Array) -> None:
        """Keep the worth of the set `inside`, and of those that differ from it by players of `free`."""
        count = len(self.worth)
        if count == len(self.inside):
            more = np.zeros((max(count, 64), inside.size), dtype=np.bool_)
            self.inside, self.free = np.vstack([self.inside, more]), np.vstack([self.free, more])
        self.inside[count], self.free[count] = inside, free
        self.worth.append(worth)
