"""Which records can serve which keys: every ladder from the exact to the general, for all keys at once.

A key is ``(process, product, technology, region, year)``. A record serves a key when each of its own
fields stands on the ladder that leads up from the key's field: the process or one of its ancestors,
the product or one of its parents, the same technology or none, the region or one that contains it.
Keys that see the same records are matched once: a few thousand classes stand for any number of keys.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from functools import cache
from typing import NamedTuple

import numpy as np
import polars as pl

from tongyuan.reference.shelf import shelf

KEY = ("process", "product", "technology", "region", "year")
COUNTRY = "CN"
COUNTRY_CODE = "100000"
_NAMES = {COUNTRY: (COUNTRY, COUNTRY_CODE)}
"""Names under which records give a step of the ladder, where it has several."""
GROUPS = ("developing",)
"""Groups of countries that China belongs to besides its continent."""
WORLD = "global"
ANY_PRODUCT = 20
"""Depth of a record without product when it serves a key with one."""
ELSEWHERE = 30
"""Geographic rank of a record of another country."""
_OPEN_START, _OPEN_END = -(10**6), 10**6


class Match(NamedTuple):
    """Keys by class, and the records each class can use."""

    classes: pl.DataFrame
    """``key`` (row number of the key), ``class``."""
    candidates: pl.DataFrame
    """``class``, ``record`` (row number of the record) and a depth for each field: 0 is exact."""


def ancestors(process: str) -> list[str]:
    """Return `process` and its ancestors by dotted prefix, most special first."""
    parts = process.split(".") if process else []
    return [".".join(parts[:n]) for n in range(len(parts), 0, -1)]


@cache
def _parents(name: str) -> dict[str, str]:
    try:
        frame = shelf(name)
    except KeyError:
        return {}
    return dict(zip(frame[frame.columns[0]], frame["parent"], strict=True))


def lineage(name: str, identifier: str, extra: Mapping[str, str] | None = None) -> list[str]:
    """Return `identifier` and its parents on shelf `name`, nearest first.

    `extra` adds parents of identifiers the shelf does not hold (a park and its city, say).
    """
    line, seen = [identifier], {identifier}
    while True:
        parent = (extra or {}).get(line[-1]) or _parents(name).get(line[-1], "")
        if not parent or parent in seen:
            return line
        line.append(parent)
        seen.add(parent)


@cache
def _origins() -> dict[str, dict[str, str]]:
    return {row["process"]: row for row in shelf("process_origin").to_dicts()}


@cache
def rule(process: str) -> dict[str, str]:
    """Return the row of shelf ``process_origin`` for `process`: that of its longest prefix there."""
    for prefix in [*ancestors(process), ""]:
        if prefix in _origins():
            return _origins()[prefix]
    raise KeyError(process)


@cache
def burns_fuel(process: str) -> bool:
    """Return whether a fuel named in an activity of `process` is burnt there."""
    return rule(process)["burns_fuel"] == "yes"


@cache
def fuels() -> frozenset[str]:
    """Return the products that are fuels."""
    frame = shelf("product")
    return frozenset(frame.filter(pl.col("kind") == "fuel")["product"])


def _process_ladder(values: Iterable[str]) -> pl.DataFrame:
    rows = [
        (value, step, depth, burns_fuel(step) and not burns_fuel(value))
        for value in values
        for depth, step in enumerate([*ancestors(value), ""])
    ]
    return pl.DataFrame(
        rows,
        schema={
            "process": pl.String,
            "record_process": pl.String,
            "process_depth": pl.Int64,
            "other_use": pl.Boolean,
        },
        orient="row",
    )


def _product_ladder(values: Iterable[str]) -> pl.DataFrame:
    rows = []
    for value in values:
        line = lineage("product", value) if value else [""]
        rows += [(value, step, depth) for depth, step in enumerate(line)]
        if value:
            rows.append((value, "", ANY_PRODUCT))
    return pl.DataFrame(
        rows,
        schema={"product": pl.String, "record_product": pl.String, "product_depth": pl.Int64},
        orient="row",
    )


def _technology_ladder(values: Iterable[str]) -> pl.DataFrame:
    rows = [(value, value, 0) for value in values] + [(value, "", 1) for value in values if value]
    return pl.DataFrame(
        rows,
        schema={"technology": pl.String, "record_technology": pl.String, "technology_depth": pl.Int64},
        orient="row",
    )


def _containing(region: str, parents: Mapping[str, str] | None) -> list[str]:
    """Return `region` and everything that contains it, up to the world."""
    line: list[str] = []
    for step in lineage("region", region, parents):
        if step in _parents("factor_region"):
            line += [group for group in lineage("factor_region", step) if group not in line]
        elif step not in (COUNTRY, COUNTRY_CODE):
            line.append(step)
    abroad = line and line[-1] == WORLD and COUNTRY not in line
    if not abroad:
        home = [COUNTRY, *lineage("factor_region", COUNTRY)[1:]]
        line = [step for step in line if step not in home] + home
    line = [step for step in line if step not in (*GROUPS, WORLD)]
    return [*line, *(() if abroad else GROUPS), WORLD]


@cache
def _abroad(region: str) -> bool:
    """Return whether `region` is a country or group outside China; a park of one's own is not."""
    return region in _parents("factor_region") and COUNTRY not in lineage("factor_region", region)


