"""Rates of the environmental tax by place and date: one's own decisions first, then the shelf."""

from __future__ import annotations

from datetime import date

import polars as pl

from tongyuan.reference.shelf import shelf

COLUMNS: dict[str, pl.DataType] = {
    "region": pl.String(),
    "medium": pl.String(),
    "species": pl.String(),
    "value": pl.Float64(),
    "date_from": pl.Date(),
    "date_to": pl.Date(),
    "source": pl.String(),
}
"""Columns of own rates; `species` is a list parted by ``|``, empty for all others of the medium."""
METALS = ("Hg", "Cd", "Cr", "Cr6", "As", "Pb", "Ni", "Be", "Ag", "Cu", "Zn", "Mn")


def shelf_rates(unverified: bool = False) -> pl.DataFrame:
    """Return the rates of the shelf ``local_tax_rate``; those not verified only when asked for."""
    frame = shelf("local_tax_rate")
    if not unverified:
        frame = frame.filter(pl.col("status") != "unverified")
    return frame.select(
        "region",
        "zone_zh",
        "zone_en",
        "medium",
        "species",
        pl.col("value").cast(pl.Float64),
        pl.col("date_from").str.to_date(),
        pl.col("date_to").replace("", None).str.to_date(),
        pl.col("source"),
        pl.col("status"),
    )


def places(region: str) -> list[str]:
    """Return `region` and what it lies in, the nearest first."""
    parent = dict(shelf("region").select("region", "parent").iter_rows())
    found = [region]
    while parent.get(found[-1]):
        found.append(parent[found[-1]])
    return found


def rate(
    region: str,
    medium: str,
    species: str,
    day: date,
    *,
    own: pl.DataFrame | None = None,
    zone: str = "",
    unverified: bool = False,
) -> tuple[float | None, str]:
    """Return the rate [yuan per equivalent] that applies on `day`, and its source or why there is none.

    Parameters
    ----------
    region
        Region of the enterprise; the nearest region with a rate decides.
    medium
        ``air`` or ``water``.
    own
        Own rates, see :data:`COLUMNS`; they go before the shelf.
    zone
        Chinese or English name of the zone where a province has several.
    unverified
        Whether rates that were not verified may be used.

    Returns
    -------
    tuple
        (value, source), or (None, reason): ``several_zones``, ``only_unverified`` or ``no_rate``.
    """
    for frame in (own, shelf_rates(unverified)):
        if frame is None:
            continue
        for place in places(region):
            here = frame.filter(
                (pl.col("region") == place)
                & (pl.col("medium") == medium)
                & (pl.col("date_from") <= day)
                & (pl.col("date_to").is_null() | (pl.col("date_to") >= day))
            )
            if "zone_zh" in here.columns and zone:
                here = here.filter((pl.col("zone_zh") == zone) | (pl.col("zone_en") == zone))
            if here.is_empty():
                continue
            here = here.filter(pl.col("species").map_elements(lambda s: _names(s, species), pl.Boolean))
            exact = here.filter(pl.col("species") != "")
            chosen = exact if exact.height else here
            if chosen["value"].n_unique() > 1:
                return None, "several_zones"
            if chosen.height:
                return float(chosen["value"][0]), str(chosen["source"][0])
    if not unverified:
        value, _ = rate(region, medium, species, day, zone=zone, unverified=True)
        if value is not None:
            return None, "only_unverified"
    return None, "no_rate"


def _names(listed: str, species: str) -> bool:
    names = listed.split("|") if listed else []
    metal = "heavy_metals" in names and species.removesuffix("_water") in METALS
    return not names or species in names or metal


def bounds(medium: str) -> tuple[float, float]:
    """Return the lowest and highest rate the law allows [yuan per equivalent] (Annex 1)."""
    row = shelf("tax_rate").filter(pl.col("id") == medium).to_dicts()[0]
    return float(row["minimum"]), float(row["maximum"])
