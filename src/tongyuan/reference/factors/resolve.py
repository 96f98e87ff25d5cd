"""The factor of every key and species: the best record by a fixed order, in the unit the activity needs.

Order of preference, each step deciding only what the one before left open:

1. a value measured by the user;
2. geography: the region itself → those that contain it → the country → its group → the world → elsewhere;
3. process: the process itself → its ancestors → any;
4. product: the product itself → its parents → none named;
5. technology: the technology itself → none named;
6. status: official → secondary → derived → unverified;
7. tier: 3 → 2 → 1;
8. the newest start of validity;
9. a factor of generation before one of emission, then the record id.

Two records that are equal down to step 8 and give different values are reported as ``ambiguous``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import lru_cache
from typing import NamedTuple

import polars as pl

from tongyuan.reference import units
from tongyuan.reference.energy import fuels
from tongyuan.reference.factors.match import ELSEWHERE, KEY, lineage, match
from tongyuan.reference.shelf import identify, shelf

GROSS = "GCV"
"""Basis of gross heating value, on which no factor acts."""
EMISSION = ("emission_factor", "generation_factor")
STATUS = ("measured", "official", "secondary", "derived", "unverified")
_LABELS = (
    "record_id",
    "kind",
    "control",
    "species",
    "unit",
    "distribution",
    "basis",
    "tier",
    "status",
    "source",
)
_NUMBERS = ("value", "lower", "upper")
_RESULT = {
    "unit": pl.String,
    "species": pl.String,
    "record_id": pl.String,
    "value": pl.Float64,
    "factor_unit": pl.String,
    "lower": pl.Float64,
    "upper": pl.Float64,
    "distribution": pl.String,
    "kind": pl.String,
    "basis": pl.String,
    "tier": pl.String,
    "status": pl.String,
    "source": pl.String,
    "region_matched": pl.String,
    "process_matched": pl.String,
    "product_matched": pl.String,
    "technology_matched": pl.String,
    "controlled": pl.Boolean,
    "multiplier": pl.Float64,
    "heating_value": pl.Float64,
}


class Resolution(NamedTuple):
    """What `resolve` found."""

    factors: pl.DataFrame
    """One row per key and species: the key's columns, the factor in canonical units, its record."""
    issues: pl.DataFrame
    """``check`` (ambiguous, dimension, bad_unit, gross_basis), the key, species, the record ids."""
    among: Callable[[pl.Expr], pl.DataFrame]
    """Return ``factors`` from those records alone of whose columns an expression is true."""


@lru_cache(maxsize=65536)
def heating_value(product: str, fuel_set: str) -> tuple[float, str] | None:
    """Return the net heating value of `product` or its nearest parent, as (TJ per unit, ``t`` or ``m3``).

    None when the fuel set has no value for any of them.

    Raises
    ------
    KeyError
        If there is no such fuel set.
    """
    fuels.products(fuel_set)
    for step in lineage("product", product):
        try:
            return fuels.heating_value(step, fuel_set)
        except KeyError:
            continue
    return None


def gross_words(words: Iterable[str]) -> list[str]:
    """Return which of `words` of column ``basis`` say gross heating value (shelf ``basis``)."""
    return [word for word in words if word and identify("basis", word) == GROSS]


def species_unit(species: str, factor_unit: str) -> str:
    """Return the canonical unit in which amounts of `species` are held: energy in TJ, the rest in t.

    Volumes (water) stay m3: the numerator of the factor decides between mass, energy and volume.
    """
    numerator = factor_unit.split("/")[0]
    return numerator if numerator in ("TJ", "m3") and not _by_mass(species) else "t"


@lru_cache(maxsize=4096)
def _by_mass(species: str) -> bool:
    """Return whether `species` is a substance, not a resource or a product that a device consumes."""
    frame = shelf("species").filter(pl.col("species") == species)
    return frame.height > 0 and frame["medium"][0] != "resource"


@lru_cache(maxsize=65536)
def multiplier(
    factor_unit: str, species: str, activity_unit: str, product: str, fuel_set: str
) -> tuple[float, str, float | None, str]:
    """Return what turns a factor in its printed unit into canonical species unit per canonical activity unit.

    Parameters
    ----------
    factor_unit
        Unit as the record gives it, such as ``g/GJ`` or ``kg/t``.
    species
        What the factor yields.
    activity_unit
        Canonical unit of the activity (``t``, ``TJ``, ``m3``, ``head`` …).
    product
        Fuel whose heating value may carry the factor from energy to mass or volume.
    fuel_set
        Name of the fuel set the heating value is taken from.

    Returns
    -------
    tuple
        multiplier, resulting unit, heating value used [TJ per t or m3] or None, and ``""`` or the name
        of what is wrong (``bad_unit``, ``dimension``).
    """
    try:
        ratio = units.split_ratio(factor_unit)
    except units.UnitError:
        return float("nan"), "", None, "bad_unit"
    numerator, denominator = ratio.numerator_unit, ratio.denominator_unit
    scale = ratio.numerator / ratio.denominator
    if numerator == "fraction" and denominator == "":
        numerator = denominator = activity_unit
    target = species_unit(species, numerator)
    unit = f"{target}/{activity_unit}"
    if numerator != target:
        return float("nan"), unit, None, "dimension"
    if denominator == activity_unit:
        return scale, unit, None, ""
    if denominator.removesuffix("*a") == activity_unit:
        return scale, unit, None, ""
    heat = heating_value(product, fuel_set) if product else None
    if heat is not None and (denominator, activity_unit) == ("TJ", heat[1]):
        return scale * heat[0], unit, heat[0], ""
    if heat is not None and (denominator, activity_unit) == (heat[1], "TJ"):
        return scale / heat[0], unit, heat[0], ""
    return float("nan"), unit, None, "dimension"


