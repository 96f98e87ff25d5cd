r"""Control devices: what they remove and what they let pass.

Devices of different families stand in series: what passes is :math:`\prod_c (1 - a_c k_c \eta_{c,s})` with
the applied share :math:`a`, the operation rate :math:`k` and the removal efficiency :math:`\eta`. Devices of
one family (two kinds of desulphurisation) are fitted to different parts of the source as far as there are
parts left, and do not see each other's gas there: while their applied shares sum to at most one, they pass
:math:`1 - \sum_c a_c k_c \eta_{c,s}`. What goes beyond one stands behind the others, where most passes
(:func:`shared`), so that more of a device never lets more pass. Gas meets the families in the order in which
table ``control`` lists them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import polars as pl

from tongyuan.ledger.join import join_exact
from tongyuan.ledger.table import LIST
from tongyuan.reference import units
from tongyuan.reference.factors.match import KEY, lineage, match
from tongyuan.reference.factors.resolve import resolve

_KEY_SPECIES = {"key": pl.UInt32, "species": pl.String}
_INSTALLED = {
    "key": pl.UInt32,
    "control": pl.String,
    "place": pl.Int64,
    "applied": pl.Float64,
    "operation": pl.Float64,
    "stage": pl.String,
    "stage_place": pl.Int64,
}
_REMOVED = _KEY_SPECIES | {
    "control": pl.String,
    "removed": pl.Float64,
    "efficiency": pl.Float64,
    "record_id": pl.String,
}
_PASSING: dict[str, type[pl.DataType] | pl.DataType] = {
    **_KEY_SPECIES,
    "penetration": pl.Float64,
    "controls": LIST,
}
_ISSUE = {"check": pl.String, "control": pl.String, "species": pl.String}
_DEPTHS = ("geography", "process_depth", "product_depth", "technology_depth")


class Removal(NamedTuple):
    """What devices do to each key and species."""

    installed: pl.DataFrame
    """key, control, place, applied, operation, stage, stage_place."""
    removal: pl.DataFrame
    """key, species, control, removed (share of what is generated), efficiency, record_id."""
    penetration: pl.DataFrame
    """key, species, penetration, controls (ids, in order)."""
    issues: pl.DataFrame
    """check, control, species, key columns as text."""


def _family(control: str) -> str:
    return lineage("control", control)[-1]


def installed(
    keys: pl.DataFrame, control: pl.DataFrame, parents: Mapping[str, str] | None = None
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Return which devices stand at which key, and rows of `control` that contradict each other.

    Parameters
    ----------
    keys
        ``key`` and the columns of the source key.
    control
        Table ``control``. A row serves its process and everything below it, any product and technology
        where it names none, its region and everything inside; the most special row of a device counts.
    parents
        Parents of regions that are not on shelf ``region``.
    """
    rows = control.with_columns(
        pl.col("year").alias("valid_from"),
        pl.col("year").alias("valid_to"),
        pl.col("operation").fill_null(1.0)
        if "operation" in control.columns
        else pl.lit(1.0).alias("operation"),
    )
    found = match(keys.select(*KEY), rows, parents=parents, elsewhere=False, guard=False)
    details = rows.with_row_index("record").select(
        "record", "control", pl.col("record").cast(pl.Int64).alias("place"), "applied", "operation"
    )
    rank = pl.struct(*_DEPTHS).rank("dense").over("class", "control")
    best = (
        found.candidates.join(details, on="record")
        .with_columns(rank.alias("rank"))
        .filter(pl.col("rank") == 1)
    )
    double = best.filter(pl.len().over("class", "control") > 1)
    issues = double.select("control", "process", "product").unique(maintain_order=True)
    best = best.sort("class", "place").unique(["class", "control"], keep="first", maintain_order=True)
    families = {name: _family(name) for name in best["control"].unique()}
    at_key = (
        keys.select("key")
        .with_columns(found.classes["class"])
        .join(best.select("class", "control", "place", "applied", "operation"), on="class")
        .drop("class")
        .with_columns(pl.col("control").replace_strict(families, return_dtype=pl.String).alias("stage"))
        .with_columns(pl.col("place").min().over("key", "stage").alias("stage_place"))
        .sort("key", "stage_place", "place")
        .select("key", "control", "place", "applied", "operation", "stage", "stage_place")
    )
    return at_key, issues


