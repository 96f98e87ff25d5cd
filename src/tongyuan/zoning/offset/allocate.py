"""Which projects the reductions at hand admit: most value, no tonne twice, same region, in time."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl
from scipy.optimize import Bounds, LinearConstraint, linprog, milp

from tongyuan.ledger.quiet import quiet

Array = npt.NDArray[np.float64]

DUST = 1e-9
"""Tonnes that count as none, as a share of a need."""


@dataclass(frozen=True)
class Allocation:
    """What is admitted and where its reductions come from.

    Attributes
    ----------
    admitted : DataFrame
        ``project, value, admitted``.
    used : DataFrame
        ``project, source, species, value`` [t]: tonnes of each source behind each admitted project.
    short : DataFrame
        ``project, species, value`` [t]: what each refused project lacks of what is left for it.
    price : DataFrame
        ``region, species, value`` [value per t]: what one more tonne would bring, could projects
        be divided.
    value : float
        Sum over what is admitted.
    relaxed : float
        The most there would be if projects could be divided.
    gap : float [1]
        Proven distance of the value from the best there is, as a share of it.
    """

    admitted: pl.DataFrame
    used: pl.DataFrame
    short: pl.DataFrame
    price: pl.DataFrame
    value: float
    relaxed: float
    gap: float


def allocate(
    project: pl.DataFrame,
    need: pl.DataFrame,
    source: pl.DataFrame,
    *,
    gap: float = 0.0,
    seconds: float | None = None,
) -> Allocation:
    """Return the projects of most value that the reductions at hand admit.

    A project takes any source of its region that is there when it starts, so that what later projects may
    take holds all that earlier ones may. A choice can therefore be served exactly when, for every start and
    species, the projects up to it need no more than is there by then; regions are solved apart.

    Parameters
    ----------
    project : DataFrame
        ``project, region, start`` (date), ``value``; every project is admitted whole or not.
    need : DataFrame
        ``project, species, value`` [t]: what has to be cut elsewhere, the ratio of its region applied.
    source : DataFrame
        ``source, region, species, value`` [t], ``available`` (date): a tonne serves one project, in its own
        region, that starts on the day it is there or later.
    gap : float [1]
        Distance from the best at which the search of a region may end.
    seconds : float [s]
        Time after which the search of a region ends with the best found.

    Raises
    ------
    ValueError
        If a name stands twice, an amount is negative or a need is of no project.
    """
    keys = {"project": (project, ["project"]), "need": (need, ["project", "species"]),
            "source": (source, ["source", "species"])}  # fmt: skip
    for name, (frame, key) in keys.items():
        if frame.select(key).is_duplicated().any():
            raise ValueError(f"a {name} stands twice")
        if (frame["value"] < 0).any():
            raise ValueError(f"a {name} is negative")
    if need.join(project, on="project", how="anti").height:
        raise ValueError("a need is of no project")
    parts = []
    for (region,), own in project.sort("start", maintain_order=True).group_by(
        ["region"], maintain_order=True
    ):
        wanted = need.filter(pl.col("value") > 0).join(own, on="project", how="semi", maintain_order="left")
        here = source.filter(pl.col("region") == region).sort("available", maintain_order=True)
        parts.append(_region(own, wanted, here, gap, seconds))
    admitted = pl.concat([p.admitted for p in parts]) if parts else _empty_admitted()
    bound = sum(p.value / (1 - p.gap) if p.gap < 1 else p.relaxed for p in parts)
    value = sum(p.value for p in parts)
    order = project.select("project", "value").join(admitted, on="project", maintain_order="left")
    return Allocation(
        admitted=order,
        used=pl.concat([p.used for p in parts]) if parts else _tonnes([], "source"),
        short=pl.concat([p.short for p in parts]) if parts else _tonnes([]),
        price=pl.concat([p.price for p in parts]).sort("region", "species") if parts else _prices([]),
        value=float(value),
        relaxed=float(sum(p.relaxed for p in parts)),
        gap=float((bound - value) / bound) if bound else 0.0,
    )


def _empty_admitted() -> pl.DataFrame:
    return pl.DataFrame(schema={"project": pl.String, "admitted": pl.Boolean})


def _tonnes(rows: list[Any], *more: str) -> pl.DataFrame:
    schema = dict.fromkeys(("project", *more, "species"), pl.String) | {"value": pl.Float64}
    return pl.DataFrame(rows, schema=schema, orient="row")


def _prices(rows: list[Any]) -> pl.DataFrame:
    schema = {"region": pl.String, "species": pl.String, "value": pl.Float64}
    return pl.DataFrame(rows, schema=schema, orient="row")


def _region(
    own: pl.DataFrame, wanted: pl.DataFrame, here: pl.DataFrame, gap: float, seconds: float | None
) -> Allocation:
    """Solve one region; `own` is sorted by start, `here` by the day a source is there."""
    starts = own["start"].unique().sort()
    place = {name: k for k, name in enumerate(own["project"])}
    species = wanted["species"].unique().sort().to_list()
    amount = np.zeros((len(species), own.height))
    for name, kind, value in wanted.select("project", "species", "value").iter_rows():
        amount[species.index(kind), place[name]] = value
    begun = own["start"].to_numpy()[None, :] <= starts.to_numpy()[:, None]
    rows, held = [], []
    for k, kind in enumerate(species):
        given = here.filter(pl.col("species") == kind)
        there = given["available"].to_numpy()[None, :] <= starts.to_numpy()[:, None]
        rows.append(np.where(begun, amount[k], 0.0))
        held.append((there * given["value"].to_numpy()[None, :]).sum(axis=1))
    matrix = np.vstack(rows) if rows else np.zeros((1, own.height))
    upper = np.concatenate(held) if held else np.zeros(1)
    # a project that needs more than there is at all can never be admitted: the solver need not ask
    never = (matrix > upper[:, None] * (1 + DUST)).any(axis=0)
    worth = own["value"].to_numpy().astype(np.float64)
    # values of yuan are scaled: the tolerances of the solver are absolute
    scale = float(worth.max()) or 1.0
    options: Any = {"mip_rel_gap": gap} | ({"time_limit": seconds} if seconds else {})
    with quiet():
        solved = milp(
            -worth / scale,
            constraints=LinearConstraint(matrix, -np.inf, upper),
            integrality=np.ones(own.height, dtype=np.int64),
            bounds=Bounds(0, np.where(never, 0.0, 1.0)),
            options=options,
        )
    found = np.zeros(own.height) if solved.x is None else np.asarray(solved.x, dtype=np.float64)
    chosen = found > 0.5
    relaxed: Any = linprog(-worth / scale, A_ub=matrix, b_ub=upper, bounds=(0, 1), method="highs")
    value = float(worth[chosen].sum())
    used, left = _served(own.filter(pl.Series(chosen)), wanted, here)
    dual = -np.asarray(relaxed.ineqlin.marginals) * scale
    # a tonne that is there from the first day counts at every start
    each = len(starts)
    price = [
        (own["region"][0], kind, float(dual[k * each : (k + 1) * each].sum()))
        for k, kind in enumerate(species)
    ]
    bound = -float(solved.mip_dual_bound or -value / scale) * scale
    return Allocation(
        admitted=own.select("project").with_columns(pl.Series("admitted", chosen)),
        used=used,
        short=_short(own.filter(pl.Series(~chosen)), wanted, here, left),
        price=_prices(price),
        value=value,
        relaxed=float(-relaxed.fun) * scale,
        gap=max(0.0, (bound - value) / bound) if bound > 0 else 0.0,
    )


def _served(
    own: pl.DataFrame, wanted: pl.DataFrame, here: pl.DataFrame
) -> tuple[pl.DataFrame, dict[tuple[str, str], float]]:
    """Give the tonnes of the sources to admitted projects, the first to start first; return what is left."""
    left = {(s, kind): float(v) for s, kind, v in here.select("source", "species", "value").iter_rows()}
    lines: list[tuple[str, str, str, float]] = []
    needs = own.select("project", "start").join(wanted, on="project", maintain_order="left")
    for name, start, kind, need in needs.select("project", "start", "species", "value").iter_rows():
        lacks = need
        there = here.filter(pl.col("species") == kind, pl.col("available") <= start)["source"]
        for source in there:
            taken = min(lacks, left[source, kind])
            if taken > DUST * need:
                lines.append((name, source, kind, taken))
                left[source, kind] -= taken
                lacks -= taken
            if lacks <= DUST * need:
                break
    return _tonnes(lines, "source"), left


def _short(
    own: pl.DataFrame, wanted: pl.DataFrame, here: pl.DataFrame, left: dict[tuple[str, str], float]
) -> pl.DataFrame:
    """Return what each refused project lacks when it alone takes what is left for it."""
    lines = []
    needs = own.select("project", "start").join(wanted, on="project", maintain_order="left")
    for name, start, kind, need in needs.select("project", "start", "species", "value").iter_rows():
        there = here.filter(pl.col("species") == kind, pl.col("available") <= start)["source"]
        lacks = need - sum(left[source, kind] for source in there)
        if lacks > DUST * need:
            lines.append((name, kind, lacks))
    return _tonnes(lines)
