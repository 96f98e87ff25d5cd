"""Limits of emission standards: joined to outlets by the kind of installation, the place and the month."""

from __future__ import annotations

import polars as pl

from tongyuan.reference.factors.match import lineage
from tongyuan.reference.shelf import shelf
from tongyuan.reference.units import factor

COLUMNS = ("facility", "outlet", "species", "month", "standard", "standard_name")
CONCENTRATION = "mg/m3"


def limits(own: pl.DataFrame, *, unverified: bool = False) -> pl.DataFrame:
    """Return the limits of the shelf ``standard_limit`` and one's own, in mg/m3, own ones first.

    Parameters
    ----------
    own
        Table ``own_standard_limit``. An own limit of a kind and species stands in for all of the shelf.
    unverified
        Whether limits that were not read in print act.

    Raises
    ------
    UnitError
        If an own limit has a unit that is no concentration.
    """
    known = shelf("standard_limit")
    known = known if unverified else known.filter(pl.col("status") != "unverified")
    of_shelf = known.select(
        "installation_kind", "region", "species", pl.col("value").cast(pl.Float64),
        pl.col("oxygen_reference").cast(pl.Float64, strict=False),
        pl.col("valid_from").alias("first"), pl.col("valid_to").alias("last"),
        pl.col("source").alias("standard_name"),
    )  # fmt: skip
    scale = pl.Series([factor(unit, CONCENTRATION) for unit in own["unit"]], dtype=pl.Float64)
    typed = own.select(
        "installation_kind", pl.col("region").fill_null(""), "species",
        (pl.col("value") * scale).alias("value"),
        "oxygen_reference",
        pl.col("date_from").dt.strftime("%Y-%m").fill_null("").alias("first"),
        pl.col("date_to").dt.strftime("%Y-%m").fill_null("").alias("last"),
        pl.col("standard").alias("standard_name"),
    )  # fmt: skip
    rest = of_shelf.join(typed, on=["installation_kind", "species"], how="anti")
    return pl.concat([typed, rest])


def standards(
    months: pl.DataFrame, outlets: pl.DataFrame, links: pl.DataFrame, installations: pl.DataFrame,
    facilities: pl.DataFrame, limits: pl.DataFrame,
) -> pl.DataFrame:  # fmt: skip
    """Return the limit that a standard sets for each outlet, species and month.

    Parameters
    ----------
    months
        `facility, outlet, species, month`, whatever is measured there.
    outlets, links, installations, facilities
        Tables of these names.
    limits
        Rows of :func:`limits`.

    Returns
    -------
    DataFrame
        :data:`COLUMNS`, in mg/m3. Of several limits the one of the nearest region counts, of these the
        strictest; a limit for another reference oxygen than that of the outlet is none for it.
    """
    kinds = links.select("facility", "installation", "outlet").unique().join(
        installations.select("facility", "installation", pl.col("kind").alias("installation_kind")),
        on=["facility", "installation"],
    )  # fmt: skip
    places = kinds.join(facilities.select("facility", "region"), on="facility").join(
        outlets.select("facility", "outlet", pl.col("oxygen_reference").alias("oxygen")),
        on=["facility", "outlet"],
    )
    pairs = months.select("facility", "outlet", "species", "month").unique()
    rows = pairs.join(places, on=["facility", "outlet"]).join(
        limits.rename({"region": "limit_region"}), on=["installation_kind", "species"]
    )
    steps = [
        _far(str(here), str(wanted)) for here, wanted in rows.select("region", "limit_region").iter_rows()
    ]
    same = pl.col("oxygen").is_null() | pl.col("oxygen_reference").is_null()
    rows = rows.with_columns(pl.Series("far", steps, dtype=pl.Int64)).filter(
        pl.col("far").is_not_null(),
        same | (pl.col("oxygen") == pl.col("oxygen_reference")),
        (pl.col("first") == "") | (pl.col("first") <= pl.col("month")),
        (pl.col("last") == "") | (pl.col("last") >= pl.col("month")),
    )
    best = rows.sort("far", "value").unique(["facility", "outlet", "species", "month"], keep="first")
    return best.rename({"value": "standard"}).select(COLUMNS).sort(COLUMNS[:4])


def _far(here: str, wanted: str) -> int | None:
    """Return how many steps up a limit holds; the country lies beyond all, elsewhere is None."""
    line = lineage("region", here)
    if not wanted:
        return len(line)
    return line.index(wanted) if wanted in line else None
