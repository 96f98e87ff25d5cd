"""Sources that see the same records and devices: a class of them is worked out once.

Factors, what devices pass, and the basis of a source follow from its process, product, technology and unit,
the records its region sees, and the years it has data for. Sources alike in all of these are a class; the
first of them stands for all. Where there are no devices, a source sees only records of its own process and
product: coal factors of provinces then part power stations, and nothing else.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import polars as pl

from tongyuan.inventory.account.algebra import KEY
from tongyuan.reference.factors.match import ancestors, lineage, region_classes
from tongyuan.reference.factors.resolve import EMISSION

SOURCE = ("process", "product", "technology", "region", "unit")
"""What one source is over all its years."""
_ALIKE = ("process", "product", "technology", "unit", "representative", "years")


class Classes(NamedTuple):
    """Keys by class."""

    first: pl.DataFrame
    """The keys that stand for their class, in their order: ``key`` (number of the class) and the key."""
    of: npt.NDArray[np.int64]
    """Class of each key, shape (keys,)."""

    def alike(self, keys: pl.DataFrame) -> pl.DataFrame:
        """Return ``key`` of all `keys` with the columns of the key that stands for each."""
        return keys.select("key").hstack(self.first.drop("key")[self.of])

    def spread(self, frame: pl.DataFrame) -> pl.DataFrame:
        """Return rows by class (``key``) as rows by key, in the order of keys."""
        members = pl.DataFrame({"key": self.of, "_of": np.arange(len(self.of))}).with_columns(
            pl.col("key").cast(frame.schema["key"]), pl.col("_of").cast(pl.UInt32)
        )
        there = members.join(frame.select("key").unique(), on="key", how="semi", maintain_order="left")
        found = there.join(frame, on="key", maintain_order="left_right")
        return found.drop("key").rename({"_of": "key"})

    def everywhere(self, keys: pl.DataFrame, told: pl.DataFrame) -> pl.DataFrame:
        """Return rows about sources that stand for a class (``SOURCE``) as rows about all of it."""
        if told.is_empty():
            return told
        named = pl.col("region").alias("named")
        members = self.alike(keys).select(SOURCE).hstack(keys.select(named)).unique(maintain_order=True)
        rows = told.join(members, on=SOURCE, maintain_order="left_right")
        return rows.with_columns(region="named").select(told.columns)


def acting(records: pl.DataFrame) -> pl.DataFrame:
    """Return the records that may give a source without devices its factors."""
    of_source = pl.col("control").fill_null("") == ""
    return records.filter(pl.col("kind").is_in(EMISSION), of_source)


def classes(
    keys: pl.DataFrame,
    records: Iterable[pl.DataFrame],
    parents: Mapping[str, str] | None = None,
    *,
    by_source: bool = False,
) -> Classes:
    """Return the classes of `keys`.

    Parameters
    ----------
    keys
        ``key`` and the columns of the source key, sorted by these.
    records
        Everything with a column ``region`` that may serve a key: factor records, devices.
    parents
        Parents of regions that are not on shelf ``region``.
    by_source
        Whether a record serves only its own process and product and what is below them; else any.
    """
    on = ["process", "product", "region"] if by_source else ["region"]
    regions = _of_sources(keys, records, parents) if by_source else _of_regions(keys, records, parents)
    sources = (
        keys.select("key", *KEY)
        .join(regions, on=on, how="left", maintain_order="left")
        .group_by(SOURCE, maintain_order=True)
        .agg("key", pl.col("year").cast(pl.String).str.join(",").alias("years"), pl.first("representative"))
    )
    first = sources.unique(_ALIKE, keep="first", maintain_order=True)
    pairs = (
        sources.join(first.select(*_ALIKE, pl.col("key").alias("stands")), on=_ALIKE)
        .select("key", "stands")
        .explode("key", "stands")
    )
    stands = np.empty(keys.height, dtype=np.int64)
    stands[pairs["key"].to_numpy()] = pairs["stands"].to_numpy()
    chosen, of = np.unique(stands, return_inverse=True)
    return Classes(keys.drop("key")[chosen].with_row_index("key"), of.astype(np.int64))


def _of_regions(
    keys: pl.DataFrame, records: Iterable[pl.DataFrame], parents: Mapping[str, str] | None
) -> pl.DataFrame:
    """Return region, representative: the first region that sees the same of all `records`."""
    present = frozenset().union(*(frame["region"].drop_nulls().unique().to_list() for frame in records))
    return region_classes(keys["region"].unique(), present, parents)


def _of_sources(
    keys: pl.DataFrame, records: Iterable[pl.DataFrame], parents: Mapping[str, str] | None
) -> pl.DataFrame:
    """Return process, product, region and the first region that sees the same records of both."""
    held: dict[tuple[str, str], set[str]] = {}
    for frame in records:
        text = pl.col("process", "product").fill_null("")
        named = frame.select(text, "region").drop_nulls("region").unique()
        for process, product, region in named.iter_rows():
            held.setdefault((process, product), set()).add(region)
    pairs = keys.group_by("process", "product", maintain_order=True).agg(pl.col("region").unique())
    alike: dict[frozenset[str], list[tuple[str, str]]] = {}
    regions: dict[frozenset[str], set[str]] = {}
    for process, product, within in pairs.iter_rows():
        steps = ((a, b) for a in (*ancestors(process), "") for b in (*lineage("product", product), ""))
        present = frozenset().union(*(held.get(step, ()) for step in steps))
        alike.setdefault(present, []).append((process, product))
        regions.setdefault(present, set()).update(within)
    schema = {"process": pl.String, "product": pl.String}
    parts = [
        pl.DataFrame(sources, schema=schema, orient="row").join(
            region_classes(pl.Series("region", sorted(regions[present])), present, parents), how="cross"
        )
        for present, sources in alike.items()
    ]
    found = pl.DataFrame(schema=schema | {"region": pl.String, "representative": pl.String})
    return pl.concat([found, *parts])
