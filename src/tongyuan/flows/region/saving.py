"""A joint plan of several regions: what every group of them would save together, and who should pay whom."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import numpy as np
import polars as pl

from tongyuan.flows.region.union import ROOM
from tongyuan.ledger.finding import finding, require
from tongyuan.ledger.table import from_rows
from tongyuan.pathway.ask.shapley import shapley

MOST = 10
"""Regions whose groups are all solved: 1,023 plans."""

POOLED = ("emission", "activity", "production", "consumption", "purchase")
"""Kinds of quantity whose limits add up."""


def share_saving(
    regions: Sequence[str],
    cost: Callable[[frozenset[str]], float],
    borne: Mapping[str, float],
    currency: str | None = None,
) -> pl.DataFrame:
    """Return table ``region_share``: the saving of the joint plan by the Shapley value, and the payments.

    The worth of a group is what its regions cost alone less what they cost together. The values sum to the
    saving of all (efficiency); who brings every group the same gets the same (symmetry), who brings nothing
    gets nothing (dummy); the payments sum to nought.

    Parameters
    ----------
    regions
        Ten at most: every group is asked once.
    cost : function of a group to money
        Least cost of the plan of a group.
    borne
        What the joint plan of all costs where it is incurred; sums to the cost of all.

    Raises
    ------
    FindingError
        If there are fewer than two regions or more than ten.
    """
    require(
        [] if 2 <= len(regions) <= MOST else [finding(ROOM, "share_count", count=len(regions), most=MOST)]
    )
    alone = {r: cost(frozenset({r})) for r in regions}

    def worth(group: frozenset[str]) -> np.typing.NDArray[np.float64]:
        if len(group) < 2:
            return np.zeros(1)
        return np.array([sum(alone[r] for r in regions if r in group) - cost(group)])

    found = shapley(regions, worth).value[:, 0]
    rows = []
    for region, saving in zip(regions, found.tolist(), strict=True):
        fair = alone[region] - saving
        rows.append(
            {"region": region, "alone": alone[region], "joint": borne[region], "saving": saving,
             "fair": fair, "payment": fair - borne[region], "currency": currency}
        )  # fmt: skip
    return from_rows("region_share", rows)


def pooled(target: pl.DataFrame, quantities: Sequence[str], nodes: Sequence[str]) -> pl.DataFrame:
    """Return targets with the limits on `quantities` of every node as one limit on all.

    Absolute limits add up; shares of the base must be the same at every node.

    Parameters
    ----------
    target
        Table ``target`` of a joint plan: ``scope`` names the node.
    nodes
        Every node of the plan.

    Raises
    ------
    FindingError
        If a quantity has no limit that every node has alike.
    """
    like = ["quantity_kind", "quantity", "comparator", "unit", "basis", "year", "year_to", "accumulation"]
    rows = target.with_columns(
        pl.col(c).fill_null(pl.lit(d)) for c, d in (("basis", "absolute"), ("accumulation", "annual"))
        if c in target.columns
    )  # fmt: skip
    like = [c for c in like if c in rows.columns]
    own = pl.col("quantity").is_in(list(quantities)) & pl.col("quantity_kind").is_in(POOLED)
    plain = pl.lit(value=True)
    for column in ("denominator", "control", "base_value"):
        if column in rows.columns:
            empty = pl.col(column).cast(pl.String).fill_null("") == ""
            plain &= empty
    kept, joined = [rows.filter(~(own & plain))], []
    for (basis, *_), part in rows.filter(own & plain).group_by(
        [*(["basis"] if "basis" in rows.columns else []), *[c for c in like if c != "basis"]],
        maintain_order=True,
    ):
        whole = sorted(part["scope"].to_list()) == sorted(nodes)
        if not whole or (basis == "share_of_base" and part["bound"].n_unique() > 1):
            kept.append(part)
            continue
        bound = part["bound"][0] if basis == "share_of_base" else part["bound"].sum()
        name = "|".join(str(v) for v in part.select(like).row(0) if v is not None)
        joined.append(
            part.head(1).with_columns(
                bound=pl.lit(float(bound)), scope=pl.lit(""), target=pl.lit(f"pooled|{name}")
            )
        )
    told = {q for part in joined for q in part["quantity"]}
    require(finding(ROOM, "pool_none", quantity=q) for q in quantities if q not in told)
    return pl.concat([*kept, *joined], how="diagonal_relaxed")
