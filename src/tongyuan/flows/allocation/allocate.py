"""Allocation of an inventory: rules choose proxy and profiles, one matrix puts every source into cells."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl
import scipy.sparse as sp

from tongyuan.allocation.grid import Grid
from tongyuan.allocation.profile.height import layer_shares
from tongyuan.allocation.profile.hour import Clock, degree_days, hour_shares
from tongyuan.allocation.proxy.geometry import faults, read_wkt
from tongyuan.allocation.weight.source import feature_shares, source_shares
from tongyuan.flows.allocation.given import (
    ROOM,
    clock_of,
    given,
    grid_of,
    height_shares,
    layers_of,
    named,
    profiles,
    species_shares,
    time_factors,
)
from tongyuan.flows.source import Brought
from tongyuan.ledger.finding import Bilingual, Finding, FindingError, at_row, finding, require
from tongyuan.ledger.table import PLACE
from tongyuan.reference import region as regions
from tongyuan.reference.shelf import identify, title
from tongyuan.reference.units import factor

Array = npt.NDArray[np.float64]
GROUP = ("region", "process", "species")
TRACE = 1e-9
"""Share outside the grid from which it is told."""


@dataclass(frozen=True)
class Allocation:
    """An inventory with the place, time, height and model species of all it emits.

    Parameters
    ----------
    grid, clock, year, layers
        Where and when; tops of the layers [m].
    group
        ``region, process, species, value [t], proxy, place, time, height, split, reason``; place and time are
        rows of the arrays below, missing where there is a reason why nothing is allocated.
    weights : sparse, shape (places, cells)
        Shares of each proxy and region in the cells.
    shares : array, shape (times, hours)
        Shares of the hours.
    heights : array, shape (heights, layers)
        Shares of the layers.
    split
        ``profile, species, model_species, share, mole`` of the profiles of species.
    """

    grid: Grid
    clock: Clock
    year: int
    layers: Array
    group: pl.DataFrame
    weights: sp.csr_array
    shares: Array
    heights: Array
    split: pl.DataFrame
    findings: tuple[Finding, ...]


def allocate(inputs: Brought, emission: pl.DataFrame) -> Allocation:
    """Return how the emissions of a year lie on the grid of a workspace.

    Parameters
    ----------
    inputs
        Settings and tables of the room.
    emission
        Table ``emission``, whoever wrote it; what is emitted directly to air counts.

    Raises
    ------
    FindingError
        If grid, rules, proxies or profiles are missing or cannot be used.
    """
    told: list[Finding] = []
    grid, tops = grid_of(inputs), layers_of(inputs)
    year, group = _groups(inputs, emission, told)
    when = clock_of(inputs, year)
    group = _ruled(inputs, group)
    weights, group = _placed(inputs, group, grid, told)
    shares, group = _timed(inputs, group, when, told)
    heights, group = _lifted(inputs, group, tops, told)
    split = species_shares(profiles(inputs, "profile_species", _used(group, "split"), told), told)
    return Allocation(grid, when, year, tops, group, weights, shares, heights, split, tuple(told))


def _used(group: pl.DataFrame, column: str) -> list[str]:
    return group[column].drop_nulls().unique(maintain_order=True).to_list()


def _groups(inputs: Brought, emission: pl.DataFrame, told: list[Finding]) -> tuple[int, pl.DataFrame]:
    """Return the year, and what each region and process emits of each species in it [t]."""
    settings = inputs.settings.allocation
    wanted = []
    for name in settings.species:
        known = identify("species", name)
        require([] if known else [finding(ROOM, "species_unknown", name=name)])
        wanted.append(known)
    frame = emission.filter(
        pl.col("medium").is_in(["air", "ghg"]) & (pl.col("scope").fill_null("direct") == "direct")
    )
    if wanted:
        frame = frame.filter(pl.col("species").is_in(wanted))
    years = sorted(frame["year"].unique().to_list())
    if not years:
        raise FindingError([finding(ROOM, "no_emission")])
    year = settings.year if settings.year is not None else years[-1]
    if year not in years:
        shown = ", ".join(str(y) for y in years)
        raise FindingError([finding(ROOM, "year_absent", year=year, years=shown)])
    if settings.year is None and len(years) > 1:
        told.append(finding(ROOM, "year_taken", count=len(years), year=year))
    frame = frame.filter(pl.col("year") == year)
    lack = [title("species", n, "zh") for n in wanted if n and n not in set(frame["species"])]
    if lack:
        told.append(finding(ROOM, "species_absent", names=named(lack)))
    scales = {unit: factor(unit, "t") for unit in frame["unit"].unique()}
    scale = pl.col("unit").replace_strict(scales, return_dtype=pl.Float64)
    summed = frame.group_by(*GROUP, maintain_order=True).agg((pl.col("value") * scale).sum())
    return year, summed.filter(pl.col("value") != 0).sort(*GROUP)


def _ruled(inputs: Brought, group: pl.DataFrame) -> pl.DataFrame:
    """Return groups with proxy and profiles of the finest rule that fits each."""
    rules = given(inputs, "allocation_rule").to_dicts()
    if not rules:
        raise FindingError([finding(ROOM, "no_rules")])
    rules.sort(key=lambda r: (len(r["process"] or ""), bool(r["species"])), reverse=True)
    pairs = group.select("process", "species").unique(maintain_order=True)
    chosen: list[dict[str, Any]] = []
    for process, species in pairs.iter_rows():
        found = next((r for r in rules if _fits(r, process, species)), None)
        line = {"process": process, "species": species, "proxy": None, "time_name": None, "lift": None}
        line |= {"split": None}
        if found:
            line |= {"proxy": found["proxy"], "time_name": found["profile_time"] or None}
            line |= {"lift": found["profile_height"] or None, "split": found["profile_species"] or None}
        chosen.append(line)
    texts = dict.fromkeys(("process", "species", "proxy", "time_name", "lift", "split"), pl.String)
    rows = pl.DataFrame(chosen, schema=texts)
    return group.join(rows, on=["process", "species"], how="left", maintain_order="left")


def _fits(rule: dict[str, Any], process: str, species: str) -> bool:
    own = rule["process"]
    inside = not own or process == own or process.startswith(f"{own}.")
    return inside and (not rule["species"] or rule["species"] == species)


def _features(inputs: Brought, used: list[str]) -> tuple[pl.DataFrame, Any]:
    """Return the features of the proxies used, and their geometries.

    Raises
    ------
    FindingError
        With every row that stands nowhere, and every proxy that does not exist.
    """
    frame = given(inputs, "proxy")
    if PLACE not in frame.columns:
        frame = frame.with_columns(pl.lit("").alias(PLACE))
    there = {*frame["proxy"], *given(inputs, "proxy_file")["proxy"]}
    require(finding(ROOM, "proxy_unknown", proxy=name) for name in used if name not in there)
    frame = frame.filter(pl.col("proxy").is_in(used))
    point = pl.col("longitude").is_not_null() & pl.col("latitude").is_not_null()
    half = pl.col("longitude").is_null() != pl.col("latitude").is_null()
    lines = pl.col("geometry").is_not_null()
    sized = pl.col("width").is_not_null() | pl.col("height").is_not_null()
    whole = (pl.col("width") > 0) & (pl.col("height") > 0) & point
    wrong = half | (point == lines) | (sized & ~whole.fill_null(False))
    bad = frame.filter(wrong)
    column = "geometry"
    require(
        at_row(ROOM, "feature_place", r[PLACE], column, inputs.letters, proxy=r["proxy"])
        for r in bad.head(50).iter_rows(named=True)
    )
    drawn = frame["geometry"].is_not_null().arg_true().to_list()
    made: Any = np.full(frame.height, None, dtype=object)
    if drawn:
        texts = frame["geometry"][drawn].to_list()
        read = read_wkt(texts)
        require(
            at_row(
                ROOM, check, frame[PLACE][drawn[at]], column, inputs.letters, shown=texts[at][:40], reason=why
            )
            for at, check, why in faults(read)[:50]
        )
        made[drawn] = read
    return frame, made


def _placed(
    inputs: Brought, group: pl.DataFrame, grid: Grid, told: list[Finding]
) -> tuple[sp.csr_array, pl.DataFrame]:
    """Return the shares of every proxy and region in the cells, and groups with the row of theirs."""
    frame, geometries = _features(inputs, _used(group, "proxy"))
    x, y, wide, high = (
        frame[c].cast(pl.Float64).fill_null(np.nan).to_numpy()
        for c in ("longitude", "latitude", "width", "height")
    )
    shares = feature_shares(x, y, wide, high, geometries, grid)
    weight = frame["weight"].fill_null(1.0).to_numpy()
    own = np.array([r or "" for r in frame["region"]], dtype=object)
    named_as = frame["proxy"].to_numpy()
    pairs = group.filter(pl.col("proxy").is_not_null()).select("proxy", "region").unique(maintain_order=True)
    places: list[tuple[str, str]] = []
    parts: list[tuple[Any, Any]] = []
    bad: list[Finding] = []
    empty: dict[str, list[str]] = {}
    for proxy, region in pairs.iter_rows():
        mine = named_as == proxy
        within = np.array([bool(o) and regions_within(o, region) for o in np.unique(own[mine])], dtype=bool)
        at = np.flatnonzero(mine & np.isin(own, np.unique(own[mine])[within]))
        if not at.size:
            at = np.flatnonzero(mine & (own == ""))
        if not at.size:
            empty.setdefault(proxy, []).append(region)
            continue
        if weight[at].sum() <= 0:
            bad.append(finding(ROOM, "zero_weight", proxy=proxy, region=region))
            continue
        parts.append((at, np.full(at.size, len(places))))
        places.append((proxy, region))
    require(bad)
    feature = np.concatenate([at for at, _ in parts]) if parts else np.zeros(0, np.int64)
    source = np.concatenate([to for _, to in parts]) if parts else np.zeros(0, np.int64)
    weights = source_shares(shares, feature, weight[feature], source, len(places))
    rows = pl.DataFrame(
        [(p, r, n) for n, (p, r) in enumerate(places)],
        schema={"proxy": pl.String, "region": pl.String, "place": pl.Int64},
        orient="row",
    )
    group = group.join(rows, on=["proxy", "region"], how="left", maintain_order="left")
    reason = pl.when(pl.col("proxy").is_null()).then(pl.lit("no_rule"))
    named_reason = reason.when(pl.col("place").is_null()).then(pl.lit("no_feature")).otherwise(None)
    group = group.with_columns(named_reason.alias("reason"))
    _tell(group, weights, empty, told)
    return weights, group


def regions_within(inner: str, outer: str) -> bool:
    """Return whether region `inner` is `outer` or lies in it."""
    if inner == outer:
        return True
    known = regions.catalogue()
    while inner in known and known[inner].parent and known[inner].parent != inner:
        inner = known[inner].parent
        if inner == outer:
            return True
    return False


def _tell(
    group: pl.DataFrame, weights: sp.csr_array, empty: dict[str, list[str]], told: list[Finding]
) -> None:
    """Say what is left out and what lies outside."""
    lost = group.filter(pl.col("reason") == "no_rule")
    if lost.height:
        names = lost["process"].unique(maintain_order=True).to_list()
        shown = [named([title("process", n, lang) for n in names]) for lang in ("zh", "en")]
        told.append(
            finding(ROOM, "left_no_rule", count=lost.height, names=Bilingual(shown[0].zh, shown[1].en))
        )
    for proxy, where in empty.items():
        rows = group.filter((pl.col("proxy") == proxy) & pl.col("region").is_in(where)).height
        names_zh = named([title("region", r, "zh") for r in where]).zh
        names_en = named([title("region", r, "en") for r in where]).en
        words: dict[str, Any] = {"proxy": proxy, "count": rows, "names": Bilingual(names_zh, names_en)}
        told.append(finding(ROOM, "left_no_feature", **words))
    outside = 1 - np.asarray(weights.sum(axis=1)).ravel()
    beyond = group.filter(pl.col("place").is_in(np.flatnonzero(outside > TRACE).tolist()))
    if beyond.height:
        worst = beyond["place"].to_list()
        most = max(worst, key=lambda p: outside[p])
        proxy = beyond.filter(pl.col("place") == most)["proxy"][0]
        known: dict[str, Any] = {"count": beyond.height, "proxy": proxy, "share": f"{outside[most]:.2%}"}
        told.append(finding(ROOM, "left_outside", **known))


def _timed(
    inputs: Brought, group: pl.DataFrame, when: Clock, told: list[Finding]
) -> tuple[Array, pl.DataFrame]:
    """Return the shares of hours of every profile (and region, where it follows the temperature)."""
    factors = time_factors(profiles(inputs, "profile_time", _used(group, "time_name"), told))
    days = given(inputs, "calendar_day")
    rest = frozenset(days.filter(pl.col("kind") == "holiday")["date"].to_list())
    work = frozenset(days.filter(pl.col("kind") == "workday")["date"].to_list())
    names: list[tuple[str, str]] = []
    made: list[Array] = []
    at: list[int] = []
    for profile, region in group.select("time_name", "region").iter_rows():
        sets = factors.get(profile or "", {})
        key = (profile or "", region if "heating_base" in sets else "")
        if key not in names:
            heated = None
            if "heating_base" in sets:
                heated = _heated(inputs, when, key[0], region, sets)
            names.append(key)
            made.append(hour_shares(when, sets, rest=rest, work=work, days=heated))
        at.append(names.index(key))
    return np.array(made), group.with_columns(pl.Series("time", at, dtype=pl.Int64))


def _heated(inputs: Brought, when: Clock, profile: str, region: str, sets: dict[str, Array]) -> Array:
    frame = given(inputs, "temperature_day")
    known = [r for r in frame["region"].unique(maintain_order=True) if regions_within(region, r)]
    if not known:
        raise FindingError([finding(ROOM, "temperature_none", profile=profile, region=region)])
    nearest = region if region in known else known[0]
    part = frame.filter(pl.col("region") == nearest)
    values = dict(part.select("date", "value").iter_rows())
    gaps = [day for day in when.dates if values.get(day) is None]
    if gaps:
        words: dict[str, Any] = {"region": nearest, "count": len(gaps), "day": gaps[0].isoformat()}
        raise FindingError([finding(ROOM, "temperature_gaps", **words)])
    base, constant = float(sets["heating_base"][0]), float(sets.get("heating_constant", np.zeros(1))[0])
    try:
        return degree_days(np.array([values[day] for day in when.dates]), base, constant)
    except ValueError:
        words = {"region": nearest, "profile": profile, "base": f"{base:g}"}
        raise FindingError([finding(ROOM, "temperature_warm", **words)]) from None


def _lifted(
    inputs: Brought, group: pl.DataFrame, tops: Array, told: list[Finding]
) -> tuple[Array, pl.DataFrame]:
    """Return the shares of layers of every profile of height; without one all is at the ground."""
    known = height_shares(profiles(inputs, "profile_height", _used(group, "lift"), told))
    names = ["", *known]
    ground = np.zeros(max(tops.size, 1))
    ground[0] = 1.0
    made = [ground]
    bad: list[Finding] = []
    for name, (top, share) in known.items():
        try:
            made.append(layer_shares(top, share, tops))
        except ValueError:
            highest = f"{top[share > 0].max():g}"
            bad.append(finding(ROOM, "layer_short", profile=name, top=highest, layer=f"{tops[-1]:g}"))
    require(bad)
    at = [names.index(name or "") for name in group["lift"]]
    return np.array(made), group.with_columns(pl.Series("height", at, dtype=pl.Int64))
