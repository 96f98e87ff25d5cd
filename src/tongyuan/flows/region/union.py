"""Finished runs of several workspaces as one region: the sum of its parts, held against its own inventory."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations_with_replacement

import polars as pl

from tongyuan.ledger.finding import Bilingual, Finding, finding, require
from tongyuan.ledger.table import conform, empty, from_rows
from tongyuan.reference.region import Region, ancestors, catalogue, cities
from tongyuan.reference.units import UnitError, factor

ROOM = "flows.region"
MOST = 8
"""Names in a sentence."""

KEYS = ("year", "sector", "species", "unit")
DUST = 1e-9
"""Share of the larger of two sums below which their difference is rounding."""


@dataclass(frozen=True)
class Member:
    """The finished run of one workspace.

    Parameters
    ----------
    name
        What it is called in what is said.
    tables
        Its result tables, ``summary`` and ``emission`` among them.
    gwp_set
        Set of warming potentials of its CO2e.
    """

    name: str
    tables: Mapping[str, pl.DataFrame]
    gwp_set: str = ""


def parts(members: Sequence[Member]) -> pl.DataFrame:
    """Return table ``region_part``: what every member emits, in one unit for each species.

    Raises
    ------
    FindingError
        If a member has no inventory, the sets of warming potentials differ, or units do not convert.
    """
    require(finding(ROOM, "no_inventory", name=m.name) for m in members if not _has(m))
    sets = {m.gwp_set: m.name for m in members if m.gwp_set}
    if len(sets) > 1:
        told = [f"{name}: {chosen}" for chosen, name in sets.items()]
        require([finding(ROOM, "gwp_differs", sets=Bilingual("；".join(told), "; ".join(told)))])
    stacked = pl.concat(
        [m.tables["summary"].select("region", *KEYS, "value").with_columns(member=pl.lit(m.name))
         for m in members], how="vertical_relaxed",
    )  # fmt: skip
    pairs = stacked.select("species", "unit").unique(maintain_order=True)
    first = pairs.unique("species", keep="first", maintain_order=True).rename({"unit": "to"})
    scales, bad = [], []
    for species, unit, to in pairs.join(first, on="species", maintain_order="left").iter_rows():
        try:
            scales.append((species, unit, to, factor(unit, to)))
        except UnitError:
            bad.append(finding(ROOM, "units_differ", species=species, unit=unit, other=to))
    require(bad)
    table = pl.DataFrame(scales, schema=["species", "unit", "to", "scale"], orient="row")
    made = stacked.join(table, on=["species", "unit"], how="left", maintain_order="left")
    made = made.with_columns(pl.col("value") * pl.col("scale"), unit=pl.col("to"))
    return conform("region_part", made.drop("to", "scale"))


def _has(member: Member) -> bool:
    return "summary" in member.tables and not member.tables["summary"].is_empty()


def overlaps(members: Sequence[Member]) -> pl.DataFrame:
    """Return table ``region_overlap``: regions that stand in two members, or in one beside what holds them.

    ``same``: both have the region in the year; ``contains``: the first has the whole that the region of the
    second is a part of. Within one member only ``contains`` is looked for.
    """
    held = [
        (m.name, m.tables["summary"].select("region", "year").unique().sort("year", "region").rows())
        for m in members
        if _has(m)
    ]
    rows = []
    for (one, first), (other, second) in combinations_with_replacement(held, 2):
        ways = [(one, first, other, second)]
        if one is not other:
            ways.append((other, second, one, first))
        for whole, has, part, lies in ways:
            wide = set(has)
            for region, year in lies:
                above = ancestors(region)[1:] if region in catalogue() else ()
                rows += [
                    {"region": region, "year": year, "first": whole, "second": part, "kind": "contains",
                     "within": code}
                    for code in above if (code, year) in wide
                ]  # fmt: skip
        if one is not other:
            both = set(first) & set(second)
            rows += [
                {"region": region, "year": year, "first": one, "second": other, "kind": "same",
                 "within": region}
                for region, year in sorted(both, key=lambda pair: (pair[1], pair[0]))
            ]  # fmt: skip
    return from_rows("region_overlap", rows) if rows else empty("region_overlap")


def require_apart(overlap: pl.DataFrame) -> None:
    """Refuse to sum what would count a region twice.

    Raises
    ------
    FindingError
        With every pair of members that share a region, and the regions.
    """
    bad = []
    for (first, second, kind), rows in overlap.group_by(["first", "second", "kind"], maintain_order=True):
        named = [title(code) for code in rows["region"].unique(maintain_order=True)]
        years = _years(rows["year"].unique().sort().to_list())
        where = [title(code) for code in rows["within"].unique(maintain_order=True)]
        words = {"regions": listed(named), "years": years, "first": first, "second": second}
        if kind == "same":
            bad.append(finding(ROOM, "overlap_same", **words))
        else:
            bad.append(finding(ROOM, "overlap_contains", within=listed(where), **words))
    require(bad)


def _years(years: Sequence[int]) -> Bilingual:
    words = [str(year) for year in years]
    return Bilingual("、".join(words), ", ".join(words))


def title(code: str) -> Bilingual:
    """Return what a region is called, its own code where it has no name."""
    found = catalogue().get(code)
    return Bilingual(found.title_zh, found.title_en) if found else Bilingual(code, code)


def listed(names: Sequence[Bilingual]) -> Bilingual:
    """Return the first names in a sentence."""
    more = ("等", " …") if len(names) > MOST else ("", "")
    return Bilingual(
        "、".join(n.zh for n in names[:MOST]) + more[0], ", ".join(n.en for n in names[:MOST]) + more[1]
    )


def balance(part: pl.DataFrame, members: int, parent: pl.DataFrame | None = None) -> pl.DataFrame:
    """Return table ``region_balance``: parts summed by year, sector and species, beside the parent's own.

    Rows without a sector are the whole of a species. ``difference`` is parts less parent; it is told only
    where every member has the year.

    Parameters
    ----------
    part
        Table ``region_part``.
    members
        How many members there are.
    parent
        Table ``summary`` of the inventory of the whole region, if it has one.
    """
    rows = pl.concat([part, part.with_columns(sector=pl.lit(None, pl.String))])
    keys = ["year", "sector", "species"]
    made = rows.group_by(keys, maintain_order=True).agg(
        pl.col("unit").first(),
        pl.col("value").sum().alias("parts"),
        pl.col("member").n_unique().alias("told"),
    )
    present = part.group_by("year").agg(pl.col("member").n_unique().alias("present"))
    own = _own(parent, part, keys)
    made = made.join(own, on=keys, how="full", coalesce=True, nulls_equal=True, maintain_order="left_right")
    made = made.with_columns(pl.coalesce("unit", "own_unit").alias("unit"))
    made = made.join(present, on="year", how="left", maintain_order="left")
    whole = pl.col("present").fill_null(0) == members
    both = whole & pl.col("parts").is_not_null() & pl.col("parent").is_not_null()
    gap = pl.col("parts") - pl.col("parent")
    large = pl.max_horizontal(pl.col("parts").abs(), pl.col("parent").abs())
    gap = pl.when(gap.abs() > DUST * large).then(gap).otherwise(0.0)
    state = (
        pl.when(pl.col("parts").is_null())
        .then(pl.lit("parent_only"))
        .when(~whole)
        .then(pl.lit("incomplete"))
        .when(pl.col("parent").is_null())
        .then(pl.lit("parts_only"))
        .otherwise(pl.lit("compared"))
    )
    made = made.with_columns(
        state=state,
        difference=pl.when(both).then(gap),
        share=pl.when(both & (pl.col("parent") != 0)).then(gap / pl.col("parent")),
        members=pl.col("told").fill_null(0),
    )
    order = pl.col("sector").is_not_null()
    made = made.drop("own_unit", "present", "told")
    return conform("region_balance", made.sort("year", order, "sector", maintain_order=True))


def _own(parent: pl.DataFrame | None, part: pl.DataFrame, keys: list[str]) -> pl.DataFrame:
    """Return the parent's sums by the keys in the units of the parts, empty without a parent."""
    none = {"parent": pl.Float64, "own_unit": pl.String}
    types = {"year": pl.Int64, "sector": pl.String, "species": pl.String, **none}
    if parent is None or parent.is_empty():
        return pl.DataFrame(schema=types)
    units = dict(part.select("species", "unit").unique("species").iter_rows())
    scales = []
    for species, unit in parent.select("species", "unit").unique().iter_rows():
        scales.append((species, unit, units.get(species, unit), factor(unit, units.get(species, unit))))
    table = pl.DataFrame(scales, schema=["species", "unit", "own_unit", "scale"], orient="row")
    rows = parent.select("year", "sector", "species", "unit", "value")
    rows = rows.join(table, on=["species", "unit"], how="left", maintain_order="left")
    rows = rows.with_columns(pl.col("value") * pl.col("scale"))
    rows = pl.concat([rows, rows.with_columns(sector=pl.lit(None, pl.String))])
    return rows.group_by(keys, maintain_order=True).agg(
        pl.col("value").sum().alias("parent"), pl.col("own_unit").first()
    )