def _records(
    factors: pl.DataFrame,
    species: Sequence[str] | None,
    kinds: Sequence[str],
    include_unverified: bool,
) -> pl.DataFrame:
    optional = [
        c for c in (*_LABELS, "process", "product", "technology", "region") if c not in factors.columns
    ]
    frame = factors.with_columns(pl.lit(None, dtype=pl.String).alias(c) for c in optional)
    frame = frame.with_columns(
        pl.lit(None, dtype=pl.Float64).alias(c) for c in ("lower", "upper") if c not in frame.columns
    ).with_columns(
        pl.lit(None, dtype=pl.Int64).alias(c) for c in ("valid_from", "valid_to") if c not in frame.columns
    )
    frame = frame.with_columns(
        pl.col(*_LABELS, "process", "product", "technology", "region").cast(pl.String).fill_null(""),
        pl.col(*_NUMBERS).cast(pl.Float64),
        pl.col("valid_from", "valid_to").cast(pl.Int64),
    ).filter(pl.col("kind").is_in(list(kinds)))
    if not include_unverified:
        frame = frame.filter(pl.col("status") != "unverified")
    if species is not None:
        frame = frame.filter(pl.col("species").is_in(list(species)))
    return frame


def _keys(keys: pl.DataFrame) -> pl.DataFrame:
    missing = [c for c in KEY if c not in keys.columns]
    if missing:
        raise ValueError(f"keys lack the columns {missing}")
    frame = keys.with_columns(
        pl.col("process", "product", "technology").cast(pl.String).fill_null(""),
        pl.col("year").cast(pl.Int64),
    )
    return frame if "unit" in frame.columns else frame.with_columns(pl.lit("").alias("unit"))


def _rank() -> pl.Expr:
    """Return the order of preference as one integer, the best the smallest."""
    status = pl.col("status").replace_strict(
        {name: place for place, name in enumerate(STATUS)}, default=len(STATUS), return_dtype=pl.Int64
    )
    tier = 3 - pl.col("tier").cast(pl.Int64, strict=False).fill_null(0)
    own = (pl.col("status") == "measured") & (pl.col("geography") < ELSEWHERE)
    fields: list[tuple[pl.Expr, int]] = [
        ((~own).cast(pl.Int64), 2),
        (pl.col("geography"), 64),
        (pl.col("process_depth"), 16),
        (pl.col("product_depth"), 32),
        (pl.col("technology_depth"), 2),
        (status, 8),
        (tier, 4),
        (pl.lit(4095) - pl.col("valid_from").fill_null(0).clip(0, 4095), 4096),
    ]
    rank = pl.lit(0, dtype=pl.Int64)
    for expression, size in fields:
        rank = rank * size + expression
    return rank


def _multipliers(frame: pl.DataFrame, fuel_set: str) -> pl.DataFrame:
    """Add multiplier, factor_unit, heating_value and problem to candidates, one look-up per combination."""
    on = ["record_unit", "species", "unit", "product"]
    distinct = frame.select(on).unique()
    found = [
        multiplier(*row, fuel_set) if row[2] else (1.0, row[0], None, "") for row in distinct.iter_rows()
    ]
    table = distinct.with_columns(
        pl.Series("multiplier", [f[0] for f in found], dtype=pl.Float64),
        pl.Series("factor_unit", [f[1] for f in found], dtype=pl.String),
        pl.Series("heating_value", [f[2] for f in found], dtype=pl.Float64),
        pl.Series("problem", [f[3] for f in found], dtype=pl.String),
    )
    return frame.join(table, on=on, how="left")


