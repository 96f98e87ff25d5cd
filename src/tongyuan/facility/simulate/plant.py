"""A coal-fired heat-and-power plant hour by hour, from physics: what truly happened in one simulated year.

Chain: load and heat demand → steam → coal (its quality walks from day to day) → stoichiometric flue gas
at the
boiler's oxygen → catalyst, precipitator, desulphuriser → stack; limestone, ammonia, gypsum and ash by their
balances. Nothing here is a real plant: every value of :class:`Plant` is an example (示例).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import numpy as np
import polars as pl
from scipy.signal import lfilter

from tongyuan.facility.evidence.balance import Array

SULPHUR, GYPSUM, LIMESTONE, AMMONIA = 1.9979, 0.37209, 0.64003, 2.70122
"""Masses per mass: SO2 of S, SO2 of gypsum, SO2 of CaCO3, NO2 of NH3."""
CARBON, CO2_OF_LIMESTONE, CO2_DENSITY = 3.6641, 0.4397, 1.9772
"""CO2 of C, CO2 of CaCO3 [t/t]; density of CO2 at 0 °C and 101.325 kPa [kg/m3]."""


@dataclass(frozen=True)
class Plant:
    """Design of one simulated plant; all values are examples.

    Parameters
    ----------
    capacity
        Electric capacity [MW].
    boiler_efficiency, turbine
        Steam heat per fuel heat; heat to the turbine per heat equivalent of electricity.
    heat
        Heat supplied at the winter peak [GJ/h].
    load
        Mean load of the year as a share of capacity.
    c_daf, h_daf
        Carbon and hydrogen of the dry ash-free coal [t/t].
    ash, moisture, sulphur
        Mean shares of the coal as received [t/t].
    burnout, release
        Share of carbon burnt, of sulphur released.
    nox_in
        NOx before the catalyst at 6 % oxygen [mg/m3].
    set_so2, set_nox, set_pm
        Concentrations at 6 % oxygen the devices are held at [mg/m3].
    limestone_purity, gypsum_purity, calcium_ratio, ammonia_use
        Of the reagents.
    area
        Cross-section of the duct at the monitor [m2].
    """

    capacity: float = 50.0
    boiler_efficiency: float = 0.905
    turbine: float = 2.45
    heat: float = 260.0
    load: float = 0.72
    c_daf: float = 0.815
    h_daf: float = 0.052
    ash: float = 0.21
    moisture: float = 0.10
    sulphur: float = 0.009
    burnout: float = 0.985
    release: float = 0.90
    nox_in: float = 320.0
    set_so2: float = 18.0
    set_nox: float = 34.0
    set_pm: float = 3.0
    limestone_purity: float = 0.92
    gypsum_purity: float = 0.93
    calcium_ratio: float = 1.03
    ammonia_use: float = 0.95
    area: float = 12.0


def walk(rng: np.random.Generator, size: int, keep: float) -> Array:
    """Return a stationary first-order autoregressive series of unit variance."""
    shocks = rng.standard_normal(size) * np.sqrt(1 - keep**2)
    shocks[0] = rng.standard_normal()
    return np.asarray(lfilter([1.0], [1.0, -keep], shocks), dtype=np.float64)


def running(rng: np.random.Generator, hours: int) -> Array:
    """Return whether the plant runs in each hour: one long and one short repair, a few trips."""
    on = np.ones(hours)
    for start, length in ((0.36, 220), (0.79, 90)):
        first = int(start * hours) + int(rng.integers(-60, 60))
        on[first : first + length] = 0
    for _ in range(rng.poisson(2.5 * hours / 8760)):
        first = int(rng.integers(48, max(hours - 96, 49)))
        on[first : first + int(rng.integers(8, 40))] = 0
    return on


def simulate(
    plant: Plant | None = None, *, seed: int = 0, year: int = 2025, hours: int = 8760
) -> pl.DataFrame:
    """Return the true hours of a plant.

    Returns
    -------
    DataFrame
        ``hour``, ``state`` (normal, start, stop, stopped), ``power`` [MWh], ``heat``, ``steam`` [GJ],
        ``coal`` [t],
        ``carbon … moisture`` [t/t], ``ncv`` [GJ/t], ``o2`` [%], ``air``, ``volume`` [10^3 m3 dry],
        ``co2_share``,
        ``so2``, ``nox``, ``nox_in``, ``pm`` [mg/m3 as measured], ``limestone``, ``gypsum``, ``ash_out``,
        ``ammonia`` [t], ``temperature`` [°C], ``humidity`` [%], ``pressure`` [Pa], ``velocity`` [m/s].
    """
    p = plant or Plant()
    rng = np.random.default_rng(seed)
    at = np.arange(hours)
    on = running(rng, hours)
    winter = np.cos(2 * np.pi * (at / 8760 - 0.03))
    day = np.sin(2 * np.pi * (at % 24 - 9) / 24)
    week = np.where((at // 24) % 7 >= 5, -0.04, 0.016)
    load = p.load + 0.09 * winter + 0.08 * day + week + 0.05 * walk(rng, hours, 0.95)
    load = np.clip(load, 0.42, 1.0)
    state, ramp = _states(on)
    power = p.capacity * load * on * ramp
    heat = p.heat * np.clip(0.45 + 0.45 * winter + 0.04 * walk(rng, hours, 0.98), 0.05, 1.0) * on * ramp
    steam = 3.6 * p.turbine * power + heat
    coal = _coal(p, rng, hours)
    fired = steam / (coal["ncv"] * p.boiler_efficiency)
    o2 = np.clip(3.4 + 3.2 * (1 - load) + 0.25 * walk(rng, hours, 0.8) + 3.0 * (1 - ramp), 2.2, 12.0)
    air = 21 / (21 - o2)
    c, h, s, a, m = (coal[k] for k in ("carbon", "hydrogen", "sulphur", "ash", "moisture"))
    need = 12.22 * c + 29.83 * h + 6.66 * s + 3.33 * (a + m) - 3.2967
    volume = fired * (1.866 * c + 0.7 * s + 0.008 + (air - 0.21) * need)
    to_actual = (21 - o2) / 15
    safe = np.where(volume > 0, volume, np.inf)
    so2 = p.set_so2 * np.exp(0.22 * walk(rng, hours, 0.9) - 0.024) * (1 + 1.5 * (1 - ramp)) * to_actual
    nox = p.set_nox * np.exp(0.14 * walk(rng, hours, 0.85) - 0.01) * (1 + 1.8 * (1 - ramp)) * to_actual
    nox_in = p.nox_in * (0.8 + 0.28 * load) * np.exp(0.05 * walk(rng, hours, 0.9)) * to_actual
    pm = p.set_pm * np.exp(0.25 * walk(rng, hours, 0.92) - 0.03) * to_actual
    raw = SULPHUR * fired * s * p.release
    removed = np.maximum(raw - volume * so2 * 1e-6, 0.0)
    limestone = removed * p.calcium_ratio / (LIMESTONE * p.limestone_purity)
    co2 = CARBON * fired * c * p.burnout + CO2_OF_LIMESTONE * limestone * p.limestone_purity
    temperature = np.where(on > 0, 50 + 2.0 * walk(rng, hours, 0.95), 24 - 9 * winter)
    humidity = np.where(on > 0, 12.2 + 0.6 * walk(rng, hours, 0.95), 1.5)
    pressure = np.where(on > 0, -120 + 25 * walk(rng, hours, 0.9), -5.0)
    wet = volume * 1e3 / (1 - humidity / 100) * (273 + temperature) / 273 * 101325 / (101325 + pressure)
    return pl.DataFrame(
        {
            "hour": _hours(year, hours),
            "state": state,
            "power": power,
            "heat": heat,
            "steam": steam,
            "coal": fired,
            **coal,
            "o2": np.where(on > 0, o2, 20.9),
            "air": air,
            "volume": volume,
            "co2_share": co2 / (CO2_DENSITY * safe),
            "so2": so2 * on,
            "nox": nox * on,
            "nox_in": nox_in * on,
            "pm": pm * on,
            "limestone": limestone,
            "gypsum": removed / (GYPSUM * p.gypsum_purity),
            "ash_out": fired * (a + c * (1 - p.burnout)),
            "ammonia": volume * (nox_in - nox) * on * 1e-6 / (AMMONIA * p.ammonia_use),
            "temperature": temperature,
            "humidity": humidity,
            "pressure": pressure,
            "velocity": wet / 3600 / p.area,
        }
    )


def _hours(year: int, hours: int) -> pl.Series:
    first = pl.lit(datetime(year, 1, 1))
    return pl.select(hour=first + pl.duration(hours=pl.int_range(hours))).to_series()


def _states(on: Array) -> tuple[list[str], Array]:
    """Return the state of each hour and the share of full load that start and stop allow."""
    state = np.where(on > 0, "normal", "stopped").astype(object)
    ramp = np.ones(len(on))
    change = np.diff(on, prepend=on[0])
    for first in np.flatnonzero(change > 0):
        for k in range(6):
            if first + k < len(on) and on[first + k]:
                state[first + k], ramp[first + k] = "start", 0.35 + 0.1 * k
    for first in np.flatnonzero(change < 0):
        for k in range(1, 3):
            if first >= k and on[first - k]:
                state[first - k], ramp[first - k] = "stop", 0.3 + 0.2 * k
    return list(state), ramp


def _coal(p: Plant, rng: np.random.Generator, hours: int) -> dict[str, Array]:
    """Return the coal of each hour as received; its quality walks from day to day."""
    days = -(-hours // 24)

    def daily(mean: float, spread: float) -> Array:
        return np.asarray(np.repeat(mean * np.exp(spread * walk(rng, days, 0.8)), 24)[:hours])

    ash, moisture, sulphur = daily(p.ash, 0.09), daily(p.moisture, 0.07), daily(p.sulphur, 0.10)
    daf = 1 - ash - moisture
    carbon, hydrogen = daf * p.c_daf * daily(1.0, 0.004), daf * p.h_daf * daily(1.0, 0.01)
    heat = 44.8 * carbon + 113.9 * hydrogen + 21.8 * sulphur + 10.9 * ash + 8.4 * moisture - 10.791
    return {
        "carbon": carbon,
        "hydrogen": hydrogen,
        "sulphur": sulphur,
        "ash": ash,
        "moisture": moisture,
        "ncv": heat,
    }
