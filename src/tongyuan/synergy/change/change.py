"""Changes of a panel: co-control coordinates, equivalents, decoupling and decomposition by driver."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Literal

import numpy as np
import polars as pl
from numpy.typing import NDArray

from tongyuan.ledger.finding import Finding, finding
from tongyuan.ledger.table import conform
from tongyuan.reference import units
from tongyuan.synergy.change.panel import Panel, cases, codes, column
from tongyuan.synergy.index import check
from tongyuan.synergy.index.check import ROOM, Floats
from tongyuan.synergy.index.indicator import frame_of
from tongyuan.synergy.method import coordinate, decomposition, decoupling, elasticity, equivalent

DRIVER = "driver"
Base = Literal["previous", "first"] | int
Places = NDArray[np.int64]


def base_places(years: Sequence[int], base: Base) -> tuple[Places, Places]:
    """Return the places of the assessed years among `years`, and those of their base years.

    `base` is ``previous``, ``first`` or a year, against which every other year is then assessed.

    Raises
    ------
    FindingError
        If the base year is none of `years`.
    """
    if isinstance(base, int):
        if base not in years:
            raise check.refuse("base_year_absent", base=base, known=", ".join(map(str, years)))
        then = list(years).index(base)
        now = np.array([place for place in range(len(years)) if place != then], dtype=np.int64)
        return now, np.full_like(now, then)
    now = np.arange(1, len(years))
    return now, (now - 1 if base == "previous" else np.zeros_like(now))


def change_tables(
    panel: Panel,
    pollutants: int,
    *,
    base: Base = "previous",
    equivalents: Any = None,
    carbon_price: float | None = None,
    gwp: Mapping[str, float] | None = None,
) -> tuple[dict[str, pl.DataFrame], list[Finding]]:
    """Return what changed against the base year, table by table.

    Parameters
    ----------
    panel : Panel
        Its first `pollutants` species are pollutants, the others carbon. Without carbon there are no
        coordinates; pollutant equivalents are summed where all pollutants are in tonnes.
    base : "previous", "first" or a year
    equivalents, carbon_price, gwp
        See :func:`tongyuan.synergy.change.compare.score_panel`.

    Returns
    -------
    tables : dict
        ``co_control`` (each pollutant and ``APeq`` against CO2e), ``equivalent`` and, with a driver,
        ``decoupling`` and ``lmdi`` (activity and intensity).
    findings : list
    """
    if len(panel.years) < 2:
        raise check.refuse("one_year")
    findings: list[Finding] = []
    split = pollutants
    now, then = base_places(panel.years, base)
    keys = cases(panel, now).with_columns(
        pl.Series("base_year", np.repeat(np.asarray(panel.years)[then], len(panel.regions)))
    )
    e1, e0 = panel.value[now], panel.value[then]
    driven = _driver_frames(panel, keys, e0, e1, then, now) if panel.driver is not None else {}
    if len(panel.species) == split:
        return driven, [*findings, finding(ROOM, "no_carbon")]
    potentials = _potentials(panel.species[split:], gwp or {})
    carbon_units = {panel.unit_of(s) for s in panel.species[split:]}
    carbon_unit = carbon_units.pop() if len(carbon_units) == 1 else ""
    co2e_1, co2e_0 = e1[..., split:] @ potentials, e0[..., split:] @ potentials
    carbon_change = elasticity.relative_change(co2e_0, co2e_1)
    tables: dict[str, pl.DataFrame] = {}
    parts = []
    for j, name in enumerate(panel.species[:split]):
        change = elasticity.relative_change(e0[..., j], e1[..., j])
        x, z = e0[..., j] - e1[..., j], co2e_0 - co2e_1
        named = panel.unit_of(name), carbon_unit
        parts.append(_coordinate_frame(keys, name, x, z, change, carbon_change, *named))
    tonnes = [_tonnes(panel.unit_of(s)) for s in panel.species]
    if None in tonnes or not carbon_unit:
        findings.append(finding(ROOM, "equivalent_unit"))
        return {"co_control": conform("co_control", pl.concat(parts)), **driven}, findings
    scale = np.array(tonnes, dtype=np.float64)
    e1, e0 = e1 * scale, e0 * scale
    co2e_1, co2e_0 = co2e_1 * scale[split], co2e_0 * scale[split]
    weights, prices = _equivalent_weights(panel.species[:split], equivalents, findings)
    ap = equivalent.apeq(e0[..., :split] - e1[..., :split], weights)
    ap0 = equivalent.apeq(e0[..., :split], weights)
    total = elasticity.relative_change(ap0, ap0 - ap)
    combined = "pollutant_equivalent", "t"
    parts.append(_coordinate_frame(keys, "APeq", ap, co2e_0 - co2e_1, total, carbon_change, *combined))
    tables["co_control"] = conform("co_control", pl.concat(parts))
    paid = equivalent.carbon_price() if carbon_price is None else carbon_price
    tables["equivalent"] = conform(
        "equivalent",
        keys.with_columns(
            column(ap).alias("apeq"),
            column(co2e_0 - co2e_1).alias("carbon"),
            column(
                equivalent.iapeq(e0[..., :split] - e1[..., :split], weights, prices, co2e_0 - co2e_1, paid)
            ).alias("iapeq"),
        ),
    )
    return tables | driven, findings


def _tonnes(unit: str) -> float | None:
    """Return how many tonnes a unit is, None for one that is no mass."""
    try:
        return units.factor(unit, "t") if unit else None
    except units.UnitError:
        return None


def quadrant_counts(co_control: pl.DataFrame) -> pl.DataFrame:
    """Return how many regions fall into each quadrant, by year and pollutant; every quadrant has a row.

    Returns
    -------
    DataFrame
        ``year, pollutant, quadrant, count``; the counts of a year and pollutant sum to its regions.
    """
    keys = co_control.select("year", "pollutant").unique().sort("year", "pollutant")
    every = keys.join(pl.DataFrame({"quadrant": coordinate.QUADRANTS}), how="cross")
    held = co_control.group_by("year", "pollutant", "quadrant").agg(pl.len().cast(pl.Int64).alias("count"))
    on = ["year", "pollutant", "quadrant"]
    return every.join(held, on=on, how="left", maintain_order="left").with_columns(
        pl.col("count").fill_null(0)
    )


def _potentials(carbon: Sequence[str], gwp: Mapping[str, float]) -> Floats:
    known = {"CO2": 1.0, "CO2e": 1.0, **gwp}
    absent = [s for s in carbon if s not in known]
    if absent:
        raise check.refuse("gwp_missing", species=", ".join(absent))
    return np.array([known[s] for s in carbon], dtype=np.float64)


def _equivalent_weights(
    pollutants: Sequence[str], table: Any, findings: list[Finding]
) -> tuple[Floats, Floats]:
    frame = equivalent.equivalent_weights(("air", "water")) if table is None else frame_of(table)
    weights = dict(zip(frame["species"], frame["weight"], strict=True))
    prices = dict(zip(frame["species"], frame["price"], strict=True))
    absent = [s for s in pollutants if s not in weights]
    if absent:
        findings.append(finding(ROOM, "equivalent_missing", species=", ".join(absent)))
    return (
        np.array([weights.get(s, 0.0) for s in pollutants], dtype=np.float64),
        np.array([prices.get(s, 0.0) for s in pollutants], dtype=np.float64),
    )


def _coordinate_frame(
    keys: pl.DataFrame,
    name: str,
    x: Floats,
    z: Floats,
    change: Floats,
    carbon_change: Floats,
    unit_x: str,
    unit_z: str,
) -> pl.DataFrame:
    angle = coordinate.slope_angle(
        np.where(np.isfinite(change), -change, 0), np.where(np.isfinite(carbon_change), -carbon_change, 0)
    )
    return keys.with_columns(
        pl.lit(name).alias("pollutant"),
        pl.lit("CO2e").alias("carbon"),
        column(x).alias("pollution_reduction"),
        pl.lit(unit_x).alias("pollution_unit"),
        column(z).alias("carbon_reduction"),
        pl.lit(unit_z).alias("carbon_unit"),
        column(change).alias("pollution_change"),
        column(carbon_change).alias("carbon_change"),
        column(elasticity.cross_elasticity(change, carbon_change)).alias("elasticity"),
        column(angle).alias("angle"),
        codes(coordinate.QUADRANTS, coordinate.quadrant(x, z)).alias("quadrant"),
    )


def _driver_frames(
    panel: Panel, keys: pl.DataFrame, e0: Floats, e1: Floats, then: Places, now: Places
) -> dict[str, pl.DataFrame]:
    driver = panel.driver if panel.driver is not None else np.zeros(e0.shape[:2])
    if np.any(driver <= 0):
        raise check.refuse("driver_zero", count=int((driver <= 0).sum()))
    g0, g1 = driver[then], driver[now]
    states, effects = [], []
    for j, name in enumerate(panel.species):
        e, state = decoupling.tapio(e0[..., j], e1[..., j], g0, g1)
        states.append(
            keys.with_columns(
                pl.lit(name).alias("species"),
                pl.lit(DRIVER).alias("driver"),
                column(elasticity.relative_change(e0[..., j], e1[..., j])).alias("emission_change"),
                column(elasticity.relative_change(g0, g1)).alias("driver_change"),
                column(e).alias("elasticity"),
                codes(decoupling.STATES, state).alias("state"),
            )
        )
        x0, x1 = np.stack([g0, e0[..., j] / g0]), np.stack([g1, e1[..., j] / g1])
        additive = decomposition.lmdi_additive(x0, x1)
        ratio = decomposition.lmdi_multiplicative(additive, e0[..., j], e1[..., j])
        for k, effect in enumerate(("activity", "intensity")):
            effects.append(
                keys.with_columns(
                    pl.lit(name).alias("species"),
                    pl.lit(effect).alias("effect"),
                    column(additive[k]).alias("value"),
                    pl.lit(panel.unit_of(name)).alias("unit"),
                    column(ratio[k]).alias("ratio"),
                )
            )
    return {
        "decoupling": conform("decoupling", pl.concat(states)),
        "lmdi": conform("lmdi", pl.concat(effects)),
    }