def of_devices(controls: Sequence[str], factors: pl.DataFrame, kinds: Sequence[str]) -> pl.DataFrame:
    """Return the records that speak of each device, or of its nearest parent where it has none of its own.

    Column ``control`` then names the device itself.
    """
    records = factors.with_columns(pl.col("control").fill_null("")).filter(
        pl.col("kind").is_in(list(kinds)), pl.col("control") != ""
    )
    parts = []
    for control in controls:
        line = lineage("control", control)
        depth = {name: place for place, name in enumerate(line)}
        own = records.filter(pl.col("control").is_in(line)).with_columns(
            pl.col("control").replace_strict(depth, default=None, return_dtype=pl.Int64).alias("depth")
        )
        nearest = pl.col("depth").min().over("kind", "species")
        parts.append(
            own.filter(pl.col("depth") == nearest).drop("depth").with_columns(control=pl.lit(control))
        )
    return pl.concat(parts) if parts else records.clear()


def _fraction(unit: str) -> float:
    return units.factor(unit, "fraction")


def shared(applied: Sequence[float], removing: Sequence[float]) -> list[float]:
    """Return which share of the gas each device of one family removes.

    Each device in turn takes gas that none has treated; where none is left, that of which most passes.

    Parameters
    ----------
    applied
        Applied share of each device, 0 to 1.
    removing
        What each removes of the gas it gets: operation rate times efficiency.

    Examples
    --------
    >>> shared([0.6, 0.4], [0.9, 0.5])  # side by side
    [0.54, 0.2]
    >>> shared([1.0, 1.0], [0.5, 0.5])  # one behind the other
    [0.5, 0.25]
    """
    bare, treated, shares = 1.0, list[tuple[float, float]](), list[float]()
    for a, r in zip(applied, removing, strict=True):
        part = min(bare, a)
        bare, left, taken, after = bare - part, a - part, part * r, [(part, 1 - r)]
        for size, passing in sorted(treated, key=lambda gas: -gas[1]):
            part = min(size, left)
            left -= part
            taken += part * passing * r
            after += [(part, passing * (1 - r)), (size - part, passing)]
        treated = [gas for gas in after if gas[0] > 0]
        shares.append(taken)
    return shares


def _beyond_the_whole(effect: pl.DataFrame) -> pl.DataFrame:
    """Return `effect` with the shares of families whose devices are fitted to more than the whole source."""
    family = ["key", "species", "stage"]
    over = effect.filter(pl.col("applied").sum().over(family) > 1 + 1e-9)
    if over.is_empty():
        return effect
    running = pl.col("operation") * pl.col("efficiency")
    groups = (
        over.sort("place").group_by(family, maintain_order=True).agg("place", "applied", removing=running)
    )
    cases = groups.select("applied", "removing").unique(maintain_order=True)
    made = [shared(a, r) for a, r in cases.iter_rows()]
    cases = cases.with_columns(pl.Series("taken", made, dtype=pl.List(pl.Float64)))
    found = join_exact(groups, cases, ["applied", "removing"]).explode("place", "taken")
    placed = join_exact(effect, found.select(*family, "place", "taken"), [*family, "place"], may_lack=True)
    return placed.with_columns(pl.coalesce("taken", "share").alias("share")).drop("taken")


