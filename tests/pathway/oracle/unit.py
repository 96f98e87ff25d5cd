"""Factors of the units the random plans are written in, to t, MWh, m3, MW, yuan and microgram."""

from __future__ import annotations

FACTOR: dict[str, dict[str, float]] = {
    "mass": {"t": 1.0, "kg": 1e-3, "g": 1e-6, "kt": 1e3, "万吨": 1e4, "吨": 1.0, "千克": 1e-3},
    "energy": {
        "MWh": 1.0, "kWh": 1e-3, "GWh": 1e3, "万千瓦时": 10.0, "GJ": 1 / 3.6, "TJ": 1e3 / 3.6,
    },
    "volume": {"m3": 1.0, "万立方米": 1e4, "L": 1e-3},
    "power": {"MW": 1.0, "kW": 1e-3, "GW": 1e3, "万千瓦": 10.0},
    "mass a year": {"t/a": 1.0, "kt/a": 1e3},
    "money": {"CNY": 1.0, "元": 1.0, "万元": 1e4, "亿元": 1e8},
    "share": {"": 1.0, "1": 1.0, "%": 0.01, "pollutant_equivalent": 1.0},
    "concentration": {"µg/m3": 1.0, "ug/m3": 1.0, "mg/m3": 1e3},
}  # fmt: skip

SINGLE = {name: value for kind, names in FACTOR.items() for name, value in names.items()}


def factor(unit: str) -> float:
    """Return what one `unit` is in the units of the table; a quotient is divided at its last stroke."""
    if unit in SINGLE:
        return SINGLE[unit]
    top, _, bottom = unit.rpartition("/")
    return factor(top) / SINGLE[bottom]
