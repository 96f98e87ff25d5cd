"""Enthalpy of saturated steam as the industry guides print it."""

from __future__ import annotations

from tongyuan.reference.shelf import shelf


def saturated_enthalpy(pressure: float, *, include_unverified: bool = False) -> float:
    """Return the specific enthalpy of saturated steam [kJ/kg] at one of the printed pressures [MPa].

    Parameters
    ----------
    pressure
        Absolute pressure [MPa]; only the printed values, nothing is interpolated.
    include_unverified
        Whether the printed values above the physical maximum of about 2804 kJ/kg may be used.

    References
    ----------
    24 industry guides (2013-2015), table of saturated steam.

    Raises
    ------
    KeyError
        If the table has no such pressure, or only a doubtful value for it.
    """
    for row in shelf("steam").to_dicts():
        if float(row["pressure"]) == pressure:
            if row["status"] == "unverified" and not include_unverified:
                raise KeyError(f"the printed enthalpy at {pressure} MPa is doubtful: {row['note']}")
            return float(row["enthalpy"])
    raise KeyError(f"the table of saturated steam has no {pressure} MPa")