def removal(
    keys: pl.DataFrame,
    control: pl.DataFrame,
    factors: pl.DataFrame,
    *,
    controlled: pl.DataFrame | None = None,
    include_unverified: bool = False,
    parents: Mapping[str, str] | None = None,
) -> Removal:
    """Return what passes and what each device removes, per key and species, as shares of generation.

    Parameters
    ----------
    keys
        ``key`` and the columns of the source key.
    control
        Table ``control``.
    factors
        Records; those of kind ``removal_efficiency`` are used.
    controlled
        ``key, species`` whose factor was measured after control: it is said that nothing is removed a
        second time, and what the devices removed is told back from what they let pass.
    """
    if control.is_empty():
        return Removal(*(pl.DataFrame(schema=schema) for schema in (_INSTALLED, _REMOVED, _PASSING, _ISSUE)))
    at_key, double = installed(keys, control, parents)
    records = of_devices(sorted(at_key["control"].unique()), factors, ("removal_efficiency",))
    resolved = resolve(
        keys.select(*KEY),
        records,
        kinds=("removal_efficiency",),
        include_unverified=include_unverified,
        parents=parents,
        by=["control"],
        guard=False,
    )
    units_found = resolved.factors.select("factor_unit").unique()
    scale = units_found.with_columns(
        pl.Series("scale", [_fraction(unit) for unit in units_found["factor_unit"]], dtype=pl.Float64)
    )
    efficiency = resolved.factors.join(scale, on="factor_unit", maintain_order="left").select(
        *KEY,
        "control",
        "species",
        (pl.col("value") * pl.col("scale")).alias("efficiency"),
        "record_id",
    )
    effect = (
        at_key.join(keys.select("key", *KEY), on="key")
        .join(efficiency, on=[*KEY, "control"])
        .select(
            "key",
            "species",
            "control",
            "stage",
            "stage_place",
            "place",
            "efficiency",
            "record_id",
            "applied",
            "operation",
        )
        .with_columns((pl.col("applied") * pl.col("operation") * pl.col("efficiency")).alias("share"))
    )
    effect = _beyond_the_whole(effect)
    stages = (
        effect.group_by("key", "species", "stage", "stage_place")
        .agg(pl.col("share").sum().alias("stage_share"))
        .sort("key", "species", "stage_place")
        .with_columns((1 - pl.col("stage_share")).cum_prod().over("key", "species").alias("after"))
        .with_columns(pl.col("after").shift(1, fill_value=1.0).over("key", "species").alias("before"))
    )
    each = (
        effect.join(stages, on=["key", "species", "stage", "stage_place"])
        .with_columns((pl.col("before") * pl.col("share")).alias("removed"))
        .sort("key", "species", "stage_place", "place")
        .select("key", "species", "control", "removed", "efficiency", "record_id")
    )
    passing = stages.group_by("key", "species").agg(
        pl.col("after").sort_by("stage_place").last().alias("penetration")
    )
    names = each.group_by("key", "species", maintain_order=True).agg(pl.col("control").alias("controls"))
    idle = (
        at_key.select("control").unique().join(records.select("control").unique(), on="control", how="anti")
    )
    issues = pl.concat(
        [
            double.select(
                pl.lit("control_double").alias("check"), "control", pl.col("process").alias("species")
            ),
            idle.sort("control").select(
                pl.lit("control_without_efficiency").alias("check"), "control", pl.lit("").alias("species")
            ),
        ]
    )
    passed = passing.join(names, on=["key", "species"]).sort("key", "species")
    found = Removal(at_key, each, passed, issues)
    return found if controlled is None else counted_twice(found, controlled)


def counted_twice(removal: Removal, controlled: pl.DataFrame) -> Removal:
    """Return `removal` with an issue for devices at factors that were measured after control.

    `controlled` are ``key, species`` of these factors.
    """
    twice = (
        removal.installed.join(removal.removal, on=["key", "control"], maintain_order="left_right")
        .join(controlled.select("key", "species"), on=["key", "species"], how="semi")
        .select(pl.lit("control_in_factor").alias("check"), "control", "species")
        .unique(maintain_order=True)
    )
    first = pl.col("check") == "control_double"
    parts = [removal.issues.filter(first), twice, removal.issues.filter(~first)]
    return removal._replace(issues=pl.concat(parts))


def of_own(removal: Removal, own: pl.Series) -> pl.DataFrame:
    """Return ``key, species, own``: where an efficiency among the ids `own` acts, and the first of them."""
    running = removal.installed.filter(pl.col("applied") * pl.col("operation") > 0)
    return (
        removal.removal.filter(pl.col("record_id").is_in(own.implode()))
        .join(running, on=["key", "control"], how="semi")
        .group_by("key", "species")
        .agg(pl.col("record_id").min().alias("own"))
    )
