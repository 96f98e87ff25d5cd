"""The permit account: month by month, for every species with a yearly limit and for the carbon budget."""

from __future__ import annotations

from datetime import date
from typing import Any

import polars as pl

from tongyuan.facility.permit.forecast import Forecast, year_end
from tongyuan.facility.permit.limit import WHOLE, yearly_tonnes
from tongyuan.ledger.table import LIST

ACCOUNT: dict[str, pl.DataType] = {
    "facility": pl.String(),
    "year": pl.Int64(),
    "month": pl.String(),
    "outlet": pl.String(),
    "species": pl.String(),
    "emission": pl.Float64(),
    "cumulative": pl.Float64(),
    "limit": pl.Float64(),
    "share": pl.Float64(),
    "hours_over": pl.Float64(),
    "hours_exempt": pl.Float64(),
    "days_special": pl.Float64(),
    "days_special_over": pl.Float64(),
    "forecast": pl.Float64(),
    "forecast_low": pl.Float64(),
    "forecast_high": pl.Float64(),
    "probability": pl.Float64(),
    "method": LIST,
    "note": pl.String(),
}


COUNTED = ("hours_over", "hours_exempt", "days_special", "days_special_over")
"""What is counted at the outlets of a month, beside tonnes."""


def permit_account(
    emission: pl.DataFrame, limits: pl.DataFrame, *, hours: pl.DataFrame | None = None, seed: int = 0
) -> pl.DataFrame:
    """Return tonnes so far against the yearly limit, hours above the hourly one, and the end of the year.

    Parameters
    ----------
    emission
        `facility, month` (``2025-01``), `outlet, species, mass` [t], `method` (a list). Carbon is a species
        as any other.
    limits
        Table ``permit_limit``; a yearly limit of outlet ``whole`` is one of all outlets together.
    hours
        `facility, month, outlet, species` and :data:`COUNTED`, where there are hourly data.

    Returns
    -------
    polars.DataFrame
        One row for each month, outlet (and the works as a whole) and species. Forecast and probability
        stand in the last month of the year that is known; a month without figures is named in `note`
        and not taken as zero.
    """
    whole = emission.with_columns(outlet=pl.lit(WHOLE))
    every = pl.concat([emission.filter(pl.col("outlet") != WHOLE), whole])
    key = ["facility", "outlet", "species"]
    monthly = every.group_by(*key, "month", maintain_order=True).agg(
        pl.col("mass").sum(),
        pl.col("method").explode().unique().sort(),
    )
    over: dict[tuple[str, ...], tuple[float, ...]] = {}
    if hours is not None:
        counted = hours.select(*key, "month", *COUNTED)
        both = pl.concat([counted, counted.with_columns(outlet=pl.lit(WHOLE))])
        summed = both.group_by(*key, "month").agg(pl.col(COUNTED).sum())
        over = {row[:4]: row[4:] for row in summed.iter_rows()}
    rows: list[dict[str, object]] = []
    yearly = _yearly(limits)
    for (facility, outlet, species), part in monthly.sort(*key, "month").group_by(key, maintain_order=True):
        months = part["month"].to_list()
        mass = part["mass"].to_list()
        for year in sorted({int(m[:4]) for m in months}):
            own = [k for k, m in enumerate(months) if int(m[:4]) == year]
            last = max(int(months[k][5:7]) for k in own)
            place = yearly.get((str(facility), str(outlet), str(species)), [])
            tonnes = _limit(place, date(year, last, 1))
            known = {int(months[k][5:7]) for k in own}
            missing = [m for m in range(1, last + 1) if m not in known]
            forecast = _forecast(months, mass, year, tonnes, seed)
            running = 0.0
            for k in own:
                running += mass[k]
                final = k == own[-1]
                far = over.get((str(facility), str(outlet), str(species), months[k]))
                rows.append(
                    {
                        "facility": facility,
                        "year": year,
                        "month": months[k],
                        "outlet": outlet,
                        "species": species,
                        "emission": mass[k],
                        "cumulative": running,
                        "limit": tonnes,
                        "share": None if not tonnes else running / tonnes,
                        **dict(zip(COUNTED, far or (None,) * len(COUNTED), strict=True)),
                        "forecast": forecast.middle if final and forecast else None,
                        "forecast_low": forecast.low if final and forecast else None,
                        "forecast_high": forecast.high if final and forecast else None,
                        "probability": forecast.probability if final and forecast else None,
                        "method": part["method"][k],
                        "note": "missing:" + ",".join(f"{m:02d}" for m in missing)
                        if final and missing
                        else "",
                    }
                )
    return pl.DataFrame(rows, schema=ACCOUNT, orient="row")


def _yearly(limits: pl.DataFrame) -> dict[tuple[str, str, str], list[dict[str, Any]]]:
    """Return the yearly limits of each enterprise, outlet and species, the one that began last first."""
    rows: dict[tuple[str, str, str], list[dict[str, Any]]] = {}
    yearly = limits.filter(pl.col("period") == "year").sort("date_from", descending=True, nulls_last=True)
    for row in yearly.to_dicts():
        rows.setdefault((row["facility"], row["outlet"], row["species"]), []).append(row)
    return rows


def _limit(rows: list[dict[str, Any]], day: date) -> float | None:
    """Return the permitted tonnes that hold on `day`; of two limits the one that began later."""
    for row in rows:
        begun = row["date_from"] is None or row["date_from"] <= day
        if begun and (row["date_to"] is None or row["date_to"] >= day):
            return yearly_tonnes(float(row["value"]), str(row["unit"]))
    return None


def _forecast(
    months: list[str], mass: list[float], year: int, limit: float | None, seed: int
) -> Forecast | None:
    """Forecast `year` from the months up to its last known one; missing months are drawn like later ones."""
    upto = [k for k, m in enumerate(months) if int(m[:4]) <= year]
    known = {int(months[k][5:7]) for k in upto if int(months[k][:4]) == year}
    return year_end(
        sum(mass[k] for k in upto if int(months[k][:4]) == year),
        [m for m in range(1, 13) if m not in known],
        [mass[k] for k in upto],
        [int(months[k][5:7]) for k in upto],
        limit,
        seed=seed,
    )
