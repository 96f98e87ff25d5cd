"""Sources that see the same records and devices: a class of them is worked out once.

Factors, what devices pass, and the basis of a source follow from its process, product, technology and unit,
the records its region sees, and the years it has data for. Sources alike in all of these are a class; the
first of them stands for all.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import polars as pl

from tongyuan.inventory.account.algebra import KEY
from tongyuan.reference.factors.match import lineage, region_classes

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


def of_products(records: pl.DataFrame, products: pl.Series) -> pl.DataFrame:
    """Return the records that may serve `products`: those of none, and of a product or its parents."""
    steps = {step for product in products for step in lineage("product", product)} | {""}
    return records.filter(pl.col("product").fill_null("").is_in(sorted(steps)))


def classes(
    keys: pl.DataFrame, records: Iterable[pl.DataFrame], parents: Mapping[str, str] | None = None
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
    """
    present = frozenset().union(*(frame["region"].drop_nulls().unique().to_list() for frame in records))
    regions = region_classes(keys["region"].unique(), present, parents)
    sources = (
        keys.select("key", *KEY)
        .join(regions, on="region", how="left", maintain_order="left")
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
