"""Special periods of a permit (heavy pollution days): their limits against the days of an alert."""

from __future__ import annotations

import polars as pl

from tongyuan.facility.permit.limit import WHOLE
from tongyuan.reference.units import UnitError, factor

KEY = ["facility", "outlet", "species"]
COUNTED = pl.Schema(
    {
        "facility": pl.String(),
        "outlet": pl.String(),
        "species": pl.String(),
        "month": pl.String(),
        "days_special": pl.Float64(),
        "days_special_over": pl.Float64(),
    }
)


def special_days(
    day: pl.DataFrame, limit: pl.DataFrame, alert: pl.DataFrame
) -> tuple[pl.DataFrame, list[tuple[str, str, str, str]]]:
    """Return, month by month, the alert days a special limit was judged on, and those above it.

    A concentration is one of the day's mean of valid hours at reference oxygen, a mass (t/d, kg/d) one of
    the kilograms of the day, filled hours among them. A concentration of the works as a whole holds at every
    outlet without one of its own. Of two limits on one day the one that began later holds.

    Parameters
    ----------
    day
        `facility, outlet, species, day, mean` [mg/m3, mg/L], `mass` [kg], `water`.
    limit
        Table ``permit_limit``; the rows of the period ``special``.
    alert
        Table ``alert_day``: the days of an alert at an enterprise.

    Returns
    -------
    polars.DataFrame
        Columns of :data:`COUNTED`; days without a valid mean (or mass) are not judged.
    list
        Facility, outlet, species and unit of limits that are neither; a mass of the works as a whole is
        among them.
    """
    rules: dict[tuple[str, str, str], list[tuple[str, float, object, object]]] = {}
    wrong = []
    special = limit.filter(pl.col("period") == "special").sort("date_from", nulls_last=False)
    for row in special.to_dicts():
        place = (row["facility"], row["outlet"], row["species"])
        read = _read(float(row["value"]), str(row["unit"]))
        if not read or (row["outlet"] == WHOLE and "mass" in read):
            wrong.append((*place, str(row["unit"])))
            continue
        for kind, value in read.items():
            rules.setdefault(place, []).append((kind, value, row["date_from"], row["date_to"]))
    alerted = day.join(alert.select("facility", "day").unique(), on=["facility", "day"], how="semi")
    rows = []
    for row in alerted.sort(*KEY, "day").to_dicts():
        own = rules.get((row["facility"], row["outlet"], row["species"]))
        own = own or rules.get((row["facility"], WHOLE, row["species"]), [])
        judged = [_over(row, kind, value) for kind, value in _of_day(own, row).items()]
        known = [over for over in judged if over is not None]
        if known:
            named = [row[k] for k in KEY]
            rows.append((*named, row["day"].strftime("%Y-%m"), 1.0, float(any(known))))
    counted = pl.DataFrame(rows, COUNTED, orient="row")
    return counted.group_by(*KEY, "month", maintain_order=True).agg(
        pl.col("days_special").sum(), pl.col("days_special_over").sum()
    ), wrong


def _read(value: float, unit: str) -> dict[str, float]:
    """Return a limit by what it limits: a mass of the day [kg], or the mean in air and in water."""
    found: dict[str, float] = {}
    for kind, wanted in (("mass", "kg/d"), ("mass", "kg"), ("air", "mg/m3"), ("water", "mg/L")):
        try:
            found.setdefault(kind, value * factor(unit, wanted))
        except UnitError:
            continue
    return found


def _of_day(rules: list[tuple[str, float, object, object]], row: dict[str, object]) -> dict[str, float]:
    """Return the limits of each kind that hold on the day of `row`."""
    day = row["day"]
    return {
        kind: value
        for kind, value, begin, end in rules
        if (begin is None or begin <= day) and (end is None or end >= day)  # type: ignore[operator]
    }


def _over(row: dict[str, object], kind: str, value: float) -> bool | None:
    """Return whether a day is above a limit; None where it cannot be judged by it."""
    if kind == "mass":
        mass = row["mass"]
        return None if mass is None else float(mass) > value  # type: ignore[arg-type]
    mean = row["mean"]
    if mean is None or (kind == "water") != bool(row["water"]):
        return None
    return float(mean) > value  # type: ignore[arg-type]
