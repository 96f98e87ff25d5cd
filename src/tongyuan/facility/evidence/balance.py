"""Balances that the measurements of one unit and month must meet: sums of products of variables."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
import numpy.typing as npt
import polars as pl

from tongyuan.reference.shelf import shelf

Array = npt.NDArray[np.float64]
KINDS = ("coal", "gas", "kiln", "steel", "cell", "sewage")
"""Kinds with balances of their own: coal, gas, cement kilns, steel works, aluminium pots, sewage works."""
OWN_HISTORY = "own history"
"""Basis of a parameter that differs from plant to plant: without months of its own it has no weight."""


@dataclass(frozen=True)
class Balances:
    """Balances ``Σ coefficient · Π variables = 0`` of one kind of unit.

    Parameters
    ----------
    variables
        Names of the variables, in the order of the columns of every array.
    names
        Names of the balances, in the order of the rows of residuals.
    terms
        Balance, coefficient and variables of each term, as positions.
    measured
        Which variables are measurements; the others are parameters with their own accuracy.
    accuracy
        Usual relative standard deviation of each variable, shape (n,).
    typical
        A value of each variable to start from where nothing else gives one, shape (n,).
    scale
        Position of the variable each typical value is per unit of, −1 for none, shape (n,).
    own
        Row of the balance that a parameter is taken from in the unit's own months, −1 for none, shape (n,).
    general
        Whether a typical value stands for a unit that has no months of its own, shape (n,).
    """

    variables: tuple[str, ...]
    names: tuple[str, ...]
    terms: tuple[tuple[int, float, tuple[int, ...]], ...]
    measured: npt.NDArray[np.bool_]
    accuracy: Array
    typical: Array
    scale: npt.NDArray[np.int64]
    own: npt.NDArray[np.int64]
    general: npt.NDArray[np.bool_]

    def residual(self, x: Array) -> Array:
        """Return what each balance leaves, shape (..., n) → (..., m)."""
        out = np.zeros((*x.shape[:-1], len(self.names)))
        for row, coefficient, members in self.terms:
            out[..., row] += coefficient * np.prod(x[..., list(members)], axis=-1)
        return out

    def jacobian(self, x: Array) -> Array:
        """Return the derivative of each balance by each variable, shape (..., m, n)."""
        out = np.zeros((*x.shape[:-1], len(self.names), len(self.variables)))
        for row, coefficient, members in self.terms:
            for at, column in enumerate(members):
                others = [m for i, m in enumerate(members) if i != at]
                out[..., row, column] += coefficient * np.prod(x[..., others], axis=-1)
        return out

    def filled(self, x: Array) -> Array:
        """Return `x` with missing values (nan) put in, each from a balance in which it alone is missing.

        Where no balance yields one, the first that is missing takes its typical value. It is a place to
        start from
        only: a value that was not measured has no weight.
        """
        out = x.copy()
        while np.isnan(out).any():
            before = int(np.isnan(out).sum())
            for row in range(len(self.names)):
                members = sorted({m for r, _, ms in self.terms if r == row for m in ms})
                lacking = np.isnan(out[:, members])
                alone = lacking.sum(axis=1) == 1
                for at, column in enumerate(members):
                    self._solve(out, row, column, np.flatnonzero(alone & lacking[:, at]))
            if int(np.isnan(out).sum()) == before:
                self._begin(out)
        return out

    def _begin(self, x: Array) -> None:
        """Put the typical value of the first missing variable of each row into `x`, first those that
        scale others."""
        bases = [int(k) for k in np.unique(self.scale) if k >= 0]
        order = np.array([*bases, *(k for k in range(x.shape[1]) if k not in bases)])
        lacking = np.isnan(x[:, order])
        lines = np.flatnonzero(lacking.any(axis=1))
        column = order[lacking[lines].argmax(axis=1)]
        of = self.scale[column]
        x[lines, column] = self.typical[column] * np.where(of >= 0, x[lines, np.maximum(of, 0)], 1.0)

    def closing(self, x: Array, column: int) -> Array:
        """Return the value of a parameter that closes the balance it is taken from, nan where one lacks.

        Parameters
        ----------
        x : array, shape (B, n)
            Months, with nan for what was not measured.
        column
            Position of a parameter with a balance of its own (`own`).
        """
        row = int(self.own[column])
        members = {m for r, _, ms in self.terms if r == row for m in ms} - {column}
        out = x.copy()
        out[:, column] = np.nan
        given = ~np.isnan(out[:, sorted(members)]).any(axis=1)
        self._solve(out, row, column, np.flatnonzero(given))
        return np.asarray(out[:, column])

    def _solve(self, x: Array, row: int, column: int, lines: npt.NDArray[np.int64]) -> None:
        """Put the value of one variable that closes one balance into the `lines` of `x`."""
        if not len(lines):
            return
        part = x[lines]
        part[:, column] = 0.0
        rest = self.residual(part)[:, row]
        part[:, column] = 1.0
        slope = self.residual(part)[:, row] - rest
        with np.errstate(divide="ignore", invalid="ignore"):
            value = -rest / slope
        x[lines, column] = np.where(np.isfinite(value) & (value > 0), value, np.nan)


@cache
def balances(kind: str = "coal") -> Balances:
    """Return the balances of a kind of unit from the shelves ``balance``, ``balance_term``.

    Raises
    ------
    KeyError
        If there are none of that kind.
    """
    chosen = shelf("balance").filter(pl.col("kind") == kind)
    if chosen.is_empty():
        raise KeyError(f"no balances of kind {kind!r}")
    names = tuple(chosen["balance"])
    rows = shelf("balance_term").filter(pl.col("kind") == kind).to_dicts()
    used = {name for row in rows for name in row["variables"].split("*") if name}
    every = shelf("balance_variable").filter(pl.col("variable").is_in(sorted(used)))
    variables = tuple(every["variable"])
    return Balances(
        variables,
        names,
        tuple(
            (
                names.index(row["balance"]),
                float(row["coefficient"]),
                _positions(row["variables"].split("*"), variables),
            )
            for row in rows
        ),
        (every["role"] == "measured").to_numpy(),
        every["accuracy"].cast(pl.Float64).to_numpy(),
        every["typical"].cast(pl.Float64).to_numpy(),
        np.array([variables.index(per) if per else -1 for per in every["per"]]),
        np.array([names.index(own) if own else -1 for own in every["own"]]),
        (every["basis"] != OWN_HISTORY).to_numpy(),
    )


def _positions(names: Sequence[str], variables: tuple[str, ...]) -> tuple[int, ...]:
    return tuple(variables.index(name) for name in names if name)
