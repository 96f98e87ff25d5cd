"""Life tables: expectation of life, and deaths that a lower hazard would bring forward no more."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]


class LifeTable(NamedTuple):
    """An abridged life table; every array has shape (ages,).

    rate : m, deaths per person and year; dying, living : q and p; alive : l of 100,000; deaths : d;
    years : L, person-years in the group; beyond : T, in it and after; expectation : e [yr].
    """

    rate: Array
    dying: Array
    living: Array
    alive: Array
    deaths: Array
    years: Array
    beyond: Array
    expectation: Array


def lifetable_airq(
    population: npt.ArrayLike,
    deaths: npt.ArrayLike,
    width: npt.ArrayLike,
    lived: float = 0.5,
    radix: float = 1e5,
) -> LifeTable:
    """Return the abridged life table; the last group is open, who reaches it dies in it.

    Parameters
    ----------
    population : array, shape (ages,) [person], in the middle of the year.
    deaths : array, shape (ages,) [person]
    width : array, shape (ages,) [yr]
        Width of each group; that of the last is not used.
    lived : float [fraction]
        Share of the group that those who die in it have lived through.
    radix : float
        Births of the table.

    Returns
    -------
    LifeTable

    Raises
    ------
    ValueError
        If lengths differ, a group has nobody, deaths are negative, or more die than there are.

    References
    ----------
    AirQ+ Life Table Manual (WHO).
    """
    people, dead = np.asarray(population, dtype=np.float64), np.asarray(deaths, dtype=np.float64)
    n = np.asarray(width, dtype=np.float64)
    if not people.shape == dead.shape == n.shape or people.ndim != 1:
        raise ValueError("population, deaths and widths have one value for each age")
    if (people <= 0).any() or (dead < 0).any():
        raise ValueError("an age has nobody, or its deaths are negative")
    m = dead / people
    q = n * m / (1 + n * (1 - lived) * m)
    q[-1] = 1.0
    if (q > 1).any():
        raise ValueError("more die in an age than there are")
    alive = radix * np.concatenate([[1.0], np.cumprod(1 - q)[:-1]])
    died = alive * q
    years = n * (alive - died) + n * lived * died
    years[-1] = alive[-1] / m[-1] if m[-1] else np.inf
    beyond = np.cumsum(years[::-1])[::-1]
    return LifeTable(m, q, 1 - q, alive, died, years, beyond, beyond / alive)


class SingleYears(NamedTuple):
    """Ages of one year each, shape (ages,): who enters, who lives in the middle of the year, who dies."""

    entry: Array
    middle: Array
    deaths: Array


def single_years_airq(population: npt.ArrayLike, deaths: npt.ArrayLike, width: npt.ArrayLike) -> SingleYears:
    """Return groups of ages split into single years of one hazard each.

    ``q = m/(1 + m/2)``; who enters the first year of a group is what makes its deaths add up, everybody after
    is who is left. The middle of a year lies between its entry and the next one's.

    Parameters
    ----------
    population : array, shape (groups,) [person], in the middle of the year.
    deaths : array, shape (groups,) [person]
    width : array of int, shape (groups,) [yr]

    Raises
    ------
    ValueError
        If lengths differ, a group has nobody or no deaths, or a width is no number of years.

    References
    ----------
    AirQ+ Life Table Manual (WHO), splitting abridged tables.
    """
    people, dead = np.asarray(population, dtype=np.float64), np.asarray(deaths, dtype=np.float64)
    wide = np.asarray(width)
    if not people.shape == dead.shape == wide.shape or people.ndim != 1:
        raise ValueError("population, deaths and widths have one value for each age")
    if (people <= 0).any() or (dead <= 0).any() or (wide < 1).any() or (wide % 1 != 0).any():
        raise ValueError("a group has nobody or no deaths, or is no number of years wide")
    rate = dead / people
    dying = rate / (1 + rate / 2)
    first = dead / (1 - (1 - dying) ** wide)
    years = wide.astype(np.int64)
    since = np.concatenate([np.arange(n) for n in years])
    dying, first = np.repeat(dying, years), np.repeat(first, years)
    entry = first * (1 - dying) ** since
    after = np.append(entry[1:], entry[-1] * (1 - dying[-1]))
    return SingleYears(entry, (entry + after) / 2, entry * dying)


def premature_deaths(
    population: npt.ArrayLike,
    deaths: npt.ArrayLike,
    fraction: npt.ArrayLike,
    age: npt.ArrayLike,
    from_age: float,
) -> Array:
    """Return the deaths of a year that would not have come in it without the risk.

    ``entry = P + d/2``; survival ``(2 − h)/(2 + h)`` of the hazard ``h = d/P``, which the risk raises:
    ``entry · (s(h·(1 − AF)) − s(h))``.

    Parameters
    ----------
    population : array, shape (..., ages) [person], in the middle of the year.
    deaths : array, shape (..., ages) [person]
    fraction : array, broadcast [fraction]
        Attributable fraction.
    age : array, shape (ages,) [yr], single years.
    from_age : float [yr]
        Youngest age the risk function is for.

    Returns
    -------
    array, shape (..., ages) [person]

    Raises
    ------
    ValueError
        If deaths or people are negative, or a fraction is above 1.

    References
    ----------
    AirQ+ (WHO), impact on life expectancy, one year of exposure.
    """
    people, dead = np.asarray(population, dtype=np.float64), np.asarray(deaths, dtype=np.float64)
    share = np.asarray(fraction, dtype=np.float64)
    if (people < 0).any() or (dead < 0).any():
        raise ValueError("people and deaths are not negative")
    if (share > 1).any():
        raise ValueError("a fraction is above one")
    hazard = np.divide(dead, people, out=np.zeros_like(dead * people), where=people > 0)
    less = np.where(np.asarray(age) >= from_age, hazard * (1 - share), hazard)
    return np.asarray((people + dead / 2) * (_survival(less) - _survival(hazard)))


def _survival(hazard: Array) -> Array:
    return np.asarray((2 - hazard) / (2 + hazard))
