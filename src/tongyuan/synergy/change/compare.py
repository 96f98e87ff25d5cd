"""Every method on a panel in one call: scores, ranks with their uncertainty, coupling, changes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import polars as pl

from tongyuan.ledger.finding import Finding, finding
from tongyuan.ledger.table import conform
from tongyuan.synergy.change.change import base_places, change_tables
from tongyuan.synergy.change.panel import Panel, cases, codes, column, panel_of
from tongyuan.synergy.index import check
from tongyuan.synergy.index.check import ROOM, Floats
from tongyuan.synergy.index.stability import rank_bands, ranks
from tongyuan.synergy.method import composite, coupling, normalise, topsis, weight
from tongyuan.synergy.method.registry import method, notices

SYSTEMS = ("pollution", "carbon")


@dataclass(frozen=True)
class PanelResult:
    """Tables by name (schemas of the ledger) and findings of one panel."""

    tables: dict[str, pl.DataFrame]
    findings: tuple[Finding, ...]


def score_panel(
    table: Any,
    *,
    pollutants: Sequence[str],
    carbon: Sequence[str] = ("CO2",),
    driver: str | None = None,
    base: Literal["previous", "first"] = "previous",
    rank_by: str = "topsis_improved",
    draws: int = 1000,
    seed: int = 0,
    deviation: float | Mapping[str, float] | None = None,
    concentration: float | None = None,
    equivalents: Any = None,
    carbon_price: float | None = None,
    gwp: Mapping[str, float] | None = None,
    drop: bool = False,
    unit: str = "",
) -> PanelResult:
    """Score a panel with every method and rank its regions with their uncertainty, in one call.

    Parameters
    ----------
    table
        Panel or any table :func:`panel_of` reads.
    pollutants, carbon : sequence of str
        Species of the two systems.
    driver : str
        Driver of the region; ranks are then of emission per driver, otherwise of emissions (which rank size).
    base : "previous" or "first"
        Year against which changes are counted.
    rank_by : "topsis_improved" or "weighted_sum"
        Aggregation of the rank bands.
    draws, seed, concentration
        Draws of weights, see :func:`tongyuan.synergy.index.stability.rank_bands`.
    deviation : float or mapping of species to float [fraction]
        Relative standard deviation of the emissions; data are then drawn too.
    equivalents, carbon_price
        Weight table (by default :func:`tongyuan.synergy.method.equivalent.equivalent_weights`) and price
        [yuan/t].
    gwp : mapping of species to float
        Warming potentials of the `carbon` species; 1 for CO2, required for any other.
    drop : bool
    unit : str
        See :func:`panel_of`; without a unit of mass there are no pollutant equivalents.

    Returns
    -------
    PanelResult
        Tables ``score, weight, rank_band, coupling, synergy_degree, co_control, equivalent`` and, with a
        driver, ``decoupling, lmdi``.
    """
    wanted = [*pollutants, *carbon]
    panel = (
        table
        if isinstance(table, Panel)
        else panel_of(table, species=wanted, driver=driver, drop=drop, unit=unit)
    )
    if tuple(wanted) != panel.species:
        raise check.refuse(
            "panel_species",
            absent=", ".join(set(wanted) ^ set(panel.species)),
            known=", ".join(panel.species),
        )
    if len(panel.regions) < 2:
        raise check.refuse("too_few_regions", given=len(panel.regions), needed=2)
    split = len(pollutants)
    findings: list[Finding] = list(
        notices(
            (
                method("normalisation", "min_max"),
                method("weight", "entropy"),
                method("weight", "critic"),
                method("aggregation", "topsis_improved"),
                method("coupling", "k_power"),
                method("coupling", "modified"),
                method("composite", "synergy_degree"),
                method("equivalent", "apeq"),
            )
        )
    )
    if panel.driver is None:
        findings.append(finding(ROOM, "panel_size", count=len(panel.regions)))
        y = panel.value
    else:
        if np.any(panel.driver <= 0):
            raise check.refuse("driver_zero", count=int((panel.driver <= 0).sum()))
        y = panel.value / panel.driver[..., None]
    direction = np.full(len(panel.species), -1.0)
    v = normalise.min_max(y, direction)
    schemes = {
        "equal": np.broadcast_to(weight.equal(v.shape[-1]), (v.shape[0], v.shape[-1])),
        "entropy": weight.entropy(v),
        "critic": weight.critic(v),
    }
    spread = _deviation(panel.species, deviation)
    tables = {
        "weight": _weights_frame(panel, schemes),
        "score": _scores_frame(panel, y, v, schemes, direction),
        "rank_band": _band_frame(
            panel, y, schemes["entropy"], direction, rank_by, draws, seed, spread, concentration
        ),
    }
    # one scale for all years, so that levels of different years can be compared
    pooled = normalise.min_max(y.reshape(-1, y.shape[-1]), direction).reshape(y.shape)
    levels = np.stack([pooled[..., :split].mean(axis=-1), pooled[..., split:].mean(axis=-1)], axis=-1)
    tables["coupling"] = _coupling_frame(panel, levels)
    if len(panel.years) > 1:
        tables["synergy_degree"] = _synergy_frame(panel, levels, base)
        changes, more = change_tables(
            panel, split, base=base, equivalents=equivalents, carbon_price=carbon_price, gwp=gwp
        )
        tables |= changes
        findings += more
    return PanelResult(tables, tuple(findings))


def _deviation(species: Sequence[str], deviation: float | Mapping[str, float] | None) -> Floats | None:
    if deviation is None:
        return None
    if isinstance(deviation, Mapping):
        unknown = sorted(set(deviation) - set(species))
        if unknown:
            raise check.refuse("panel_species", absent=", ".join(unknown), known=", ".join(species))
        return np.array([deviation.get(s, 0.0) for s in species])
    return np.full(len(species), float(deviation))


def _weights_frame(panel: Panel, schemes: Mapping[str, Floats]) -> pl.DataFrame:
    years = np.repeat(np.asarray(panel.years), len(panel.species))
    parts = [
        pl.DataFrame(
            {"year": years, "indicator": list(panel.species) * len(panel.years), "weight": w.reshape(-1)}
        ).with_columns(pl.lit("panel").alias("index"), pl.lit(name).alias("method"))
        for name, w in schemes.items()
    ]
    return conform("weight", pl.concat(parts))


def _scores_frame(
    panel: Panel, y: Floats, v: Floats, schemes: Mapping[str, Floats], direction: Floats
) -> pl.DataFrame:
    keys = cases(panel)
    parts = []
    for name, w in schemes.items():
        for aggregate, score in (
            ("weighted_sum", topsis.weighted_sum(v, w)),
            ("topsis_improved", topsis.topsis_improved(v, w)),
            ("topsis_classical", topsis.topsis_classical(y, w, direction)),
        ):
            parts.append(
                keys.with_columns(
                    pl.lit("panel").alias("index"),
                    pl.lit("index").alias("level"),
                    pl.lit(f"{name}.{aggregate}").alias("node"),
                    column(score).alias("score"),
                    pl.Series("rank", ranks(score).reshape(-1)),
                    pl.lit(1.0).alias("coverage"),
                    pl.lit("vector" if aggregate == "topsis_classical" else "min_max").alias("normalise"),
                    pl.lit(name).alias("weight"),
                    pl.lit(aggregate).alias("aggregate"),
                )
            )
    return conform("score", pl.concat(parts))


def _band_frame(
    panel: Panel,
    y: Floats,
    w: Floats,
    direction: Floats,
    rank_by: str,
    draws: int,
    seed: int,
    spread: Floats | None,
    concentration: float | None,
) -> pl.DataFrame:
    bands = rank_bands(
        y,
        w,
        direction,
        draws=draws,
        seed=seed,
        aggregate=rank_by,
        deviation=spread,
        concentration=concentration,
    )
    return conform(
        "rank_band",
        cases(panel).with_columns(
            pl.lit("panel").alias("index"),
            pl.lit(f"entropy.{rank_by}").alias("method"),
            pl.Series("rank", bands.rank.reshape(-1)),
            pl.Series("lower", bands.lower.reshape(-1)),
            pl.Series("median", bands.median.reshape(-1)),
            pl.Series("upper", bands.upper.reshape(-1)),
            pl.Series("top", bands.top.reshape(-1)),
            pl.lit(draws).alias("draws"),
            pl.lit(seed).alias("seed"),
        ),
    )


def _coupling_frame(panel: Panel, levels: Floats) -> pl.DataFrame:
    t = coupling.development(levels)
    lag = codes(["", *SYSTEMS], coupling.lagging(levels) + 1)
    keys = cases(panel)
    parts = []
    for form in ("traditional", "k_power", "modified"):
        c = method("coupling", form).function(levels)
        d = coupling.coordination(c, t)
        parts.append(
            keys.with_columns(
                pl.lit("panel").alias("index"),
                pl.lit(form).alias("form"),
                column(c).alias("coupling"),
                column(t).alias("comprehensive"),
                column(d).alias("coordination"),
                codes([f"c{k + 1}" for k in range(4)], coupling.classify("coupling", c)).alias(
                    "coupling_class"
                ),
                codes([f"d{k + 1}" for k in range(10)], coupling.classify("coordination", d)).alias(
                    "coordination_class"
                ),
                lag.alias("lagging"),
            )
        )
    return conform("coupling", pl.concat(parts))


def _synergy_frame(panel: Panel, levels: Floats, base: Literal["previous", "first"]) -> pl.DataFrame:
    now, then = base_places(panel.years, base)
    degree = composite.synergy_degree(levels[then], levels[now])
    keys = cases(panel, now).with_columns(
        pl.Series("base_year", np.repeat(np.asarray(panel.years)[then], len(panel.regions)))
    )
    return conform("synergy_degree", keys.with_columns(column(degree).alias("degree")))
