"""The air of receptors in full: surfaces where a user has fitted them, lines else, and the deaths avoided."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

import numpy as np
import numpy.typing as npt
import polars as pl

from tongyuan.impact.air.response import Response, Source, emission_of, outside, response_of
from tongyuan.impact.air.surface import Powers, design, slope
from tongyuan.impact.health.risk import gemm, risk_gemm_2018

Array = npt.NDArray[np.float64]

AVOIDED: Final = "avoided_death"
"""Name of the quantity that counts deaths avoided against the air of the base, over all receptors."""

FINE: Final = "PM2.5"
CAUSE: Final = "ncd_lri"
STEP: Final = 1e-4
"""Step of the derivative of a risk [ug/m3]."""


@dataclass(frozen=True)
class Polynomial:
    """A surface of one receptor: powers by number of the source among those of the response, and values."""

    terms: tuple[Powers, ...]
    value: Array


@dataclass(frozen=True)
class Full:
    """What emissions make of receptors and of the people there.

    Attributes
    ----------
    response : coefficients, bases and ranges, in one unit of emission for each species.
    surfaces : mapping of receptor to its polynomial, for those that have one.
    level : mapping of receptor to its concentration at the base.
    deaths : mapping of receptor to deaths of a year observed at that concentration.
    chinese_cohort : edition of the risk function.
    """

    response: Response
    surfaces: Mapping[str, Polynomial] = field(default_factory=dict)
    level: Mapping[str, float] = field(default_factory=dict)
    deaths: Mapping[str, float] = field(default_factory=dict)
    chinese_cohort: bool = True

    def air(self, emission: Mapping[Source, float]) -> dict[str, float]:
        """Return the concentration of every receptor from emissions by species and node."""
        at = emission_of(self.response, emission)
        line = self.response.rest + at @ self.response.coefficient
        found = dict(zip(self.response.receptors, line.tolist(), strict=True))
        for name, surface in self.surfaces.items():
            ratio = self._ratio(name, at)
            found[name] = float(design(ratio, surface.terms) @ surface.value)
        return found

    def slopes(self, emission: Mapping[Source, float]) -> dict[str, Array]:
        """Return the derivative of every receptor by the emission of every source, shape (sources,)."""
        at = emission_of(self.response, emission)
        found = {name: self.response.coefficient[:, j] for j, name in enumerate(self.response.receptors)}
        for name, surface in self.surfaces.items():
            ratio, j = self._ratio(name, at), self.response.receptors.index(name)
            base = self.response.base[:, j]
            made = np.zeros(len(at))
            for i in np.flatnonzero(base):
                made[i] = float(slope(ratio, surface.terms, int(i)) @ surface.value) / base[i]
            for i in np.flatnonzero(self.response.filled[:, j]):
                made[i] = made[self.response.sources.index((self.response.sources[i][0], ""))]
            found[name] = made
        return found

    def contributions(self, emission: Mapping[Source, float]) -> tuple[Array, Array]:
        """Return what every source adds to every receptor, and the rest; together they are the air.

        Of a surface it is the gradient gathered on the way from no emission to all of it (integrated
        gradients), exact for polynomials up to the seventh degree.

        Returns
        -------
        (array, array), shapes (sources, receptors) and (receptors,) [unit of the receptor]
        """
        at = emission_of(self.response, emission)
        found = at[:, None] * self.response.coefficient
        rest = self.response.rest.copy()
        points, weights = np.polynomial.legendre.leggauss(4)
        for name, surface in self.surfaces.items():
            j = self.response.receptors.index(name)
            part = np.zeros(len(at))
            for point, weight in zip((points + 1) / 2, weights / 2, strict=True):
                part += weight * self.slopes({s: point * v for s, v in emission.items()})[name]
            found[:, j] = part * at
            none = self._ratio(name, np.zeros(len(at)))
            rest[j] = float(design(none, surface.terms) @ surface.value)
        return found, rest

    def _ratio(self, receptor: str, at: Array) -> Array:
        """Return emissions over those of the base; a node's that has no row of its own joins every node's."""
        j = self.response.receptors.index(receptor)
        base, filled = self.response.base[:, j], self.response.filled[:, j]
        whole = at.copy()
        for i, (species, node) in enumerate(self.response.sources):
            if not node:
                mine = [k for k, s in enumerate(self.response.sources) if s[0] == species and s[1]]
                whole[i] += sum(at[k] for k in mine if filled[k])
        return np.divide(whole, base, out=np.zeros_like(whole), where=base > 0)

    def avoided(self, air: Mapping[str, float], before: Mapping[str, float] | None = None) -> Array:
        """Return deaths avoided: mean, lower and upper limit of 95 %, shape (3,).

        Parameters
        ----------
        air
            Concentration of every receptor [ug/m3].
        before
            Concentration it is set against; that of the base, where deaths were observed, when None.
        """
        total = np.zeros(3)
        for name in self.deaths:
            total += self.avoided_of(name, air, before)
        return total

    def avoided_of(
        self, receptor: str, air: Mapping[str, float], before: Mapping[str, float] | None = None
    ) -> Array:
        """Return deaths avoided at one receptor, shape (3,): ``deaths · (RR0 − RR1) / RR_base``."""
        p = gemm(CAUSE, chinese_cohort=self.chinese_cohort)
        theta = p.theta + np.array([0.0, -1.0, 1.0]) * 1.959963984540054 * p.theta_se
        base, then, now = (
            risk_gemm_2018(max(value, 0.0), CAUSE, chinese_cohort=self.chinese_cohort, theta=theta)
            for value in (
                self.level[receptor],
                self.level[receptor] if before is None else before[receptor],
                air[receptor],
            )
        )
        found = self.deaths[receptor] * (then - now) / base
        return np.array([found[0], min(found[1:]), max(found[1:])])

    def avoided_slope(self, emission: Mapping[Source, float]) -> Array:
        """Return the derivative of the deaths avoided by the emission of every source, shape (sources,)."""
        air, slopes = self.air(emission), self.slopes(emission)
        total = np.zeros(len(self.response.sources))
        for name in self.deaths:
            more = self.avoided_of(name, {name: air[name] + STEP})[0]
            less = self.avoided_of(name, {name: max(air[name] - STEP, 0.0)})[0]
            total += slopes[name] * (more - less) / (STEP + min(STEP, air[name]))
        return total

    def beyond(self, emission: Mapping[Source, float]) -> list[tuple[str, Source]]:
        """Return the receptors and sources whose coefficients are asked beyond the range they hold for."""
        found = outside(self.response, emission_of(self.response, emission))
        return [
            (name, self.response.sources[i])
            for j, name in enumerate(self.response.receptors)
            for i in np.flatnonzero(found[:, j])
        ]


def term_text(powers: Powers, sources: tuple[Source, ...]) -> str:
    """Return a term as text: ``SO2@north^2*NH3``; ``1`` is the constant."""
    parts = []
    for number, power in powers:
        species, node = sources[number]
        parts.append(species + (f"@{node}" if node else "") + (f"^{power}" if power > 1 else ""))
    return "*".join(parts) or "1"


def term_of(text: str, sources: tuple[Source, ...]) -> Powers:
    """Return the powers of a term, by the numbers of its sources.

    Raises
    ------
    ValueError
        If a source is not among `sources`, or a power is no whole number above nought.
    """
    found: dict[int, int] = {}
    for part in (p.strip() for p in text.split("*")):
        if part == "1":
            continue
        name, _, power = part.partition("^")
        species, _, node = name.partition("@")
        if (species, node) not in sources or not (power or "1").isdigit() or power == "0":
            raise ValueError(text)
        number = sources.index((species, node))
        found[number] = found.get(number, 0) + int(power or "1")
    return tuple(sorted(found.items()))


def full_of(
    response: pl.DataFrame,
    receptor: pl.DataFrame,
    surface: pl.DataFrame | None = None,
    deaths: Mapping[str, float] | None = None,
    *,
    year: int | None = None,
    chinese_cohort: bool = True,
) -> Full:
    """Return the full response of tables whose amounts are in one unit for each species and receptor.

    Parameters
    ----------
    response, receptor, surface
        Tables ``response, receptor, response_surface``.
    deaths
        Deaths of a year by region; only receptors of annual mean PM2.5 have people.

    Raises
    ------
    ValueError
        If a term of the surface cannot be read; it is named.
    """
    made = response_of(response, receptor, year)
    polynomials: dict[str, Polynomial] = {}
    if surface is not None:
        for (name,), part in surface.group_by(["receptor"], maintain_order=True):
            if name in made.receptors:
                terms = tuple(term_of(text, made.sources) for text in part["term"])
                polynomials[str(name)] = Polynomial(terms, part["value"].to_numpy())
    levels, people = {}, {}
    for row in receptor.iter_rows(named=True):
        if row["year"] is None and row["receptor"] in made.receptors:
            levels[row["receptor"]] = float(row["value"])
            known = (deaths or {}).get(row["region"] or "")
            if row["metric"] in (FINE, None, "") and known is not None:
                people[row["receptor"]] = known
    return Full(made, polynomials, levels, people, chinese_cohort)
