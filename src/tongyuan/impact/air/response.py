"""Response tables: concentrations of receptors from emissions of sources, along a line through a base."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import polars as pl

Array = npt.NDArray[np.float64]
Source = tuple[str, str]
"""Species and node of a source; node ``""`` stands for every node that has no row of its own."""


@dataclass(frozen=True)
class Response:
    """Coefficients of receptors as arrays.

    Attributes
    ----------
    sources : species and node of each source.
    receptors : names.
    coefficient : array, shape (sources, receptors) [unit of the receptor per unit of emission]
        A node without a row for a receptor has that of every node.
    filled : array of bool, shape (sources, receptors)
        Where that is so.
    base : array, shape (sources, receptors) [unit of emission]
        Emission that the level goes with, of each row; nought where none is said.
    rest : array, shape (receptors,) [unit of the receptor]
        What no source of the table makes: nature, others, and what the line leaves.
    lower, upper : array, shape (sources, receptors) [share of the base]
        Range that a coefficient holds for; 0 and infinity where none is said.
    """

    sources: tuple[Source, ...]
    receptors: tuple[str, ...]
    coefficient: Array
    filled: npt.NDArray[np.bool_]
    base: Array
    rest: Array
    lower: Array
    upper: Array


def response_of(response: pl.DataFrame, receptor: pl.DataFrame, year: int | None = None) -> Response:
    """Return tables ``response`` and ``receptor`` as arrays, in the units they are in.

    Rows of `year` go before those without a year; of other years none are taken.
    """
    rows, levels = (
        _of_year(response, ["receptor", "species", "node"], year),
        _of_year(receptor, ["receptor"], year),
    )
    sources = tuple(dict.fromkeys((s, n or "") for s, n in rows.select("species", "node").iter_rows()))
    receptors = tuple(dict.fromkeys(rows["receptor"].to_list()))
    shape = (len(sources), len(receptors))
    made = {name: np.zeros(shape) for name in ("value", "base_emission", "valid_lower")}
    made["valid_upper"] = np.full(shape, np.inf)
    place = {s: i for i, s in enumerate(sources)}
    column = {r: j for j, r in enumerate(receptors)}
    for r in rows.iter_rows(named=True):
        at = place[r["species"], r["node"] or ""], column[r["receptor"]]
        for name, array in made.items():
            if r[name] is not None:
                array[at] = r[name]
    level, own = np.zeros(len(receptors)), np.zeros(shape, dtype=np.bool_)
    for name, value in levels.select("receptor", "value").iter_rows():
        if name in column:
            level[column[name]] = value
    for name, species, node in rows.select("receptor", "species", "node").iter_rows():
        own[place[species, node or ""], column[name]] = True
    coefficient, filled = made["value"], np.zeros(shape, dtype=np.bool_)
    rest = level - (coefficient * made["base_emission"]).sum(axis=0)
    for i, (species, node) in enumerate(sources):
        every = place.get((species, ""))
        if node and every is not None:
            filled[i] = ~own[i] & own[every]
            coefficient[i] = np.where(filled[i], coefficient[every], coefficient[i])
    return Response(
        sources, receptors, coefficient, filled, made["base_emission"], rest,
        made["valid_lower"], made["valid_upper"],
    )  # fmt: skip


def _of_year(frame: pl.DataFrame, keys: list[str], year: int | None) -> pl.DataFrame:
    here = pl.col("year").is_null()
    if year is not None:
        here = here | (pl.col("year") == year)
    rows = frame.filter(here).sort("year", nulls_last=True, maintain_order=True)
    return rows.unique(keys, keep="first", maintain_order=True)


def response_linear(response: Response, emission: npt.ArrayLike) -> Array:
    """Return concentrations ``C = level + Σ coefficient · (E − base)``.

    Parameters
    ----------
    emission : array, shape (..., sources) [unit of emission]

    Returns
    -------
    array, shape (..., receptors) [unit of the receptor]

    Raises
    ------
    ValueError
        If the last axis is not that of the sources, or an emission is no number.
    """
    values = _emission(response, emission)
    return np.asarray(response.rest + values @ response.coefficient)


def contribution_linear(response: Response, emission: npt.ArrayLike) -> Array:
    """Return what every source adds to every receptor; with the rest the sum is the concentration.

    A contribution may be negative (less SO2 makes more nitrate); its sign stays.

    Parameters
    ----------
    emission : array, shape (..., sources) [unit of emission]

    Returns
    -------
    array, shape (..., sources, receptors) [unit of the receptor]
    """
    return np.asarray(_emission(response, emission)[..., None] * response.coefficient)


def potency_linear(response: Response) -> dict[str, dict[Source, float]]:
    """Return what one unit of every source does to every receptor that it acts on."""
    return {
        name: {s: float(v) for s, v in zip(response.sources, response.coefficient[:, j], strict=True) if v}
        for j, name in enumerate(response.receptors)
    }


def outside(response: Response, emission: npt.ArrayLike) -> npt.NDArray[np.bool_]:
    """Tell which coefficients are asked beyond the range they hold for, shape (..., sources, receptors)."""
    alone = _emission(response, emission)
    values = np.repeat(alone[..., None], len(response.receptors), axis=-1)
    for i, (species, node) in enumerate(response.sources):
        if not node:
            mine = [k for k, source in enumerate(response.sources) if source[0] == species and source[1]]
            values[..., i, :] += (alone[..., mine, None] * response.filled[mine]).sum(axis=-2)
    hair = 1e-9 * np.abs(response.base)
    known = np.isfinite(response.upper)
    upper = np.where(known, np.where(known, response.upper, 0.0) * response.base + hair, np.inf)
    acting = (response.coefficient != 0) & ~response.filled
    return np.asarray(acting & ((values < response.lower * response.base - hair) | (values > upper)))


def emission_of(response: Response, emission: Mapping[Source, float]) -> Array:
    """Return emissions by species and node as an array over the sources, shape (sources,).

    What has no source of its own node counts to that of every node; a species that does not act is left out.
    """
    place = {s: i for i, s in enumerate(response.sources)}
    found = np.zeros(len(response.sources))
    for (species, node), value in emission.items():
        at = place.get((species, node), place.get((species, "")))
        if at is not None:
            found[at] += value
    return found


def _emission(response: Response, emission: npt.ArrayLike) -> Array:
    values = np.asarray(emission, dtype=np.float64)
    if values.shape[-1:] != (len(response.sources),):
        raise ValueError(f"emission has shape {values.shape}; it ends in {len(response.sources)} sources")
    if not np.isfinite(values).all():
        raise ValueError("an emission is no number")
    return values
