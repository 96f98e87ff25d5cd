"""Routes of a site to be cleaned: cost, carbon, time and risk, and which are on the front."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl

from tongyuan.ledger.table import from_rows
from tongyuan.reference.shelf import shelf

Array = npt.NDArray[np.float64]


def cost_range(
    technology: str, volume: float, *, include_unverified: bool = False
) -> dict[str, tuple[float, float]]:
    """Return the range of costs of a technology of the catalogue, by shelf row [currency of the row].

    Only costs by cubic metre; costs from memory are left out unless asked for.

    Parameters
    ----------
    volume : float [m3]

    Examples
    --------
    >>> cost_range("ex_situ_stabilisation", 50_000.0)["ex_situ_stabilisation"]
    (25000000.0, 75000000.0)
    """
    made = {}
    for row in shelf("soil_technology").iter_rows(named=True):
        told = row["status"] != "unverified" or include_unverified
        if row["technology"] == technology and told and row["unit"].endswith("/m3") and row["cost_low"]:
            made[row["id"]] = (float(row["cost_low"]) * volume, float(row["cost_high"]) * volume)
    return made


def heat_of_soil(
    moisture: npt.ArrayLike, rise: npt.ArrayLike, efficiency: npt.ArrayLike, *, soil: float
) -> Array:
    """Return the energy that heats wet soil and boils its water, ``((c_s + w c_w) ΔT + w·2.26) / η``.

    Parameters
    ----------
    moisture : array, shape (...) [kg/kg]
    rise : array, shape (...) [K]
    efficiency : array, shape (...) [1]
    soil : float [MJ/kg/K]
        Heat capacity of dry soil.

    Returns
    -------
    array, shape (...) [MJ/kg]
    """
    w, t, share = (np.asarray(v, dtype=np.float64) for v in (moisture, rise, efficiency))
    return np.asarray(((soil + w * 4.19e-3) * t + w * 2.26) / share)


def front(values: npt.ArrayLike) -> npt.NDArray[np.bool_]:
    """Return which rows no other row is as good as in everything and better in something.

    Parameters
    ----------
    values : array, shape (n, k)
        The smaller the better; what is not a number compares with nothing.
    """
    x = np.asarray(values, dtype=np.float64)
    x = np.where(np.isnan(x), np.inf, x)
    as_good = (x[:, None, :] <= x[None, :, :]).all(axis=2)
    better = (x[:, None, :] < x[None, :, :]).any(axis=2)
    return np.asarray(~(as_good & better).any(axis=0))


def remediation(site: Mapping[str, Any], options: pl.DataFrame) -> pl.DataFrame:
    """Return table ``remediation_route`` of a site: what each option takes, and the front of those feasible.

    Parameters
    ----------
    site
        A row of table ``remediation_site``.
    options
        Rows of table ``remediation_option`` of the site; an option without a cost takes the middle of the
        range that the catalogue prints in yuan per cubic metre.
    """
    volume = float(site["volume"])
    lines = []
    for row in options.iter_rows(named=True):
        cost = row["cost"] * volume if row["cost"] is not None else _middle(row["technology"], volume)
        if cost is None:
            continue
        late = site["years"] is not None and row["years"] > site["years"]
        dear = site["budget"] is not None and cost > site["budget"]
        lines.append({
            "site": site["site"], "option": row["option"], "cost": cost,
            "carbon": None if row["carbon"] is None else row["carbon"] * volume / 1e3,
            "secondary": row["secondary"], "years": row["years"], "risk": row["risk"],
            "feasible": not (late or dear), "front": False,
        })  # fmt: skip
    kept = [line for line in lines if line["feasible"]]
    names = ("cost", "carbon", "secondary", "years", "risk")
    if kept:
        values = [[np.nan if line[n] is None else line[n] for n in names] for line in kept]
        for line, on in zip(kept, front(values), strict=True):
            line["front"] = bool(on)
    return from_rows("remediation_route", lines)


def _middle(technology: str | None, volume: float) -> float | None:
    found = cost_range(technology or "", volume)
    own = [v for k, v in found.items() if k == technology and _yuan(k)]
    return sum(own[0]) / 2 if own else None


def _yuan(name: str) -> bool:
    row = next(r for r in shelf("soil_technology").iter_rows(named=True) if r["id"] == name)
    return bool(row["unit"].startswith("CNY"))
