"""Emissions on a grid by hour, never laid out whole: yearly maps times shares of hours, block by block."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np
import numpy.typing as npt

from tongyuan.allocation.grid import Grid
from tongyuan.allocation.profile.hour import Clock, window

Array = npt.NDArray[np.float64]
Single = npt.NDArray[np.float32]

BLOCK = 64 * 2**20
"""Bytes of a block."""


@dataclass(frozen=True)
class ModelSpecies:
    """A species of a model, its yearly amounts before and after allocation, and in what it is counted.

    ``unit`` is ``mol`` or ``g``; ``total``, ``inside`` and ``outside`` are in it.
    """

    name: str
    unit: str
    total: float
    inside: float
    outside: float


@dataclass(frozen=True)
class Field:
    """Emissions of a year on a grid.

    Parameters
    ----------
    grid, clock
        Where and when.
    species
        Model species.
    base : array, shape (profiles, layers, species, cells) [unit/yr]
        Yearly amounts by profile in time.
    shares : array, shape (profiles, hours)
        Shares of hours; every row sums to one.
    layers : tuple [m]
        Tops of the layers; empty for a single one.
    """

    grid: Grid
    clock: Clock
    species: tuple[ModelSpecies, ...]
    base: Single
    shares: Array
    layers: tuple[float, ...] = ()

    @property
    def depth(self) -> int:
        """Number of layers."""
        return int(self.base.shape[1])

    def hours(self, begin: datetime, count: int) -> Single:
        """Return the amounts of hours, shape (hours, layers, species, rows, columns) [unit/h].

        Parameters
        ----------
        begin
            First hour, UTC.
        count
            How many hours.
        """
        profiles = self.base.shape[0]
        part = self.shares[:, window(self.clock, begin, count)].T.astype(np.float32)
        made = part @ self.base.reshape(profiles, -1)
        shape = (count, self.depth, len(self.species), self.grid.rows, self.grid.columns)
        return made.reshape(shape)

    def blocks(self, begin: datetime, count: int) -> Iterator[tuple[int, Single]]:
        """Yield hours in blocks: the number of the first, and what :meth:`hours` returns.

        The next block is made while the last one is used, such as written.
        """
        step = int(max(1, min(24, BLOCK // max(self.base[0].nbytes, 1))))
        firsts = range(0, count, step)

        def made(first: int) -> Single:
            return self.hours(begin + timedelta(hours=first), min(step, count - first))

        with ThreadPoolExecutor(1) as ahead:
            coming = [ahead.submit(made, first) for first in firsts[:1]]
            for place, first in enumerate(firsts):
                block = coming.pop().result()
                coming += [ahead.submit(made, after) for after in firsts[place + 1 : place + 2]]
                yield first, block
