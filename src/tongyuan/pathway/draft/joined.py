"""Plans of several regions as one: each keeps its technologies, flows and targets, some flows are exchanged.

Provinces are drafted one by one, each with its own factors, services and devices, and joined here: what is
exchanged (electricity) is one flow at every node, everything else stays the region's own.
"""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from tongyuan.ledger.finding import finding, require
from tongyuan.ledger.table import table as schema
from tongyuan.pathway.case.case import INPUT_TABLES
from tongyuan.reference.species import catalogue

ROOM = "pathway"
EXCHANGED = ("electricity",)
SAME = ("period", "slice")
"""Tables that must be the same in every region."""

Tables = Mapping[str, pl.DataFrame]


def joined(
    plans: Mapping[str, Tables], link: pl.DataFrame, exchanged: tuple[str, ...] = EXCHANGED
) -> dict[str, pl.DataFrame]:
    """Return the tables of one plan of several regions.

    Parameters
    ----------
    plans
        Plan tables by the name of their region, each with one node and its ``emission_coefficient``.
    link
        Rows of table ``link`` between the nodes.
    exchanged
        Flows that are the same in every region; all others become ``flow@region``.

    Raises
    ------
    FindingError
        If a plan has not exactly one node, two have the same, or periods or slices differ.
    """
    nodes = {name: _node(name, tables) for name, tables in plans.items()}
    if len(set(nodes.values())) < len(nodes):
        require([finding(ROOM, "joined_same_node", nodes=", ".join(nodes.values()))])
    first = next(iter(plans.values()))
    for name, tables in plans.items():
        for table in SAME:
            if not _alike(tables.get(table), first.get(table)):
                require([finding(ROOM, "joined_differs", name=name, table=table)])
    parts: dict[str, list[pl.DataFrame]] = {}
    for name, tables in plans.items():
        for table, frame in _renamed(name, nodes[name], tables, exchanged).items():
            parts.setdefault(table, []).append(frame)
    made = {
        table: pl.concat(frames, how="diagonal_relaxed").unique(maintain_order=True)
        for table, frames in parts.items()
    }
    own = [made["link"]] if "link" in made else []
    return {**made, "link": pl.concat([*own, link], how="diagonal_relaxed")}


def _node(name: str, tables: Tables) -> str:
    found = tables["node"]["node"].to_list()
    if len(found) != 1:
        require([finding(ROOM, "joined_nodes", name=name, count=len(found))])
    return str(found[0])


def _alike(one: pl.DataFrame | None, other: pl.DataFrame | None) -> bool:
    if one is None or other is None:
        return one is None and other is None
    return one.equals(other)


def _renamed(name: str, node: str, tables: Tables, exchanged: tuple[str, ...]) -> dict[str, pl.DataFrame]:
    """Return the tables of a region with names that no other region has."""
    technologies = set(tables["technology_option"]["technology"])
    flows = set(tables["flow"]["flow"]) - set(exchanged)
    groups: set[str] = set()
    if "quantity_member" in tables:
        members = tables["quantity_member"].group_by("quantity", maintain_order=True).agg("member")
        species = set(catalogue())
        groups = {q for q, ms in members.iter_rows() if not set(ms) <= species}

    def own(column: str, of: set[str]) -> pl.Expr:
        said = pl.col(column)
        return pl.when(said.is_in(list(of))).then(said + f"@{name}").otherwise(said).alias(column)

    every = technologies | flows | groups
    known = {"technology": technologies, "flow": flows, "instead_of": flows, "quantity": every,
             "denominator": every, "member": every}  # fmt: skip
    made = {}
    for table in INPUT_TABLES:
        frame = tables.get(table)
        if frame is None or frame.is_empty():
            continue
        here = [own(c, of) for c, of in known.items() if c in frame.columns]
        place = "scope" if table == "target" else "node"
        if place in {c.name for c in schema(table).columns} and table not in ("node", "emission_coefficient"):
            said = pl.col(place).fill_null("") if place in frame.columns else pl.lit("")
            here.append(pl.when(said == "").then(pl.lit(node)).otherwise(said).alias(place))
        if table == "target":
            here.append((pl.col("target") + f"@{name}").alias("target"))
        made[table] = frame.with_columns(here)
    return made
