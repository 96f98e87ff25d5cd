"""Grids of models: regular in longitude and latitude, or in a Lambert conformal plane on a sphere."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Literal

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]

RADIUS = 6_370_000.0
"""Radius of the sphere of WRF and CMAQ [m]."""


@dataclass(frozen=True)
class Grid:
    """A regular grid; its cells are numbered row by row from the lower left corner.

    Parameters
    ----------
    name
        Id of the grid.
    projection
        ``longlat`` or ``lambert``.
    x_origin, y_origin
        Lower left corner of the first cell [degree] or [m].
    x_step, y_step
        Size of a cell [degree] or [m].
    columns, rows
        How many cells lie side by side and above each other.
    latitude_1, latitude_2, longitude_0, latitude_0
        Standard parallels and origin of a Lambert plane [degree].
    radius
        Radius of the sphere [m].
    """

    name: str
    projection: Literal["longlat", "lambert"]
    x_origin: float
    y_origin: float
    x_step: float
    y_step: float
    columns: int
    rows: int
    latitude_1: float = 0.0
    latitude_2: float = 0.0
    longitude_0: float = 0.0
    latitude_0: float = 0.0
    radius: float = RADIUS

    @property
    def size(self) -> int:
        """Number of cells."""
        return self.columns * self.rows

    @property
    def geographic(self) -> bool:
        """Whether its axes are longitude and latitude."""
        return self.projection == "longlat"

    @cached_property
    def x_edges(self) -> Array:
        """Edges of the columns [degree] or [m]."""
        return self.x_origin + self.x_step * np.arange(self.columns + 1, dtype=np.float64)

    @cached_property
    def y_edges(self) -> Array:
        """Edges of the rows [degree] or [m]."""
        return self.y_origin + self.y_step * np.arange(self.rows + 1, dtype=np.float64)

    @property
    def x_centres(self) -> Array:
        """Middles of the columns [degree] or [m]."""
        return self.x_origin + self.x_step * np.arange(0.5, self.columns, dtype=np.float64)

    @property
    def y_centres(self) -> Array:
        """Middles of the rows [degree] or [m]."""
        return self.y_origin + self.y_step * np.arange(0.5, self.rows, dtype=np.float64)

    def project(self, longitude: Array, latitude: Array) -> tuple[Array, Array]:
        """Return where points lie on the axes of the grid.

        Longitudes are turned by whole circles to lie about the middle of the grid.

        Parameters
        ----------
        longitude, latitude : array, shape (n,) [degree]

        Returns
        -------
        tuple of array, shape (n,) [degree] or [m]

        References
        ----------
        Snyder 1987, Map projections, eq. 15-1 to 15-4 (sphere).
        """
        if self.geographic:
            middle = self.x_origin + 0.5 * self.columns * self.x_step
            turned = np.floor((longitude - middle + 180) / 360)
            return longitude - 360 * turned, latitude
        n, scale = self._cone
        rho = scale / np.tan(np.pi / 4 + np.radians(latitude) / 2) ** n
        middle_rho = scale / np.tan(np.pi / 4 + np.radians(self.latitude_0) / 2) ** n
        away = (longitude - self.longitude_0 + 180) % 360 - 180
        angle = n * np.radians(away)
        return rho * np.sin(angle), middle_rho - rho * np.cos(angle)

    def unproject(self, x: Array, y: Array) -> tuple[Array, Array]:
        """Return longitude and latitude of points on the axes of the grid [degree]."""
        if self.geographic:
            return x, y
        n, scale = self._cone
        middle_rho = scale / np.tan(np.pi / 4 + np.radians(self.latitude_0) / 2) ** n
        sign = np.sign(n)
        rho = sign * np.hypot(x, middle_rho - y)
        angle = np.arctan2(sign * x, sign * (middle_rho - y))
        latitude = 2 * np.arctan((scale / rho) ** (1 / n)) - np.pi / 2
        return self.longitude_0 + np.degrees(angle / n), np.degrees(latitude)

    @cached_property
    def _cone(self) -> tuple[float, float]:
        """Return the constant of the cone and ``R·F`` [m]."""
        one, two = np.radians(self.latitude_1), np.radians(self.latitude_2)
        if np.isclose(one, two):
            n = float(np.sin(one))
        else:
            tangents = np.tan(np.pi / 4 + two / 2) / np.tan(np.pi / 4 + one / 2)
            n = float(np.log(np.cos(one) / np.cos(two)) / np.log(tangents))
        return n, float(self.radius * np.cos(one) * np.tan(np.pi / 4 + one / 2) ** n / n)

    def map_factor(self, latitude: Array) -> Array:
        """Return how much longer the plane is than the sphere at a latitude; 1 for longitude and latitude."""
        if self.geographic:
            return np.ones_like(latitude)
        n, scale = self._cone
        phi = np.radians(latitude)
        return n * scale / (self.radius * np.cos(phi) * np.tan(np.pi / 4 + phi / 2) ** n)

    def centres(self) -> tuple[Array, Array]:
        """Return longitude and latitude of the middle of every cell, shape (rows, columns) [degree]."""
        x, y = np.meshgrid(self.x_centres, self.y_centres)
        return self.unproject(x, y)

    def area(self) -> Array:
        """Return the area of every cell on the sphere, shape (rows, columns) [m2].

        Exact in longitude and latitude; in a Lambert plane the area of the plane over the square of the map
        factor at the middle of the cell.
        """
        if self.geographic:
            band = np.diff(np.sin(np.radians(self.y_edges)))
            one = self.radius**2 * np.radians(self.x_step) * band
            return np.repeat(one[:, None], self.columns, axis=1)
        _, latitude = self.centres()
        return self.x_step * self.y_step / self.map_factor(latitude) ** 2
