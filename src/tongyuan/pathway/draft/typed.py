"""What the user has typed of the stock beside a draft: rows by age or class, and capacities that act."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from tongyuan.ledger.finding import Finding, finding
from tongyuan.pathway.draft.ground import Ground
from tongyuan.reference import units

ROOM = "pathway"
HOURS = 8760.0
HAIR = 1e-6


def with_activity(typed: pl.DataFrame, drafted: pl.DataFrame) -> pl.DataFrame:
    """Return typed rows of table ``stock`` in which capacities alone share the activity that was drafted.

    Parameters
    ----------
    typed
        Rows of the user: of a technology that has capacities in one unit and no activity at all, each takes
        the part of the activity that its capacity is of their sum.
    drafted
        Rows that were drafted.
    """
    place = ["node", "technology"]
    own = drafted.group_by(place).agg(own=pl.col("activity").sum(), own_unit=pl.col("activity_unit").first())
    rows = typed.join(own, on=place, how="left", maintain_order="left")
    bare = pl.col("activity").is_null().all().over(place) & (pl.col("capacity") > 0.0).all().over(place)
    one = pl.col("capacity_unit").fill_null("").n_unique().over(place) == 1
    share = pl.col("capacity") / pl.col("capacity").sum().over(place)
    fill = bare & one & pl.col("own").is_not_null()
    return rows.with_columns(
        pl.when(fill).then(pl.col("own") * share).otherwise("activity").alias("activity"),
        pl.when(fill).then("own_unit").otherwise("activity_unit").alias("activity_unit"),
    ).drop("own", "own_unit")


def capacities(made: Mapping[str, pl.DataFrame], ground: Ground) -> list[Finding]:
    """Return what is wrong with the capacities of table ``stock`` that the user has typed.

    One on a technology without a limit of capacity would not act; one that cannot make the activity of its
    base year, whatever its hours, is of another unit or scope.

    Parameters
    ----------
    made
        Drafted tables in which those of the user stand.
    """
    typed = ground.typed.get("stock")
    if typed is None or "capacity" not in typed.columns:
        return []
    rows = made["stock"].filter(
        pl.col("technology").is_in(typed.filter(pl.col("capacity") > 0.0)["technology"].implode())
    )
    options = {r["technology"]: r for r in made["technology_option"].to_dicts()}
    found = []
    grouped = rows.group_by("technology", maintain_order=True)
    for row in grouped.agg(
        pl.col("capacity", "activity").sum(), pl.col("capacity_unit", "activity_unit").drop_nulls().first()
    ).to_dicts():
        option = options.get(row["technology"])
        if option is None:
            continue  # a name that is nowhere is said by the check of the plan
        unit = row["capacity_unit"] or option["capacity_unit"] or ""
        words = {"technology": row["technology"], "capacity": f"{row['capacity']:.6g} {unit}".strip()}
        if (option["capacity"] or "free") == "free":
            found.append(finding(ROOM, "draft_stock_free", **words, unit=unit or "MW"))
            continue
        full = _full(option, unit, row["activity_unit"] or option["unit"])
        if full is None or not row["activity"]:
            continue
        share = row["activity"] / (row["capacity"] * full)
        most = 1.0 if option["availability"] is None else float(option["availability"])
        if share > most * (1.0 + HAIR):
            made_in = f"{row['activity']:.6g} {row['activity_unit'] or option['unit']}"
            found.append(
                finding(ROOM, "draft_stock_hours", **words, activity=made_in, share=f"{share:.3g}",
                        hours=f"{share * HOURS:,.0f}", most=f"{most:.3g}")
            )  # fmt: skip
    return found


def _full(option: Mapping[str, object], unit: str, activity: str) -> float | None:
    """Return what a unit of capacity yields in a year at full load, in the unit of the activity."""
    yearly, own = option["yearly_output"], str(option["unit"])
    if yearly is not None:
        scale = 1.0 if unit == option["capacity_unit"] else units.factor(unit, str(option["capacity_unit"]))
        return float(str(yearly)) * scale * units.factor(own, activity)
    if unit.endswith("/a"):
        return units.factor(unit.removesuffix("/a").strip("()"), activity)
    if units.known(unit) and units.dimension(f"{unit} h") == units.dimension(activity):
        return HOURS * units.factor(f"{unit} h", activity)
    return None
