"""What a workspace brings to an account: its activity, its factor records, the grid factors of its years."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

import polars as pl

from tongyuan.flows.source import Brought
from tongyuan.inventory.account.account import Settings
from tongyuan.inventory.balance import activity_from_balance
from tongyuan.inventory.check.overlap import Letters, settle
from tongyuan.ledger.branch import AccountSettings
from tongyuan.ledger.check.check import capped
from tongyuan.ledger.finding import Finding
from tongyuan.ledger.table import PLACE, conform, empty
from tongyuan.reference.energy import grid
from tongyuan.reference.factors.carbon import carbon_factors
from tongyuan.reference.factors.library import library
from tongyuan.reference.shelf import shelf

Tables = dict[str, pl.DataFrame]
NATIONAL = "100000"


def parents_of(workspace: Brought) -> dict[str, str]:
    """Return the parent of every region of one's own: the administrative region that the settings name.

    A park whose settings say ``region = "济南市"`` sees the records of Jinan, of Shandong and of China.
    """
    home = workspace.settings.region_id
    known = set(shelf("region")["region"])
    if home not in known:
        return {}
    frames = [f["region"].unique() for f in workspace.tables.values() if "region" in f.columns]
    named = {name for names in frames for name in names.drop_nulls().to_list()}
    return dict.fromkeys(sorted(named - known - set(shelf("factor_region")["factor_region"])), home)


def account_settings(
    chosen: AccountSettings, parents: Mapping[str, str], *, devices_by_row: bool = False
) -> Settings:
    """Return branch ``[account]`` as the settings of :func:`tongyuan.inventory.account.account.account`.

    `parents` are those of regions of one's own (:func:`parents_of`). What ``engine`` names has summed the
    activity when it was read (:mod:`tongyuan.ledger.read.summed`); the little that is left is summed here.
    """
    return Settings(
        fuel_set=chosen.fuel_set,
        include_unverified=chosen.include_unverified,
        detail="key" if chosen.engine == "spark" else chosen.detail,
        gap_share=chosen.gap_share,
        parents=parents,
        basis=chosen.basis,
        devices_by_row=devices_by_row,
    )


def of_years(frame: pl.DataFrame, years: tuple[int, ...]) -> pl.DataFrame:
    """Return the rows of the `years` that are accounted; all when none are named or the table has no year."""
    return frame.filter(pl.col("year").is_in(years)) if years and "year" in frame.columns else frame


class Gathered(NamedTuple):
    """The activity of a workspace and of its energy balance, what the balance leaves out, and findings."""

    activity: pl.DataFrame
    gap: pl.DataFrame
    findings: tuple[Finding, ...]
    overlap: pl.DataFrame
    """What enterprises report and the area's own tables hold as well."""


def activity_of(
    given: Tables,
    chosen: AccountSettings,
    letters: Letters | None = None,
    facilities: pl.DataFrame | None = None,
    held: pl.DataFrame | None = None,
) -> Gathered:
    """Return the activity of the tables `given`, in which nothing counts twice.

    Setting `overlap` says which counts where table ``activity`` and the energy balance hold the same. What
    enterprises report (`held`) counts with them, by their activity `facilities`; the area's tables count for
    what is left of it.
    """
    from tongyuan.flows.facility.area import taken_out

    fuel = empty("activity") if facilities is None else facilities
    places = letters or {}
    known = fuel if held is None else held
    own = taken_out(known, given.get("activity", empty("activity")), fuel_set=chosen.fuel_set, letters=places)
    whole = empty("activity")
    if "energy_balance" not in given:
        activity = pl.concat([own.area, fuel, whole], how="diagonal_relaxed")
        return Gathered(activity, empty("gap"), own.findings, own.overlap)
    balance = activity_from_balance(given["energy_balance"])
    shared = taken_out(known, balance.activity, fuel_set=chosen.fuel_set, letters=places)
    settled = settle(own.area, shared.area, chosen.overlap, fuel_set=chosen.fuel_set, letters=places)
    activity = pl.concat([settled.own, settled.balance, fuel, whole], how="diagonal_relaxed")
    found = (*own.findings, *shared.findings, *capped(settled.findings))
    return Gathered(activity, balance.gap, found, pl.concat([own.overlap, shared.overlap]))


def factor_records(workspace: Brought) -> pl.DataFrame:
    """Return the user's own records, the library and the carbon factors of the chosen fuel set."""
    settings = workspace.settings.account
    own = workspace.tables.get("factor", empty("factor")).drop(PLACE, strict=False)
    shelves = (
        library(include_unverified=settings.include_unverified),
        carbon_factors(settings.fuel_set),
    )
    return pl.concat([conform("factor", own), *(conform("factor", frame) for frame in shelves)])


def own_records(workspace: Brought) -> pl.Series:
    """Return the ids of the user's own records."""
    return workspace.tables.get("factor", empty("factor"))["record_id"]


def grid_records(
    activity: pl.DataFrame, variant: str, parents: Mapping[str, str] | None = None
) -> pl.DataFrame:
    """Return grid factors as factor records, for the electricity that control devices draw.

    The factor of the year of the province, which serves all its cities (and regions of one's own whose
    parent in `parents` lies in it); where none is published, the national factor that the carbon market
    prescribed for that year. A year without either has no record.
    """
    rows = []
    homes = {region: _province((parents or {}).get(region, region)) for region in activity["region"].unique()}
    places = activity.select(pl.col("region").replace_strict(homes, return_dtype=pl.String), "year").unique()
    for home, year in places.sort("region", "year").iter_rows():
        for area, kind in ((home, variant), (NATIONAL, variant), (NATIONAL, "ets")):
            try:
                found = grid.grid_factor(area, year, kind)
            except KeyError:
                continue
            rows.append(
                {
                    "record_id": f"grid:{found.id}:{home}",
                    "kind": "emission_factor",
                    "process": "energy.purchased_electricity",
                    "product": "electricity",
                    "region": home,
                    "species": "CO2",
                    "value": found.value,
                    "unit": found.unit,
                    "status": found.status,
                    "source": found.source,
                    "locator": found.locator,
                    "valid_from": year,
                    "valid_to": year,
                }
            )
            break
    schema = empty("factor").schema
    return conform("factor", pl.DataFrame(rows, schema_overrides=schema)) if rows else empty("factor")


def _province(region: str) -> str:
    """Return the province of a GB/T 2260 code; other regions are returned as they are."""
    return f"{region[:2]}0000" if len(region) == 6 and region.isdigit() else region
