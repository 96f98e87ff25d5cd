"""What a life, a case and a tonne are worth: shelves with their range, and how they are brought here."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from tongyuan.impact.money.value import vsl_transfer
from tongyuan.reference.shelf import shelf


class Worth(NamedTuple):
    """A cited value: money of a year, its range where one was printed, and its source."""

    value: float
    lower: float | None
    upper: float | None
    unit: str
    price_year: int
    status: str
    source: str


def life_value(name: str, *, include_unverified: bool = False) -> Worth:
    """Return a value of statistical life of the shelf ``statistical_life``.

    Raises
    ------
    KeyError
        If there is none of that name, or it is unverified and not asked for as such.
    """
    for r in shelf("statistical_life").iter_rows(named=True):
        if r["id"] == name:
            if r["status"] == "unverified" and not include_unverified:
                raise KeyError(f"value of life {name} is unverified: {r['locator']}")
            low, high = (float(r[c]) if r[c] else None for c in ("lower", "upper"))
            year = int(r["price_year"])
            return Worth(float(r["value"]), low, high, r["unit"], year, r["status"], r["source"])
    raise KeyError(f"no value of life {name}; there are {', '.join(shelf('statistical_life')['id'])}")


def case_value(endpoint: str) -> Worth:
    """Return the value of a case, a day or a visit of the shelf ``morbidity``.

    Raises
    ------
    KeyError
        If there is none.
    """
    for r in shelf("morbidity").iter_rows(named=True):
        if r["endpoint"] == endpoint:
            year = int(r["price_year"])
            return Worth(float(r["value"]), None, None, r["unit"], year, r["status"], r["source"])
    raise KeyError(f"no value of {endpoint}; there are {', '.join(shelf('morbidity')['endpoint'])}")


def life_value_here(
    name: str, income: float, income_there: float, *, elasticity: float | None = None, prices: float = 1.0
) -> tuple[float, float]:
    """Return the ends of a value of life brought to another income: at both ends of its elasticity.

    ``V0 · (Y/Y0)^ε · P/P0``; incomes in constant prices, the index of prices apart and named by the caller.

    Parameters
    ----------
    elasticity
        Of income; that of the shelf (both ends) when None.

    Raises
    ------
    KeyError
        If the shelf has no such value, or neither it nor the caller names an elasticity.
    """
    found = life_value(name)
    row = shelf("statistical_life").row(shelf("statistical_life")["id"].to_list().index(name), named=True)
    ends = [row["elasticity_lower"], row["elasticity_upper"]] if elasticity is None else [elasticity] * 2
    if not all(str(end or "") for end in ends):
        raise KeyError(f"value of life {name} names no elasticity: give one")
    made = vsl_transfer(found.value, income, income_there, np.array([float(e) for e in ends]), prices)
    return float(made.min()), float(made.max())


def social_cost(gas: str, year: float, discount: float = 2.0) -> float:
    """Return the social cost of a tonne [USD of 2020], on a line between the printed years.

    A figure of the United States; there is no official one of China. Prices of allowances are not it.

    Parameters
    ----------
    gas : str
        ``CO2, CH4``.
    discount : float [%]
        ``2.5, 2.0, 1.5``: the near-term rate.

    Raises
    ------
    KeyError
        If gas or rate is not printed.
    ValueError
        If the year lies outside those printed.

    References
    ----------
    US EPA 2023.
    """
    rows = [
        (float(r["year"]), float(r["value"]))
        for r in shelf("social_cost").iter_rows(named=True)
        if r["gas"] == gas and float(r["discount"]) == discount
    ]
    if not rows:
        raise KeyError(f"no social cost of {gas} at {discount:g}%")
    years, values = zip(*sorted(rows), strict=True)
    if not years[0] <= year <= years[-1]:
        raise ValueError(f"year {year:g} lies outside {years[0]:g} to {years[-1]:g}")
    return float(np.interp(year, years, values))
