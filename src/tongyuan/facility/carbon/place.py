"""Rows of a month placed: whose they are, in which region, at which kind of installation."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from tongyuan.facility.carbon.works import WHOLE
from tongyuan.ledger.finding import Finding, at_row
from tongyuan.ledger.table import PLACE, empty
from tongyuan.reference.shelf import fold, shelf

ROOM = "facility"
Tables = Mapping[str, pl.DataFrame]
Letters = Mapping[str, Mapping[str, str]]
WHOLE_NAMES = ("全厂", "企业整体", "whole", "the works as a whole", "ENT")


def placed(name: str, tables: Tables, letters: Letters) -> tuple[pl.DataFrame, list[Finding]]:
    """Return monthly table `name` with kind and region of the enterprise, kind and process of the unit.

    Rows of an enterprise or installation that is not in its table are left out and said.
    """
    frame = tables.get(name, empty(name))
    if PLACE not in frame.columns:
        frame = frame.with_columns(pl.lit("").alias(PLACE))
    facilities = tables.get("facility", empty("facility"))
    who = facilities.unique("facility", keep="first", maintain_order=True)
    who = who.select("facility", "kind", "region", "coal_rank")
    installations = tables.get("installation", empty("installation")).unique(
        ["facility", "installation"], keep="first", maintain_order=True
    )
    kinds = shelf("installation_kind").select(
        pl.col("installation_kind"), pl.col("process").alias("process_of_kind")
    )
    where = installations.select(
        "facility", "installation", pl.col("kind").alias("installation_kind"), "process", "clinker"
    ).join(kinds, on="installation_kind", how="left")
    where = where.with_columns(
        pl.coalesce(pl.when(pl.col("process") != "").then("process"), "process_of_kind").alias("process")
    ).drop("process_of_kind")
    joined = frame.join(who, on="facility", how="left", maintain_order="left")
    found = [
        at_row(ROOM, "facility_unknown", place or "", "facility", letters, facility=facility)
        for place, facility in joined.filter(pl.col("kind").is_null()).select(PLACE, "facility").iter_rows()
    ]
    joined = joined.filter(pl.col("kind").is_not_null())
    if "installation" not in frame.columns:
        return joined, found
    joined = joined.join(where, on=["facility", "installation"], how="left", maintain_order="left")
    names = [fold(name) for name in WHOLE_NAMES]
    folded = joined["installation"].fill_null("").map_elements(fold, return_dtype=pl.String)
    whole = folded.is_in(names) & joined["installation_kind"].is_null()
    joined = joined.with_columns(
        pl.when(whole).then(pl.lit(WHOLE)).otherwise("installation_kind").alias("installation_kind"),
        pl.when(whole).then(pl.lit("industry")).otherwise("process").alias("process"),
    )
    lost = joined.filter(pl.col("installation_kind").is_null())
    found += [
        at_row(
            ROOM, "installation_unknown", place or "", "installation", letters, name=name, facility=facility
        )
        for place, name, facility in lost.select(PLACE, "installation", "facility").iter_rows()
    ]
    return joined.filter(pl.col("installation_kind").is_not_null()), found
