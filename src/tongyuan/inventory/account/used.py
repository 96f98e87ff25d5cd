"""Which records acted: in how many rows, and for how much of a species."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
import numpy.typing as npt
import polars as pl

from tongyuan.ledger.join import join_exact
from tongyuan.ledger.table import conform, empty

Floats = npt.NDArray[np.float64]
Codes = npt.NDArray[np.int64]


def _sorted(group: Codes, count: Codes, amount: Floats, groups: int) -> tuple[Codes, Codes, Floats]:
    """Return group, rows and amount, sorted: sums do not depend on the order of the rows."""
    small = group.astype(np.uint16) if groups <= 2**16 else group
    order = np.argsort(small, kind="stable")
    edges = np.cumsum([0, *np.bincount(group, minlength=groups)])
    amount, count = amount[order], count[order]
    for start, end in pairwise(edges):
        rows, values = count[start:end], amount[start:end]
        if len(rows) and rows.min() == rows.max():
            values.sort()
        else:
            inner = np.lexsort((values, rows))
            count[start:end], amount[start:end] = rows[inner], values[inner]
    return np.repeat(np.arange(groups), np.diff(edges)), count, amount


def uses(term: pl.DataFrame, of: Codes, total: Floats, count: Codes, caused: pl.DataFrame) -> pl.DataFrame:
    """Return record_id, species, row_count, amount and the whole of its species (total) of what acted.

    Parameters
    ----------
    term
        Factors of each class (``key``), sorted by class and species.
    of
        Class of each key.
    total, count
        Activity and number of rows of each key.
    caused
        What devices cause: ``record_id, species, value``.

    Notes
    -----
    All keys of a class have its factors, so that their activity is summed first.
    """
    own = term.select("record_id", "species")
    pairs = pl.concat([own, caused.select(own.columns)])
    named = pairs.unique().sort("record_id", "species").with_row_index("group")
    group = pairs.join(named, on=["record_id", "species"], maintain_order="left")["group"]
    code = group.to_numpy().astype(np.int64)
    place = term["key"].to_numpy().astype(np.int64)
    classes = int(max(of.max(initial=-1), place.max(initial=-1))) + 1
    order = np.lexsort((total, of))
    summed = np.bincount(of[order], weights=total[order], minlength=classes)
    counted = np.zeros(classes, dtype=np.int64)
    np.add.at(counted, of, count)
    amount = summed[place] * term["factor"].to_numpy() * term["penetration"].to_numpy()
    rows = np.concatenate([counted[place], np.ones(caused.height, dtype=np.int64)])
    added = np.concatenate([amount, caused["value"].to_numpy()])
    ranked, rows, added = _sorted(code, rows, added, named.height)
    species = named["species"].unique().sort()
    of_species = species.search_sorted(named["species"]).to_numpy()
    ordered = pl.DataFrame(
        {"group": ranked, "species": of_species[ranked], "row_count": rows, "amount": added},
        schema_overrides={"group": pl.UInt32},
    )
    each = ordered.group_by("group", maintain_order=True).agg(pl.col("row_count", "amount").sum())
    whole = ordered.group_by("species", maintain_order=True).agg(pl.col("amount").sum().alias("total"))
    placed = named.with_columns(pl.Series("of_species", of_species))
    return (
        placed.join(each, on="group", maintain_order="left")
        .join(whole, left_on="of_species", right_on="species", maintain_order="left")
        .select("record_id", "species", "row_count", "amount", "total")
    )


def factor_used(records: pl.DataFrame, use: pl.DataFrame, idle: Sequence[pl.Series]) -> pl.DataFrame:
    """Return the records that acted, how many emission rows used each and its share of the species.

    Parameters
    ----------
    records
        All records.
    use
        Result of :func:`uses`.
    idle
        Ids of further records that were looked at: without a share where they are not in `use`.
    """
    use = (
        use.with_columns(
            pl.when(pl.col("total") != 0).then(pl.col("amount") / pl.col("total")).alias("share")
        )
        .group_by("record_id", maintain_order=True)
        .agg(pl.col("row_count").sum(), pl.col("share").max())
    )
    others = pl.concat([pl.Series("record_id", [], dtype=pl.String), *idle]).unique()
    left = pl.DataFrame({"record_id": others}).join(use, on="record_id", how="anti")
    nothing = (
        pl.lit(0, dtype=pl.Int64).alias("row_count"),
        pl.lit(None, dtype=pl.Float64).alias("share"),
    )
    use = pl.concat([use, left.with_columns(nothing)])
    columns = [c for c in empty("factor").columns if c in records.columns]
    acting = records.select(columns).filter(pl.col("record_id").is_in(use["record_id"].implode()))
    return conform("factor_used", join_exact(use, acting, ["record_id"]).sort("record_id"))
