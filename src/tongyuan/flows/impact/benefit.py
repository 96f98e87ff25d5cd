"""What a plan does for air, health and climate, against going on as today."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl

from tongyuan.flows.source import Inputs
from tongyuan.impact.air.crop import crop_ozone
from tongyuan.impact.air.screening import SPECIES, screen_tm5fasst
from tongyuan.impact.climate.aerosol import particles, temperature_particles
from tongyuan.impact.climate.pulse import temperature_change
from tongyuan.impact.health.crop import yield_loss_aot40, yield_loss_season
from tongyuan.impact.health.tables import burden_table
from tongyuan.ledger.finding import Bilingual, Finding, finding
from tongyuan.ledger.table import from_rows
from tongyuan.reference.units import factor

Tables = dict[str, pl.DataFrame]

CONTINUED, BASE = "continued", "base"
GASES = {"CO2": ("CO2",), "CH4": ("CH4", "CH4_fossil", "CH4_biogenic"), "N2O": ("N2O",)}
"""Gas whose pulse is followed → species of the ledger that are that gas."""

METRICS = ("PM2.5", "M6M")


def benefit_of(inputs: Inputs) -> tuple[Tables, tuple[Finding, ...]]:
    """Return tables ``plan_air`` and ``temperature``, and findings.

    Air is a screening by TM5-FASST: all of China is taken to change as the region does, and the ratio is set
    against the newest observed PM2.5 up to the base year. Temperature counts CO2, CH4 and N2O as pulses of
    each year, with emissions on a line between the years of the plan; particles with their direct effect and
    its interval, so that what cleaner air unmasks is seen.
    """
    emission = inputs.made["plan_emission"]
    sums = emission.group_by("scenario", "year", "species").agg(pl.col("value").sum())
    scenarios = [s for s in sums["scenario"].unique().sort() if s not in (CONTINUED, BASE)]
    if not scenarios or CONTINUED not in sums["scenario"].to_list():
        return {}, ()
    of = {(s, y, n): v for s, y, n, v in sums.iter_rows()}
    years = sorted(sums.filter(pl.col("scenario") == CONTINUED)["year"].unique())
    base = sums.filter(pl.col("scenario") == BASE)["year"].max()
    observed = _observed(inputs, int(base) if isinstance(base, int) else years[0])
    air = [line for s in scenarios for y in years for line in _air(s, y, of, observed, inputs)]
    warm = [line for s in scenarios for line in _warming(s, years, base, of)]
    found = []
    far = sorted(
        {line["year"] for line in air if line["reach"] == "beyond_reach" and line["scenario"] == "plan"}
    )
    if far:
        told = [str(year) for year in far]
        named = Bilingual("、".join(told), ", ".join(told))
        found.append(finding("flows", "air_reach", years=named))
    made = {"plan_air": from_rows("plan_air", air), "temperature": from_rows("temperature", warm)}
    crop = inputs.tables.get("crop")
    if crop is not None and crop.height:
        rows = [line for s in scenarios for y in years for line in _crops(s, y, of, crop)]
        made["crop_gain"] = from_rows("crop_gain", rows)
    return made, tuple(found)


def _observed(inputs: Inputs, base: int) -> float | None:
    statistic = inputs.made.get("air_statistic")
    if statistic is None:
        return None
    rows = statistic.filter(
        pl.col("place") == inputs.settings.region_id,
        pl.col("pollutant") == "PM2.5",
        pl.col("statistic") == "mean",
        pl.col("year") <= base,
        pl.col("value").is_not_null(),
    ).sort("year")
    return float(rows["value"][-1]) if rows.height else None


def _changes(scenario: str, year: int, of: dict[tuple[str, int, str], float]) -> dict[str, float]:
    """Return the relative change of every precursor against going on as today."""
    found = {}
    for name in SPECIES.values():
        members = GASES.get(name, (name,))
        before = sum(of.get((CONTINUED, year, m), 0.0) for m in members)
        if before > 0:
            found[name] = sum(of.get((scenario, year, m), 0.0) for m in members) / before - 1
    return found


def _crops(
    scenario: str, year: int, of: dict[tuple[str, int, str], float], crop: pl.DataFrame
) -> Iterable[dict[str, Any]]:
    """Yield what less ozone leaves of each crop: the harvest is that of the air of going on as today."""
    changes = _changes(scenario, year, of)
    for row in crop.iter_rows(named=True):
        tonnes = row["production"] * factor(row["unit"], "t")
        for metric, loss in (("aot40", yield_loss_aot40), ("season", yield_loss_season)):
            before, after = (
                float(loss(row["crop"], crop_ozone(c, row["crop"], metric))) for c in ({}, changes)
            )
            gain = tonnes * ((1 - after) / (1 - before) - 1)
            price = row.get("price")
            yield {
                "scenario": scenario, "year": year, "crop": row["crop"], "metric": metric,
                "loss_before": before, "loss_after": after, "gain": gain,
                "value": None if price is None else gain * price,
            }  # fmt: skip


def _air(
    scenario: str, year: int, of: dict[tuple[str, int, str], float], observed: float | None, inputs: Inputs
) -> Iterable[dict[str, Any]]:
    changes = _changes(scenario, year, of)
    for metric in METRICS:
        screened = screen_tm5fasst(changes, metric)
        line: dict[str, Any] = {"scenario": scenario, "year": year, "metric": metric, "ratio": screened.ratio}
        line |= {"reach": screened.reach, "missing": list(screened.missing)}
        if metric == "PM2.5" and observed is not None:
            after = observed * screened.ratio
            line |= {"before": observed, "after": after} | _avoided(observed, after, inputs)
        yield line


def _avoided(before: float, after: float, inputs: Inputs) -> dict[str, Any]:
    """Return the share of deaths that the change avoids, the deaths those of the newest baseline given."""
    region, deaths = inputs.settings.region_id, inputs.tables.get("baseline_death")
    if deaths is not None:
        deaths = deaths.filter(pl.col("region") == region, pl.col("endpoint") == "ncd_lri")
        if "age" in deaths.columns:
            deaths = deaths.filter(pl.col("age").fill_null("25+") == "25+")
        deaths = deaths.sort("year").tail(1).with_columns(pl.lit(0, dtype=pl.Int64).alias("year"))
    pair = pl.DataFrame({"region": [region] * 2, "year": [0, 1], "value": [before, after]})
    made = burden_table(pair, deaths, chinese_cohort=inputs.settings.impact.chinese_cohort)
    row = made.filter(pl.col("base_year") == 0, pl.col("endpoint") == "ncd_lri", pl.col("age") == "25+").row(
        0, named=True
    )
    return {c: row[c] for c in ("share", "share_lower", "share_upper", "deaths")}


def _warming(
    scenario: str, years: list[int], base: Any, of: dict[tuple[str, int, str], float]
) -> Iterable[dict[str, Any]]:
    """Yield the change of temperature by gas and particle at the end of every year of the plan, in kelvin."""
    known = [base, *years] if isinstance(base, int) and base < years[0] else years
    every = np.arange(known[0], known[-1] + 1)

    def path(members: Iterable[str]) -> npt.NDArray[np.float64]:
        less = [
            sum(of.get((scenario, y, m), 0.0) - of.get((CONTINUED, y, m), 0.0) for m in members)
            if y in years
            else 0.0
            for y in known
        ]
        return np.asarray(np.interp(every, known, less) * 1000.0)

    for name in particles():
        if any((CONTINUED, y, name) in of for y in years):
            mean, low, high = temperature_particles(name, path((name,)))
            for year in years:
                at = year - known[0]
                yield {
                    "scenario": scenario, "year": year, "species": name, "value": float(mean[at]),
                    "lower": float(low[at]), "upper": float(high[at]),
                }  # fmt: skip
    for gas, members in GASES.items():
        warming = temperature_change({gas: path(members)})
        for year in years:
            yield {
                "scenario": scenario,
                "year": year,
                "species": gas,
                "value": float(warming[year - known[0]]),
            }
