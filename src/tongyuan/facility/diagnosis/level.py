"""Levels of energy use per product: limit standards, benchmark and baseline levels."""

from __future__ import annotations

from dataclasses import dataclass, replace

import polars as pl

from tongyuan.reference.shelf import shelf

ALTITUDE = 1500.0
"""Altitude above which level 3 of cement is corrected [m]."""
CLINKER_SHARE = 75.0
CLINKER_STEP = (1.10, 1.15, 1.20)
"""Correction of the three levels of cement for each point of clinker above 75 % [kgce/t]."""
ABOVE = "above"


@dataclass(frozen=True)
class Levels:
    """Three levels of one product; a level that a standard does not set is None, and is never interpolated.

    Attributes
    ----------
    status
        ``secondary`` or ``unverified``, as the shelf has it.
    """

    identifier: str
    scheme: str
    document: str
    product: str
    unit: str
    first: float | None
    second: float | None
    third: float | None
    correction: str
    status: str

    def of(self, value: float) -> str:
        """Return the level of `value`: ``1``, ``2``, ``3``, or ``above`` all.

        The levels are asked in their order, whichever is the lower: GB 21258-2024 has a second level
        below the first of small units.
        """
        for name, bound in (("1", self.first), ("2", self.second), ("3", self.third)):
            if bound is not None and value <= bound:
                return name
        return ABOVE

    def best(self) -> float | None:
        """Return the level to reach: the first that is set."""
        return next((b for b in (self.first, self.second, self.third) if b is not None), None)


def _number(text: str) -> float | None:
    return float(text) if text else None


def levels(scheme: str, *, unverified: bool = False) -> dict[str, Levels]:
    """Return the levels of `scheme` (``energy_limit`` or ``energy_level``) by their id."""
    rows = shelf("efficiency_level").filter(pl.col("scheme") == scheme)
    if not unverified:
        rows = rows.filter(pl.col("status") != "unverified")
    return {
        r["id"]: Levels(
            r["id"],
            scheme,
            r["document"],
            r["product"],
            r["unit"],
            _number(r["level1"]),
            _number(r["level2"]),
            _number(r["level3"]),
            r["correction"],
            r["status"],
        )
        for r in rows.to_dicts()
    }


def find(scheme: str, name: str, *, unverified: bool = False) -> Levels | None:
    """Return the levels whose id or product is `name`; None where there are none or several."""
    every = levels(scheme, unverified=unverified)
    if name in every:
        return every[name]
    found = [one for one in every.values() if one.product == name]
    return found[0] if len(found) == 1 else None


def cement(of: Levels, clinker_share: float, altitude: float, pressure: float) -> Levels:
    """Return the levels of cement corrected for its clinker and the air pressure.

    Parameters
    ----------
    clinker_share
        [%]; each point away from 75 moves the levels by 1.10, 1.15 and 1.20 kgce/t.
    altitude
        [m]; above 1,500 m level 3 is multiplied by ``1.179 − 0.211·p/101325``.
    pressure
        Mean air pressure of the site [Pa].

    References
    ----------
    GB 16780-2021, as transcribed.
    """
    moved = [
        None if bound is None else bound + step * (clinker_share - CLINKER_SHARE)
        for bound, step in zip((of.first, of.second, of.third), CLINKER_STEP, strict=True)
    ]
    third = moved[2]
    if third is not None and altitude > ALTITUDE:
        third *= 1.179 - 0.211 * pressure / 101_325
    return replace(of, first=moved[0], second=moved[1], third=third)
