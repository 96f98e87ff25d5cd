"""What a workspace gives for allocation: its grid, and profiles looked at before they act."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from zoneinfo import ZoneInfoNotFoundError

import numpy as np
import numpy.typing as npt
import polars as pl

from tongyuan.allocation.grid import RADIUS, Grid
from tongyuan.allocation.profile.hour import FIRST, SIZES, Clock, balanced, clock
from tongyuan.flows.source import Brought
from tongyuan.ledger.finding import Bilingual, Finding, FindingError, finding, require
from tongyuan.ledger.read.lookup import choice_title
from tongyuan.ledger.table import PLACE, conform, empty
from tongyuan.ledger.table import table as table_of
from tongyuan.reference.shelf import shelf

Array = npt.NDArray[np.float64]
ROOM = "allocation"
UNVERIFIED = "unverified"
CONE = ("latitude_1", "latitude_2", "longitude_0", "latitude_0")


def given(inputs: Brought, name: str) -> pl.DataFrame:
    """Return a table of the workspace, without rows where it has none."""
    return inputs.tables.get(name, empty(name))


def named(names: Iterable[str], most: int = 5) -> Bilingual:
    """Return some names for a sentence."""
    every = list(names)
    more = ("等", " …") if len(every) > most else ("", "")
    return Bilingual("、".join(every[:most]) + more[0], ", ".join(every[:most]) + more[1])


def grid_of(inputs: Brought) -> Grid:
    """Return the grid of a workspace.

    Raises
    ------
    FindingError
        If there is none, several and none named, or it cannot be.
    """
    frame = given(inputs, "model_grid").drop(PLACE, strict=False)
    wanted, there = inputs.settings.allocation.grid, frame["grid"].to_list()
    if not there:
        raise FindingError([finding(ROOM, "grid_absent")])
    if wanted and wanted not in there:
        raise FindingError([finding(ROOM, "grid_unknown", grid=wanted, names=named(there))])
    if not wanted and len(there) > 1:
        raise FindingError([finding(ROOM, "grid_which", count=len(there), names=named(there))])
    row = frame.filter(pl.col("grid") == (wanted or there[0])).row(0, named=True)
    name = row.pop("grid")
    cone = {key: row.pop(key) for key in CONE}
    if row["x_step"] <= 0 or row["y_step"] <= 0:
        raise FindingError([finding(ROOM, "grid_step", grid=name)])
    if row["projection"] == "lambert":
        if None in cone.values() or np.isclose(cone["latitude_1"] + cone["latitude_2"], 0):
            raise FindingError([finding(ROOM, "grid_cone", grid=name)])
    else:
        cone = {}
    radius = row.pop("radius")
    made = Grid(name, **row, **cone, radius=RADIUS if radius is None else radius)
    if made.geographic:
        south, north = float(made.y_edges[0]), float(made.y_edges[-1])
        wide = made.columns * made.x_step
        if south < -90 - 1e-9 or north > 90 + 1e-9 or wide > 360 + 1e-9:
            words: dict[str, Any] = {"south": f"{south:g}", "north": f"{north:g}"}
            raise FindingError([finding(ROOM, "grid_degrees", grid=name, **words)])
    return made


def clock_of(inputs: Brought, year: int) -> Clock:
    """Return the hours of a year in the time zone of the settings.

    Raises
    ------
    FindingError
        If there is no such zone, or its hours begin apart from those of UTC.
    """
    zone = inputs.settings.allocation.timezone
    try:
        return clock(year, zone)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise FindingError([finding(ROOM, "timezone_unknown", zone=zone)]) from None


def layers_of(inputs: Brought) -> Array:
    """Return the tops of the layers of the settings [m].

    Raises
    ------
    FindingError
        If they do not rise from above the ground.
    """
    tops = np.array(inputs.settings.allocation.layers, dtype=float)
    if tops.size and (tops[0] <= 0 or (np.diff(tops) <= 0).any()):
        shown = ", ".join(f"{top:g}" for top in tops)
        raise FindingError([finding(ROOM, "layers_order", layers=shown)])
    return tops


def profiles(inputs: Brought, table: str, used: Iterable[str], told: list[Finding]) -> pl.DataFrame:
    """Return the rows of the profiles that rules use: those of the workspace, else those shipped.

    Parameters
    ----------
    table
        ``profile_time``, ``profile_height`` or ``profile_species``.
    used
        Names of profiles.
    told
        Gets what has to be said of the shipped ones.

    Raises
    ------
    FindingError
        If there is no such profile, or it is not verified and the settings do not ask for such.
    """
    names = sorted(set(used))
    own = given(inputs, table).drop(PLACE, strict=False).filter(pl.col("profile").is_in(names))
    kind = Bilingual(table_of(table).title_zh, table_of(table).title_en)
    shipped = shelf(f"{table}_default")
    there = set(shipped["profile"])
    rest = [name for name in names if name not in set(own["profile"])]
    bad = [
        finding(ROOM, "profile_unknown", kind=kind, profile=name, names=named(sorted(there), 12))
        for name in rest
        if name not in there
    ]
    require(bad)
    taken = shipped.filter(pl.col("profile").is_in(rest))
    if not inputs.settings.account.include_unverified:
        off = taken.filter(pl.col("status") == UNVERIFIED)["profile"].unique(maintain_order=True)
        require(finding(ROOM, "profile_off", kind=kind, profile=name) for name in off)
    if rest and table != "profile_species":
        told.append(finding(ROOM, "profile_default", names=named(rest)))
    columns = [c.name for c in table_of(table).columns]
    texts = taken.select(pl.when(pl.col(c) != "").then(pl.col(c)).alias(c) for c in columns)
    return pl.concat([own, conform(table, texts)])


def time_factors(frame: pl.DataFrame) -> dict[str, dict[str, Array]]:
    """Return the factors of every profile in time, by kind; sets average one.

    Raises
    ------
    FindingError
        If a set lacks factors, has a negative one, or neither averages nor sums to one.
    """
    made: dict[str, dict[str, Array]] = {}
    bad: list[Finding] = []
    for (profile, kind), part in frame.sort("index").group_by(["profile", "kind"], maintain_order=True):
        values = part["factor"].to_numpy().astype(float)
        word = Bilingual(choice_title(str(kind), "zh"), choice_title(str(kind), "en"))
        size, first = SIZES.get(str(kind), 1), FIRST.get(str(kind), 0)
        if part["index"].to_list() != list(range(first, first + size)):
            found = ", ".join(str(i) for i in part["index"]) or "–"
            words = {"profile": profile, "kind": word, "size": size, "first": first}
            bad.append(finding(ROOM, "profile_set", found=found, **words))
            continue
        if kind in SIZES:
            if not balanced(values):
                words = {"mean": f"{values.mean():.4g}", "sum": f"{values.sum():.4g}"}
                bad.append(finding(ROOM, "profile_sum", profile=profile, kind=word, **words))
            else:
                values = values / values.mean()
        if kind != "heating_base" and (values < 0).any():
            bad.append(finding(ROOM, "profile_negative", profile=profile))
        made.setdefault(str(profile), {})[str(kind)] = values
    for profile, sets in made.items():
        if "month" in sets and "heating_base" in sets:
            bad.append(finding(ROOM, "profile_heating", profile=profile))
    require(bad)
    return made


def height_shares(frame: pl.DataFrame) -> dict[str, tuple[Array, Array]]:
    """Return tops and shares of every profile of height.

    Raises
    ------
    FindingError
        If shares do not sum to one.
    """
    made: dict[str, tuple[Array, Array]] = {}
    bad: list[Finding] = []
    for (profile,), part in frame.sort("top").group_by(["profile"], maintain_order=True):
        share = part["share"].to_numpy().astype(float)
        if abs(share.sum() - 1) > 1e-3:
            bad.append(finding(ROOM, "height_sum", profile=profile, sum=f"{share.sum():.4g}"))
        made[str(profile)] = (part["top"].to_numpy().astype(float), share / share.sum())
    require(bad)
    return made


def species_shares(frame: pl.DataFrame, told: list[Finding]) -> pl.DataFrame:
    """Return ``profile, species, model_species, share, mole``, what a profile leaves out as a row of its own.

    Raises
    ------
    FindingError
        If shares sum to more than one.
    """
    sums = frame.group_by("profile", "species", maintain_order=True).agg(pl.col("share").sum().alias("sum"))
    over = sums.filter(pl.col("sum") > 1 + 1e-3)
    words = ("profile", "species")
    require(
        finding(ROOM, "species_sum", sum=f"{r['sum']:.4g}", **{w: r[w] for w in words})
        for r in over.iter_rows(named=True)
    )
    short = sums.filter(pl.col("sum") < 1 - 1e-3)
    for r in short.iter_rows(named=True):
        told.append(finding(ROOM, "species_rest", sum=f"{r['sum']:.2%}", **{w: r[w] for w in words}))
    kept = frame.select("profile", "species", "model_species", "share", "mole")
    rest = short.select(
        *words, model_species=pl.lit(""), share=1 - pl.col("sum"), mole=pl.lit(None, pl.Float64)
    )
    near = sums.filter((pl.col("sum") - 1).abs() <= 1e-3)
    scaled = kept.join(near, on=list(words), how="left", maintain_order="left")
    scaled = scaled.with_columns(pl.col("share") / pl.col("sum").fill_null(1.0)).drop("sum")
    return pl.concat([scaled, rest])
