"""The rows that hold what a set of measures does, and what gives way to it, in the problem of a coalition."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

import polars as pl

from tongyuan.pathway.ask.sweep import HAIR, INFINITY, measure_hits
from tongyuan.pathway.problem.problem import Array, Problem

EVEN = 1e-6
"""Share of what is replaced by which what comes in may differ from what goes."""


class Level(NamedTuple):
    """A row that holds one player's use of one technology, or of one device on one, in one year.

    `weights` are ``column, weight``; `inside` and `outside` its limits when the player is in the set and when
    not; `asked` the size and `upward` the direction of what is missed where the limits cannot be kept.
    """

    player: str
    year: int
    weights: pl.DataFrame
    inside: tuple[float, float]
    outside: tuple[float, float]
    asked: tuple[float, float]
    upward: bool


class Replaced(NamedTuple):
    """A row that holds what no measure names and the plan uses less: what comes in goes in its place.

    `weights` are ``column, weight``; `base` the level of the baseline and `fall` what it loses in the plan;
    `by` what every player brings in its stead and `whole` all that is brought, in the unit of the flow.
    """

    year: int
    weights: pl.DataFrame
    base: float
    fall: float
    by: Mapping[str, float]
    whole: float

    def most(self, members: frozenset[str]) -> float:
        """Return the greatest use under `members`; without limit where they bring nothing."""
        return self._at(sum(brought for player, brought in self.by.items() if player in members) / self.whole)

    def least(self) -> float:
        """Return the least that :meth:`most` can be: all bring in who bring anything."""
        return self._at(sum(max(brought, 0.0) for brought in self.by.values()) / self.whole)

    def _at(self, share: float) -> float:
        if share <= 0.0:
            return INFINITY
        return self.base - min(share, 1.0) * self.fall + HAIR * max(self.base, 1.0)


def levels(problem: Problem, by: str, baseline: Array, planned: Array) -> tuple[list[Level], set[str]]:
    """Return the rows that hold every player's technologies and devices, and the players used at all.

    Parameters
    ----------
    baseline, planned
        Columns of `problem`, shape (columns,).
    """
    measure = problem.case["measure"].with_columns(pl.col(by).alias("measure"))
    whole, devices = pl.col("control") == "", pl.col("control") != ""
    total = problem.parts["x"].group_by("o", maintain_order=True).agg(all=pl.col("column"))
    found: list[Level] = []
    used: set[str] = set()
    rows = measure_hits(problem, measure.filter(whole)).group_by("measure", "k", "t", maintain_order=True)
    fitted = measure_hits(problem, measure.filter(devices)).with_columns(column=pl.concat_list("column"))
    fitted = fitted.join(total, on="o", maintain_order="left")
    for hits, device in ((rows.agg("column"), False), (fitted, True)):
        for row in hits.to_dicts():
            on = row["column"]
            base, plan = float(baseline[on].sum()), float(planned[on].sum())
            if max(abs(base), abs(plan)) > 0.0:
                used.add(row["measure"])
            year = problem.codes.year[row["t"] - 1]
            hair = HAIR * max(abs(base), abs(plan), 1.0)
            if not device:
                weights = pl.DataFrame({"column": on, "weight": [1.0] * len(on)})
                found.append(
                    Level(row["measure"], year, weights, (plan - hair, plan + hair),
                          (-INFINITY, base + hair), (plan, base), plan >= base)
                )  # fmt: skip
                continue
            at = [
                level / float(x[row["all"]].sum()) if level > 0.0 else 0.0
                for level, x in ((base, baseline), (plan, planned))
            ]
            kept, free = (-INFINITY, hair), (-INFINITY, INFINITY)
            runs = float(planned[row["all"]].sum()) > hair
            for share, inside, outside in (
                (at[0], free if runs else kept, kept),
                *([(at[1], (-hair, hair), free)] if runs else []),
            ):
                weights = pl.DataFrame(
                    {"column": row["all"], "weight": [(c in on) - share for c in row["all"]]}
                )
                found.append(
                    Level(row["measure"], year, weights, inside, outside, (plan, base), at[1] >= at[0])
                )
    return found, used


def replaced(problem: Problem, by: str, baseline: Array, planned: Array) -> list[Replaced]:
    """Return the rows of what gives way, of flows where measures bring what others lose."""
    measure = problem.case["measure"].with_columns(pl.col(by).alias("measure"))
    named: dict[int, set[str]] = {}
    for player, o in measure_hits(problem, measure.filter(pl.col("control") == "")).select(
        "measure", "o"
    ).iter_rows():  # fmt: skip
        named.setdefault(o, set()).add(player)
    columns = dict(
        problem.parts["x"].group_by("o", maintain_order=True).agg(pl.col("column")).iter_rows()
    )  # fmt: skip
    yields = problem.parts["flow"].filter(pl.col("side") == "output", pl.col("coefficient") > 0.0)
    yields = yields.join(
        problem.parts["here"].select("o", column="total"), on="column", maintain_order="left"
    )
    sides: dict[tuple[int, int, int], list[tuple[int, float]]] = {}
    for n, f, t, o, rate in yields.select("n", "f", "t", "o", "coefficient").iter_rows():
        sides.setdefault((n, f, t), []).append((o, rate))
    rows = []
    for (_, _, t), part in sides.items():
        brought: dict[str, float] = {}
        lost: list[tuple[int, float, float]] = []
        change = 0.0
        for o, rate in part:
            base, plan = (float(x[columns[o]].sum()) for x in (baseline, planned))
            change += rate * (plan - base)
            for player in named.get(o, ()):
                brought[player] = brought.get(player, 0.0) + rate * (plan - base)
            if o not in named and plan < base:
                lost.append((o, base, rate * (base - plan)))
        whole = sum(fall for *_, fall in lost)
        others = change - sum(brought.values()) + whole
        if whole <= 0.0 or max(abs(change), abs(others)) > EVEN * whole:
            continue
        year = problem.codes.year[t - 1]
        for o, base, _ in lost:
            fall = base - float(planned[columns[o]].sum())
            weights = pl.DataFrame({"column": columns[o], "weight": [1.0] * len(columns[o])})
            rows.append(Replaced(year, weights, base, fall, brought, whole))
    return rows