def region_ladder(
    values: Iterable[str], record_regions: Iterable[str], parents: Mapping[str, str] | None = None
) -> pl.DataFrame:
    """Return region, record_region, geography: exact 0, then its parents, the country, the world, elsewhere.

    Parameters
    ----------
    values
        Regions of the keys.
    record_regions
        Regions that occur among the records.
    parents
        Parents of regions that are not on shelf ``region``.
    """
    present = set(record_regions)
    abroad = [region for region in sorted(present) if _abroad(region)]
    rows: list[tuple[str, str, int]] = []
    for value in values:
        seen = _seen(value, present, parents)
        inside = {region for region, _ in seen}
        rows += [(value, region, rank) for region, rank in seen]
        rows += [(value, region, ELSEWHERE) for region in abroad if region not in inside]
    return pl.DataFrame(
        rows,
        schema={"region": pl.String, "record_region": pl.String, "geography": pl.Int64},
        orient="row",
    )


def _seen(
    region: str, present: Collection[str], parents: Mapping[str, str] | None
) -> tuple[tuple[str, int], ...]:
    """Return which of the regions `present` contain `region`, each with its rank on the way up."""
    line = enumerate(_containing(region, parents))
    steps = ((name, rank) for rank, step in line for name in _NAMES.get(step, (step,)))
    return tuple((name, rank) for name, rank in steps if name in present)


def region_classes(
    regions: pl.Series, present: Collection[str], parents: Mapping[str, str] | None
) -> pl.DataFrame:
    """Return region, representative: regions that see the same records at the same ranks are one."""
    first: dict[tuple[tuple[str, int], ...], str] = {}
    rows = []
    for region in regions.sort():
        rows.append((region, first.setdefault(_seen(region, present, parents), region)))
    return pl.DataFrame(rows, schema={"region": pl.String, "representative": pl.String}, orient="row")


def _year_classes(years: pl.Series, start: pl.Series, end: pl.Series) -> pl.DataFrame:
    """Return year, representative: years between the same limits of validity are one."""
    edges = np.unique(np.concatenate([start.drop_nulls().to_numpy(), end.drop_nulls().to_numpy() + 1]))
    place = np.searchsorted(edges, years.to_numpy(), side="right")
    return pl.DataFrame({"year": years, "place": place}).select(
        "year", pl.col("year").min().over("place").alias("representative")
    )


def _guard(reach: pl.DataFrame) -> pl.DataFrame:
    fuel = pl.col("product").is_in(list(fuels()))
    by_quantity = pl.col("unit").is_in(["t", "TJ", "m3"]) if "unit" in reach.columns else pl.lit(True)
    any_product = pl.col("product_depth") == ANY_PRODUCT
    return reach.filter(
        ~(fuel & pl.col("other_use")),
        ~(any_product & (pl.col("process_depth") > 0)),
        ~(any_product & fuel & by_quantity),
    )


