"""Meters of the simulated plant: what its instruments, scales and laboratory say of what truly happened.

Every meter has a relative error of its own for each month (drawn with the accuracy the reconciliation
assumes),
instruments at the stack besides drift between calibrations, hourly noise and print a fixed number of digits.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl

from tongyuan.facility.evidence.balance import Array, balances
from tongyuan.facility.simulate.plant import Plant, simulate, walk

DIGITS = {
    "so2": 1,
    "nox": 1,
    "pm": 2,
    "o2": 2,
    "volume": 3,
    "co2_share": 4,
    "temperature": 1,
    "humidity": 1,
    "pressure": 0,
    "velocity": 2,
    "nox_in": 1,
}
"""Digits after the point each instrument prints."""
NOISE = {
    "so2": 0.03,
    "nox": 0.02,
    "pm": 0.05,
    "o2": 0.01,
    "volume": 0.015,
    "co2_share": 0.006,
    "nox_in": 0.02,
}
MASS = ("power", "heat", "steam", "coal", "limestone", "gypsum", "ash_out", "ammonia")
QUALITY = ("carbon", "hydrogen", "sulphur", "ash", "moisture", "ncv")
CALIBRATION = 168
"""Hours between calibrations, which set the drift back."""


@dataclass(frozen=True)
class Year:
    """One simulated year.

    Parameters
    ----------
    plant
        The design.
    truth
        What happened, hour by hour.
    hour
        What the instruments printed, with ``mark`` (N, F stop, C calibration, M maintenance, D fault).
    month
        What the enterprise would report: a row per month, a column per variable of the balances.
    """

    plant: Plant
    truth: pl.DataFrame
    hour: pl.DataFrame
    month: pl.DataFrame


def metered(plant: Plant | None = None, *, seed: int = 0, year: int = 2025, hours: int = 8760) -> Year:
    """Simulate a plant and read its meters."""
    p = plant or Plant()
    truth = simulate(p, seed=seed, year=year, hours=hours)
    rng = np.random.default_rng([seed, 1])
    system = balances("coal")
    accuracy = dict(zip(system.variables, system.accuracy, strict=True))
    months = truth["hour"].dt.month().to_numpy() - 1
    errors = {name: rng.standard_normal(12) * spread for name, spread in accuracy.items()}
    hour = _stack(truth, errors, months, rng)
    return Year(p, truth, hour, _months(p, truth, hour, errors, rng))


def _stack(
    truth: pl.DataFrame, errors: dict[str, Array], months: Array, rng: np.random.Generator
) -> pl.DataFrame:
    """Return the readings at the stack."""
    n = truth.height
    age = np.arange(n) % CALIBRATION
    running = (truth["state"] != "stopped").to_numpy()
    columns: dict[str, Any] = {"hour": truth["hour"], "state": truth["state"]}
    for name, digits in DIGITS.items():
        value = truth[name].to_numpy()
        if name in NOISE:
            slope = rng.standard_normal(n // CALIBRATION + 1)[np.arange(n) // CALIBRATION]
            drift = 0.004 * slope * age / CALIBRATION
            own = errors["air"][months] * 0 if name == "o2" else errors.get(name, np.zeros(12))[months]
            if name == "o2":
                own = errors["air"][months] * (21 - value) / np.maximum(value, 1)
            noise = NOISE[name] * rng.standard_normal(n)
            value = value * (1 + own * running + drift + noise)
            value = np.maximum(value, 0.0)
        columns[name] = np.round(value, digits)
    flow, true = columns["volume"], truth["volume"].to_numpy()
    ratio = np.where(true > 0, flow / np.where(true > 0, true, 1), 1)
    columns["velocity"] = np.round(truth["velocity"].to_numpy() * ratio, DIGITS["velocity"])
    mark = np.where(running, "N", "F").astype(object)
    mark[(age == 0) & running] = "C"
    mark[(age == 1) & running & (rng.random(n) < 0.5)] = "M"
    mark[running & (rng.random(n) < 0.002)] = "D"
    columns["mark"] = list(mark)
    columns["power"] = np.round(truth["power"].to_numpy() * (1 + errors["power"][months]), 3)
    return pl.DataFrame(columns)


def _months(
    p: Plant, truth: pl.DataFrame, hour: pl.DataFrame, errors: dict[str, Array], rng: np.random.Generator
) -> pl.DataFrame:
    """Return the variables of the balances by month, as meters and laboratory give them."""
    fired, volume = pl.col("coal"), pl.col("volume")
    month = pl.col("hour").dt.month().alias("month")
    true = truth.group_by(month, maintain_order=True).agg(
        *(pl.col(k).sum() for k in MASS),
        volume.sum(),
        *((pl.col(k) * fired).sum() / fired.sum() for k in QUALITY),
        *((pl.col(k) * volume).sum() / volume.sum() for k in ("co2_share", "so2", "nox", "nox_in")),
        ((pl.col("air") - 0.21) * fired).sum() / fired.sum() + 0.21,
    )
    at = true["month"].to_numpy() - 1
    said: dict[str, object] = {"month": true["month"]}
    for name in (*MASS, *QUALITY, "volume", "co2_share", "so2", "nox", "nox_in", "air"):
        said[name] = true[name].to_numpy() * (1 + errors[name][at])
    coal = true["coal"].to_numpy()
    stock = 0.25 * coal.mean() * (1 + 0.3 * np.tanh(walk(rng, 13, 0.5)))
    received = coal + np.diff(stock)[at]
    said["opening"] = stock[at] * (1 + errors["opening"][at])
    said["closing"] = stock[at + 1] * (1 + errors["closing"][at])
    said["received"] = received * (1 + errors["received"][at])
    heat, carbon = true["ncv"].to_numpy(), true["carbon"].to_numpy()
    known = {
        "carbon_per_heat": float((carbon * coal).sum() / (heat * coal).sum()),
        "heat_model": 1.0,
        "burnout": p.burnout,
        "release": p.release,
        "limestone_purity": p.limestone_purity,
        "gypsum_purity": p.gypsum_purity,
        "calcium_ratio": p.calcium_ratio,
        "boiler_efficiency": p.boiler_efficiency,
        "turbine": p.turbine,
        "ammonia_use": p.ammonia_use,
    }
    for name, value in known.items():
        said[name] = value * (1 + errors[name][at])
    return pl.DataFrame(said)
