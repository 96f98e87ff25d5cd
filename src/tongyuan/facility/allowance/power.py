"""Quota of a generating unit, by the plan of its year."""

from __future__ import annotations

from dataclasses import dataclass
from math import exp

from tongyuan.facility.allowance.rule import Benchmark, benchmark
from tongyuan.facility.rounding import floor_tonnes, half_up

AIR_COOLED = 1.05
"""Cooling factor of air-cooled units, 2019 to 2022."""
HEAT_COAL, HEAT_GAS = 0.22, 0.6
"""How much of the power quota falls with the heat ratio, 2019 to 2022."""
EDGE = {2023: 65.0, 2024: 65.0, 2025: 50.0, 2026: 50.0}
"""Load below which the peak factor acts [%]: a cliff, not a ramp."""


def cooling_factor(cooling: str, year: int) -> float:
    """Return Fl: 1.05 for air cooling up to 2022, else 1."""
    return AIR_COOLED if cooling == "air" and year <= 2022 else 1.0


def heat_factor(heat_ratio: float, gas: bool, year: int) -> float:
    """Return Fr: ``1 − 0.22·ratio`` of coal, ``1 − 0.6·ratio`` of gas up to 2022, else 1.

    Parameters
    ----------
    heat_ratio
        Heat for supply as a share of all heat of the unit [fraction].
    """
    return 1 - (HEAT_GAS if gas else HEAT_COAL) * heat_ratio if year <= 2022 else 1.0


def load_factor(load: float, year: int, unit_class: str) -> float:
    """Return Ff of conventional coal; 1 for all others.

    Parameters
    ----------
    load
        Mean load of the year [%].

    Returns
    -------
    float
        From 2023 on rounded half up to six decimals.

    References
    ----------
    Plans 2019-2020 and 2021-2022 (steps at 85, 80 and 75 %), 2023-2024 (below 65 %), consultation text
    2025-2026 (below 50 %).

    Examples
    --------
    >>> load_factor(40, 2026, "above_300"), load_factor(50, 2026, "above_300")
    (1.160254, 1.0)
    """
    if unit_class not in ("above_300", "up_to_300"):
        return 1.0
    if year <= 2022:
        if load >= 85:
            return 1.0
        if load >= 80:
            return 1 + 0.0014 * (85 - load)
        if load >= 75:
            return 1.007 + 0.0016 * (80 - load)
        return float(1.015 ** (16 - load / 5))
    if load >= EDGE.get(year, EDGE[max(EDGE)]):
        return 1.0
    if year <= 2024:
        return half_up(1.015 ** (16 - load / 5), 6)
    return half_up(7.254 - 0.633 * (1 - exp(-load / 29.822)) - 5.643 * (1 - exp(-load / 6.871)), 6)


@dataclass(frozen=True)
class PowerQuota:
    """Quota of one unit with its parts [t]; `initial` is the whole, rounded down.

    Attributes
    ----------
    edge_distance
        Points of load between the unit and the edge at which the load factor jumps [%]; positive above it.
    """

    benchmark: Benchmark
    cooling: float
    heat: float
    load: float
    power_quota: float
    heat_quota: float
    initial: float
    edge_distance: float | None


def power_quota(
    year: int,
    unit_class: str,
    power: float,
    heat: float,
    *,
    load: float,
    heat_ratio: float = 0.0,
    cooling: str = "water",
    drafts: bool = True,
) -> PowerQuota:
    """Return the quota of a unit: ``A = Qe·Be·Fl·Fr·Ff + Qh·Bh``.

    Parameters
    ----------
    power
        Power on the basis of the year's benchmark: supplied up to 2022, generated from 2023 [MWh].
    heat
        Heat supplied [GJ].
    load
        Mean load [%].
    heat_ratio
        [fraction]
    cooling
        ``air`` or anything else.

    Raises
    ------
    RuleError
        If the year has no benchmark for the class.
    """
    b = benchmark(year, unit_class, drafts=drafts)
    fl, fr = cooling_factor(cooling, year), heat_factor(heat_ratio, unit_class == "gas", year)
    ff = load_factor(load, year, unit_class)
    of_power, of_heat = power * b.power * fl * fr * ff, heat * b.heat
    edge = EDGE.get(year) if unit_class in ("above_300", "up_to_300") else None
    distance = None if edge is None else load - edge
    return PowerQuota(b, fl, fr, ff, of_power, of_heat, floor_tonnes(of_power + of_heat), distance)


def with_unit_top_up(initial: float, verified: float, unit_class: str, year: int) -> float:
    """Return the quota of a unit after its own top-up: from 2023 gas units get what they emitted [t]."""
    return max(initial, verified) if unit_class == "gas" and year >= 2023 else initial