def match(
    keys: pl.DataFrame,
    records: pl.DataFrame,
    *,
    parents: Mapping[str, str] | None = None,
    elsewhere: bool = True,
    guard: bool = True,
) -> Match:
    """Return which rows of `records` can serve which rows of `keys`.

    Parameters
    ----------
    keys
        Columns ``process, product, technology, region, year`` and, optionally, ``unit`` (canonical).
    records
        Columns ``process, product, technology, region, valid_from, valid_to``.
    parents
        Parents of regions that are not on shelf ``region``.
    elsewhere
        Whether a record of another country may serve as a last resort.
    guard
        Keep factors from serving what they do not describe: a record without product serves a key with
        one only in the very same process, and never a fuel counted by its own quantity; a record for
        fuel burnt never serves a process that transforms it. Control devices need no such guard.
    """
    records = records.with_row_index("record").with_columns(
        pl.col("process", "product", "technology", "region").fill_null(""),
        pl.col("valid_from").fill_null(_OPEN_START),
        pl.col("valid_to").fill_null(_OPEN_END),
    )
    dimension = ["process", "product", "technology"] + (["unit"] if "unit" in keys.columns else [])
    keys = keys.with_row_index("key").with_columns(pl.col("process", "product", "technology").fill_null(""))

    present = frozenset(records["region"].unique())
    regions = region_classes(keys["region"].unique(), present, parents)
    ladder = region_ladder(regions["representative"].unique(), present, parents)
    if not elsewhere:
        ladder = ladder.filter(pl.col("geography") < ELSEWHERE)
    validity = records.filter((pl.col("valid_from") > _OPEN_START) | (pl.col("valid_to") < _OPEN_END))
    years = _year_classes(keys["year"].unique(), validity["valid_from"], validity["valid_to"])
    keys = (
        keys.join(regions, on="region", how="left", maintain_order="left")
        .with_columns(pl.col("representative").alias("region"))
        .drop("representative")
        .join(years, on="year", how="left", maintain_order="left")
        .with_columns(pl.col("representative").alias("year"))
        .drop("representative")
    )
    distinct = keys.select(*dimension, "region", "year").unique(maintain_order=True).with_row_index("class")
    classes = keys.join(
        distinct, on=[*dimension, "region", "year"], how="left", maintain_order="left"
    ).select("key", "class")

    triples = distinct.select(dimension).unique(maintain_order=True)
    on_record = records.rename({c: f"record_{c}" for c in ("process", "product", "technology", "region")})
    served = on_record.select("record_process", "record_product", "record_technology").unique()
    reach = (
        triples.join(_process_ladder(triples["process"].unique()), on="process")
        .join(served.select("record_process").unique(), on="record_process", how="semi")
        .join(_product_ladder(triples["product"].unique()), on="product")
        .join(
            served.select("record_process", "record_product").unique(),
            on=["record_process", "record_product"],
            how="semi",
        )
        .join(_technology_ladder(triples["technology"].unique()), on="technology")
        .join(served, on=["record_process", "record_product", "record_technology"], how="semi")
    )
    if guard:
        reach = _guard(reach)
    candidates = (
        distinct.join(reach, on=dimension)
        .join(ladder, on="region")
        .join(
            on_record.select(
                "record",
                "record_process",
                "record_product",
                "record_technology",
                "record_region",
                "valid_from",
                "valid_to",
            ),
            on=["record_process", "record_product", "record_technology", "record_region"],
        )
        .filter(pl.col("valid_from") <= pl.col("year"), pl.col("year") <= pl.col("valid_to"))
    )
    return Match(
        classes,
        candidates.select(
            "class",
            "record",
            *dimension,
            "geography",
            "process_depth",
            "product_depth",
            "technology_depth",
            "valid_from",
        ),
    )