def absent(members: Sequence[Member], wanted: Sequence[str]) -> tuple[str, ...]:
    """Return which of the regions `wanted` no member has, whole or as a part of what it has.

    Parameters
    ----------
    wanted
        Codes: the cities of a province, or of a key region.
    """
    held = {r for m in members if _has(m) for r in m.tables["summary"]["region"].unique()}
    return tuple(code for code in wanted if not held & set(ancestors(code)) and not _parts_held(code, held))


def _parts_held(code: str, held: set[str]) -> bool:
    """Return whether every city of a province is held."""
    inside = cities(code)
    return bool(inside) and set(inside) <= held


def outside(members: Sequence[Member], within: Sequence[str]) -> tuple[Region, ...]:
    """Return the regions of the members that lie outside the regions `within`."""
    held = {r for m in members if _has(m) for r in m.tables["summary"]["region"].unique()}
    known = sorted(r for r in held if r in catalogue())
    return tuple(catalogue()[r] for r in known if not set(ancestors(r)) & set(within))


def checked(
    members: Sequence[Member], parent: Member | None = None, wanted: Sequence[str] = ()
) -> tuple[dict[str, pl.DataFrame], tuple[Finding, ...]]:
    """Return tables ``region_balance, region_part``, and what has to be said of them.

    Parameters
    ----------
    members
        Two or more.
    parent
        The run of the whole region's own inventory.
    wanted
        Codes that make up the region: those no member has are named.

    Raises
    ------
    FindingError
        If there are fewer than two members, two have one name, or a region would be counted twice.
    """
    names = [m.name for m in members]
    if len(members) < 2:
        require([finding(ROOM, "too_few", count=len(members))])
    require(finding(ROOM, "same_name", name=n) for n in sorted({n for n in names if names.count(n) > 1}))
    part = parts(members)
    require_apart(overlaps(members))
    found: list[Finding] = []
    if parent is not None:
        require([finding(ROOM, "no_inventory", name=parent.name)] if not _has(parent) else [])
        require_apart(overlaps([parent]))
        sets = {m.gwp_set for m in members if m.gwp_set}
        if parent.gwp_set and sets and sets != {parent.gwp_set}:
            text = f"{parent.name}: {parent.gwp_set}; {names[0]}: {next(iter(sets))}"
            require([finding(ROOM, "gwp_differs", sets=Bilingual(text, text))])
        beyond = outside(members, parent.tables["summary"]["region"].unique().to_list())
        if beyond and any(r in catalogue() for r in parent.tables["summary"]["region"].unique()):
            told = listed([Bilingual(r.title_zh, r.title_en) for r in beyond])
            found.append(finding(ROOM, "outside_parent", regions=told, parent=parent.name))
    missing = absent(members, wanted)
    if missing:
        told = listed([title(c) for c in missing])
        found.append(finding(ROOM, "absent", count=len(missing), total=len(wanted), regions=told))
    made = balance(part, len(members), parent.tables["summary"] if parent else None)
    short = made.filter(pl.col("state") == "incomplete")["year"].unique().sort().to_list()
    if short:
        found.append(finding(ROOM, "years_differ", years=_years(short)))
    if parent is not None and made.filter(pl.col("state") == "compared").is_empty():
        found.append(finding(ROOM, "nothing_compared", parent=parent.name))
    return {"region_balance": made, "region_part": part}, tuple(found)
