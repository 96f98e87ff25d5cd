"""Which trees where: sink and deposition against ozone, natives first, under bounds; a linear programme."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl
from scipy.optimize import linprog

from tongyuan.ledger.finding import FindingError, finding
from tongyuan.ledger.table import empty, from_rows
from tongyuan.zoning.green.guenther import constants

Array = npt.NDArray[np.float64]
ROOM = "zoning"
HOURS = 1000.0
"""Hours at standard conditions that a season of leaves counts as; a round number of ours [h]."""


def values(species: pl.DataFrame) -> tuple[Array, Array, Array, Array]:
    """Return sink [t/ha], deposition [t/ha], ozone potential [t/ha] and pollen of a hectare of each species.

    Ozone is leaf mass × emission factor × hours × reactivity (isoprene, and monoterpenes as their mixture).
    """
    react = constants("MIR")
    per = species["leaf_mass"].to_numpy() * 1e3 * HOURS * 1e-12
    isoprene = species["isoprene"].fill_null(0.0).to_numpy() * react["isoprene"]
    terpene = species["monoterpene"].fill_null(0.0).to_numpy() * react["terpenes (mixture)"]
    ozone = per * (isoprene + terpene)
    pollen = species["pollen"].fill_null(0.0).to_numpy()
    return species["carbon"].to_numpy(), species["deposition"].to_numpy() / 1e3, ozone, pollen


def greening(
    site: Mapping[str, Any], species: pl.DataFrame, weights: Sequence[float] = (0.0, 1.0, 10.0)
) -> pl.DataFrame:
    """Return table ``greening_plan`` of a site: its species for each weight of ozone, which is its front.

    What is made largest is sink + deposition − weight × ozone potential, each in tonnes.

    Parameters
    ----------
    site
        A row of table ``greening_site``.
    species
        Table ``greening_species``.

    Raises
    ------
    FindingError
        If there are no species, or the bounds leave no choice.
    """
    if species.is_empty():
        raise FindingError([finding(ROOM, "no_species", site=site["site"])])
    sink, dust, ozone, pollen = values(species)
    n, area = species.height, float(site["area"])
    most = site["most_share"] if site["most_share"] is not None else 1.0
    native = species["native"].fill_null(False).to_numpy().astype(np.float64)
    rows, limits = [-native], [-(site["native_share"] or 0.0) * area]
    if site["pollen_most"] is not None:
        rows.append(pollen)
        limits.append(site["pollen_most"] * area)
    lines = []
    for weight in weights:
        solved: Any = linprog(
            -(sink + dust - weight * ozone),
            A_ub=np.vstack(rows),
            b_ub=limits,
            A_eq=np.ones((1, n)),
            b_eq=[area],
            bounds=(0, most * area),
            method="highs",
        )
        if solved.x is None:
            raise FindingError([finding(ROOM, "greening_no_choice", site=site["site"], count=n)])
        for k in np.flatnonzero(solved.x > 1e-9 * max(area, 1.0)):
            x = float(solved.x[k])
            lines.append(
                {
                    "site": site["site"],
                    "weight": float(weight),
                    "species": species["species"][int(k)],
                    "area": x,
                    "carbon": x * float(sink[k]),
                    "deposition": x * float(dust[k]),
                    "ozone": x * float(ozone[k]),
                }
            )
    return from_rows("greening_plan", lines) if lines else empty("greening_plan")
