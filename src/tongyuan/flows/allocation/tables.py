"""What is told of an allocation: cells, a balance that loses nothing, model species, months and hours."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import polars as pl
import scipy.sparse as sp

from tongyuan.allocation.field import Field, ModelSpecies
from tongyuan.allocation.proxy.geometry import faults, outlines, read_wkt
from tongyuan.allocation.weight.source import geometry_shares
from tongyuan.flows.allocation.allocate import Allocation, allocate
from tongyuan.flows.allocation.given import ROOM, given, named
from tongyuan.flows.source import Brought
from tongyuan.ledger.finding import Finding, finding, require
from tongyuan.ledger.table import conform, empty
from tongyuan.reference import species as species_of
from tongyuan.reference.shelf import shelf

Array = npt.NDArray[np.float64]
Tables = dict[str, pl.DataFrame]
ORGANIC = "NMVOC"
"""What the shelf of mechanisms tells the species of."""

GRAMS = 1e6
"""Grams of a tonne."""


class Split(NamedTuple):
    """Amounts of model species by group, and what was found."""

    frame: pl.DataFrame
    findings: tuple[Finding, ...]


def allocation_tables(inputs: Brought, emission: pl.DataFrame) -> tuple[Tables, tuple[Finding, ...]]:
    """Return tables ``cell_emission, allocation_balance, model_emission, emission_time, boundary_cell``.

    Raises
    ------
    FindingError
        As :func:`~tongyuan.flows.allocation.allocate.allocate`.
    """
    made = allocate(inputs, emission)
    split = model_amounts(inputs, made)
    tables = {
        "cell_emission": cells(made),
        "allocation_balance": balance(made),
        "model_emission": model_totals(made, split.frame),
        "emission_time": in_time(made),
        "boundary_cell": boundary(inputs, made),
    }
    full = {name: conform(name, frame) for name, frame in tables.items() if frame.height}
    return full, (*made.findings, *split.findings)


def boundary(inputs: Brought, made: Allocation) -> pl.DataFrame:
    """Return the cells that the boundary of the workspace crosses, with its number of approval.

    Raises
    ------
    FindingError
        If a part cannot be read or is neither line nor polygon.
    """
    frame = given(inputs, "map_boundary")
    if frame.is_empty():
        return empty("boundary_cell")
    texts, parts = frame["geometry"].to_list(), frame["part"].to_list()
    read = read_wkt(texts)
    require(finding(ROOM, check, shown=texts[at][:40], reason=why) for at, check, why in faults(read))
    lines = outlines(read)
    require(finding(ROOM, "boundary_kind", part=parts[at]) for at, one in enumerate(lines) if one is None)
    place = geometry_shares(lines, made.grid).tocoo()
    return pl.DataFrame(
        {
            "grid": pl.repeat(made.grid.name, place.nnz, eager=True),
            "part": frame["part"].gather(place.row),
            "column": place.col % made.grid.columns + 1,
            "row": place.col // made.grid.columns + 1,
            "approval": frame["approval"].gather(place.row),
        }
    )


def inside_shares(made: Allocation) -> Array:
    """Return the share of each place that lies in the grid, shape (places,)."""
    return np.minimum(np.asarray(made.weights.sum(axis=1)).ravel(), 1.0)


def balance(made: Allocation) -> pl.DataFrame:
    """Return what of every group lies in the grid, outside, and nowhere [t]."""
    share = inside_shares(made)
    place = made.group["place"].fill_null(-1).to_numpy()
    inside = np.where(place >= 0, np.append(share, 0.0)[place], 0.0) * made.group["value"].to_numpy()
    placed = pl.col("place").is_not_null()
    beyond = placed & (pl.col("outside").abs() > 1e-9 * pl.col("value").abs())
    frame = made.group.with_columns(pl.Series("inside", inside)).with_columns(
        outside=pl.when(placed).then(pl.col("value") - pl.col("inside")).otherwise(0.0),
        left=pl.when(placed).then(0.0).otherwise(pl.col("value")),
        year=pl.lit(made.year),
        unit=pl.lit("t"),
    )
    reason = pl.when(beyond).then(pl.lit("outside")).otherwise(pl.col("reason"))
    return frame.select(
        "year", "region", "process", "species", "proxy", "value", "inside", "outside", "left",
        reason.alias("reason"), "unit",
    )  # fmt: skip


def _maps(
    made: Allocation, key: npt.NDArray[np.int64], keys: int, value: Array, place: Array
) -> sp.csr_array:
    """Return yearly amounts of each key in the cells, shape (keys, cells)."""
    put: Any = sp.csr_array((value, (key, place)), shape=(keys, made.weights.shape[0]))
    maps: sp.csr_array = put @ made.weights
    return maps


def cells(made: Allocation) -> pl.DataFrame:
    """Return the emission of every cell and species that has one [t]."""
    placed = made.group.filter(pl.col("place").is_not_null())
    names = placed["species"].unique(maintain_order=True).to_list()
    key = placed["species"].replace_strict({n: i for i, n in enumerate(names)}, return_dtype=pl.Int64)
    value, place = placed["value"].to_numpy(), placed["place"].to_numpy()
    maps = _maps(made, key.to_numpy(), len(names), value, place).tocoo()
    longitude, latitude = made.grid.centres()
    return pl.DataFrame(
        {
            "grid": pl.repeat(made.grid.name, maps.nnz, eager=True),
            "column": maps.col % made.grid.columns + 1,
            "row": maps.col // made.grid.columns + 1,
            "longitude": longitude.ravel()[maps.col],
            "latitude": latitude.ravel()[maps.col],
            "year": pl.repeat(made.year, maps.nnz, eager=True, dtype=pl.Int64),
            "species": pl.Series(names, dtype=pl.String).gather(maps.row),
            "value": maps.data,
            "unit": pl.repeat("t", maps.nnz, eager=True),
        }
    ).sort("species", "row", "column")


def in_time(made: Allocation) -> pl.DataFrame:
    """Return what is emitted in the grid by month and by hour of the day, local time [t]."""
    share = inside_shares(made)
    placed = made.group.filter(pl.col("place").is_not_null())
    mass = placed["value"].to_numpy() * share[placed["place"].to_numpy()]
    frame = placed.select("species", "time").with_columns(pl.Series("mass", mass))
    summed = frame.group_by("species", "time", maintain_order=True).agg(pl.col("mass").sum())
    parts = []
    for kind, label, count, first in (
        ("month", made.clock.month, 12, 1),
        ("hour", made.clock.hour, 24, 0),
    ):
        by = np.stack([np.bincount(label - first, weights=row, minlength=count) for row in made.shares])
        many = pl.DataFrame({"time": np.repeat(np.arange(len(by)), count), "index": np.tile(
            np.arange(first, first + count), len(by)), "part": by.ravel()})  # fmt: skip
        joined = summed.join(many, on="time", how="inner", maintain_order="left_right")
        told = joined.group_by("species", "index", maintain_order=True).agg(
            (pl.col("mass") * pl.col("part")).sum().alias("value")
        )
        parts.append(told.with_columns(kind=pl.lit(kind)))
    stamp = {"year": pl.lit(made.year), "unit": pl.lit("t")}
    return (
        pl.concat(parts)
        .with_columns(**stamp)
        .sort("species", "kind", "index", descending=[False, True, False])
    )


def model_amounts(inputs: Brought, made: Allocation) -> Split:
    """Return ``place, time, height, species, split, model_species, value [t], mole [mol]``.

    Of what is allocated; a row for each group and model species.

    Raises
    ------
    FindingError
        If some sources of a model species have moles and others none.
    """
    placed = made.group.filter(pl.col("place").is_not_null())
    split = made.split.rename({"profile": "split"})
    whole = placed.join(split, on=["split", "species"], how="anti", maintain_order="left")
    whole = whole.with_columns(
        model_species=pl.col("species"), share=pl.lit(1.0), mole=pl.lit(None, pl.Float64),
        own=pl.lit(True), split=pl.lit(None, pl.String),
    )  # fmt: skip
    parts = placed.join(split, on=["split", "species"], how="inner", maintain_order="left_right")
    frame = pl.concat([whole, parts.with_columns(own=pl.lit(False)).select(whole.columns)])
    mechanism = inputs.settings.allocation.mechanism
    masses = _molar_masses(frame, mechanism)
    mass = pl.struct("own", "model_species").map_elements(
        lambda s: masses.get((s["own"], s["model_species"])), return_dtype=pl.Float64
    )
    frame = frame.with_columns(mole=pl.coalesce("mole", pl.col("share") / mass))
    amount = pl.col("value") * GRAMS
    frame = frame.with_columns(value=pl.col("value") * pl.col("share"), mole=amount * pl.col("mole"))
    named_ones = frame.filter(pl.col("model_species") != "")
    mixed = named_ones.group_by("model_species", maintain_order=True).agg(
        pl.col("mole").is_null().any().alias("some"), pl.col("mole").is_not_null().any().alias("any")
    )
    bad = mixed.filter("some", "any")["model_species"]
    require(finding(ROOM, "mole_mixed", name=name) for name in bad)
    told: list[Finding] = []
    if mechanism:
        there = set(shelf("mechanism_species").filter(pl.col("mechanism") == mechanism)["species"])
        gases = named_ones.filter(~pl.col("own"), species=ORGANIC)["model_species"]
        lack = [name for name in gases.unique(maintain_order=True) if name not in there]
        if lack:
            told.append(finding(ROOM, "mechanism_lacks", mechanism=mechanism, names=named(lack)))
    return Split(frame, tuple(told))


def _molar_masses(frame: pl.DataFrame, mechanism: str) -> dict[tuple[bool, str], float]:
    """Return molar masses: of species that are not split, and of those of the mechanism."""
    masses: dict[tuple[bool, str], float] = {}
    for name in frame.filter("own")["species"].unique():
        mass = species_of.get(name).molar_mass
        if mass is not None:
            masses[True, name] = mass
    rows = shelf("mechanism_species").filter(pl.col("mechanism") == mechanism)
    for name, text in rows.select("species", "molar_mass").iter_rows():
        masses[False, name] = float(text)
    return masses


def model_totals(made: Allocation, frame: pl.DataFrame) -> pl.DataFrame:
    """Return what each model species is given in the grid [t], [mol]."""
    share = inside_shares(made)[frame["place"].to_numpy()]
    part = frame.with_columns(pl.col("value") * pl.Series(share), pl.col("mole") * pl.Series(share))
    mole = pl.when(pl.col("mole").is_not_null().any()).then(pl.col("mole").sum()).otherwise(None)
    summed = part.group_by("species", "split", "model_species", maintain_order=True).agg(
        pl.col("value").sum(), mole.alias("mole")
    )
    stamped = summed.rename({"split": "profile"}).with_columns(year=pl.lit(made.year), unit=pl.lit("t"))
    return stamped.sort("species", "profile", "model_species", nulls_last=True)


def field_of(made: Allocation, frame: pl.DataFrame, *, moles: bool) -> Field:
    """Return the hourly field of the model species.

    Parameters
    ----------
    made
        An allocation.
    frame
        What :func:`model_amounts` returns.
    moles
        Whether gases are counted in moles, not grams.
    """
    frame = frame.filter(pl.col("model_species") != "")
    names = sorted(frame["model_species"].unique().to_list())
    counted = {
        name: moles and part["mole"].is_not_null().all()
        for (name,), part in frame.group_by(["model_species"], maintain_order=True)
    }
    unit = pl.col("model_species").replace_strict(counted, return_dtype=pl.Boolean)
    frame = frame.with_columns(amount=pl.when(unit).then("mole").otherwise(pl.col("value") * GRAMS))
    times, layers, cells_ = made.shares.shape[0], made.heights.shape[1], made.grid.size
    index = {name: i for i, name in enumerate(names)}
    at = frame["model_species"].replace_strict(index, return_dtype=pl.Int64).to_numpy()
    time, place = frame["time"].to_numpy(), frame["place"].to_numpy()
    lifted = made.heights[frame["height"].to_numpy()]
    amount = frame["amount"].to_numpy()
    base = np.zeros((times * layers * len(names), cells_), dtype=np.float32)
    for layer in range(layers):
        key = (time * layers + layer) * len(names) + at
        maps = _maps(made, key, base.shape[0], amount * lifted[:, layer], place).tocoo()
        base[maps.row, maps.col] += maps.data
    inside = amount * inside_shares(made)[place]
    sums = np.bincount(at, weights=amount, minlength=len(names))
    within = np.bincount(at, weights=inside, minlength=len(names))
    species = tuple(
        ModelSpecies(
            n, "mol" if counted[n] else "g", float(sums[i]), float(within[i]), float(sums[i] - within[i])
        )
        for i, n in enumerate(names)
    )
    shaped = base.reshape(times, layers, len(names), cells_)
    return Field(made.grid, made.clock, species, shaped, made.shares, tuple(made.layers.tolist()))