def resolve(
    keys: pl.DataFrame,
    factors: pl.DataFrame,
    species: Sequence[str] | None = None,
    *,
    kinds: Sequence[str] = EMISSION,
    fuel_set: str = fuels.DEFAULT_SET,
    include_unverified: bool = False,
    parents: Mapping[str, str] | None = None,
    by: Iterable[str] = (),
    guard: bool = True,
) -> Resolution:
    """Return the factor of every key and species.

    Parameters
    ----------
    keys
        Columns ``process, product, technology, region, year`` and, for unit normalisation, ``unit``
        (canonical unit of the activity). Equal keys give one result.
    factors
        Records in the form of table ``factor``.
    species
        Species wanted; all when None.
    kinds
        Kinds of record that may act.
    fuel_set
        Fuel set whose heating values carry factors between energy and mass or volume.
    include_unverified
        Whether records of status ``unverified`` may act.
    parents
        Parents of regions that are not on shelf ``region``.
    by
        Further columns of the records (``control``, say) that keep candidates apart like a species does.
    guard
        See :func:`~tongyuan.reference.factors.match.match`.

    Returns
    -------
    Resolution
        Factors as canonical species unit per canonical activity unit (as printed when keys have no unit).

    Notes
    -----
    A record that belongs to a control device (``control`` filled) acts only when `by` asks for it.
    ``controlled`` marks factors measured after control (basis ``controlled``): devices must not remove
    that species a second time.
    """
    further = list(by)
    distinct = _keys(keys).select(*KEY, "unit").unique(maintain_order=True)
    records = _records(factors, species, kinds, include_unverified)
    if "control" not in further:
        records = records.filter(pl.col("control") == "")
    on_gross = pl.col("basis").is_in(gross_words(records["basis"].unique().to_list()))
    gross, records = records.filter(on_gross), records.filter(~on_gross)
    matched = match(distinct, records, parents=parents, guard=guard)
    labels = records.with_row_index("record").rename(
        {
            "unit": "record_unit",
            "process": "process_matched",
            "product": "product_matched",
            "technology": "technology_matched",
            "region": "region_matched",
        }
    )
    candidates = matched.candidates.drop("valid_from").join(labels, on="record")
    candidates = _multipliers(candidates, fuel_set)
    group = ["class", *further, "species"]
    fit = candidates.filter(pl.col("problem") == "").with_columns(_rank().alias("rank"))
    best = _best(fit, group)

    def factors_of(best: pl.DataFrame) -> pl.DataFrame:
        chosen = best.unique(group, keep="first", maintain_order=True).with_columns(
            *(pl.col(c) * pl.col("multiplier") for c in _NUMBERS),
            (pl.col("basis") == "controlled").alias("controlled"),
        )
        return (
            distinct.with_row_index("key")
            .join(matched.classes, on="key")
            .join(chosen.select("class", *further, *(c for c in _RESULT if c != "unit")), on="class")
            .sort("key", *further, "species")
            .select(*KEY, *further, *_RESULT)
        )

    return Resolution(
        factors_of(best),
        _issues(distinct, matched.classes, candidates, best, fit, gross, group),
        lambda which: factors_of(_best(fit.filter(which), group)),
    )


def _best(fit: pl.DataFrame, group: list[str]) -> pl.DataFrame:
    """Return the candidates of the best rank in each group; several where they tie."""
    best = fit.filter(pl.col("rank") == pl.col("rank").min().over(group)).with_columns(
        (pl.col("kind") != "generation_factor").alias("late")
    )
    return best.filter(pl.col("late") == pl.col("late").min().over(group)).sort([*group, "record_id"])


def _issues(
    keys: pl.DataFrame,
    classes: pl.DataFrame,
    candidates: pl.DataFrame,
    best: pl.DataFrame,
    fit: pl.DataFrame,
    gross: pl.DataFrame,
    group: list[str],
) -> pl.DataFrame:
    """Return ties with different values, species with candidates none of which fits, and unusable bases."""
    tied = (
        best.with_columns((pl.col("value") * pl.col("multiplier")).alias("amount"))
        .group_by(group, maintain_order=True)
        .agg(
            pl.col("record_id").alias("ids"),
            (pl.col("amount").max() - pl.col("amount").min()).alias("spread"),
            pl.col("amount").abs().max().alias("size"),
        )
        .filter(pl.col("spread") > 1e-12 * pl.col("size"))
        .select(
            "class",
            "species",
            pl.lit("ambiguous").alias("check"),
            pl.col("ids").list.join(", ").alias("records"),
        )
    )
    unfit = (
        candidates.filter(pl.col("problem") != "")
        .join(fit.select(group).unique(), on=group, how="anti")
        .sort("class", "species", "record_id")
        .group_by("class", "species", "problem", maintain_order=True)
        .agg(pl.col("record_id").unique(maintain_order=True).head(3).alias("ids"))
        .select(
            "class",
            "species",
            pl.col("problem").alias("check"),
            pl.col("ids").list.join(", ").alias("records"),
        )
    )
    first = (
        keys.with_row_index("key").join(classes, on="key").unique("class", keep="first", maintain_order=True)
    )
    placed = (
        pl.concat([tied, unfit])
        .join(first, on="class", how="left", maintain_order="left")
        .select("check", *KEY, "unit", "species", "records")
    )
    aside = gross.select(
        pl.lit("gross_basis").alias("check"),
        *(pl.lit(None, dtype=placed.schema[c]).alias(c) for c in (*KEY, "unit")),
        "species",
        pl.col("record_id").alias("records"),
    )
    return pl.concat([placed, aside])
