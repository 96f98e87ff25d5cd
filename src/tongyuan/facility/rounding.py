"""Rounding as the law has it: in decimal digits, half up or down, never on the binary number."""

from __future__ import annotations

from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal
from math import isfinite

NOISE = Decimal("1e-9")
"""Binary noise that is no part of a figure: 479999.9999999999 t is what was computed from 480000 t."""


def half_up(value: float, digits: int = 0) -> float:
    """Return `value` rounded half up to `digits` decimals.

    Examples
    --------
    >>> half_up(2.675, 2), half_up(-0.5)
    (2.68, -1.0)
    """
    if not isfinite(value):
        return value
    unit = Decimal(1).scaleb(-digits)
    return float(Decimal(repr(value)).quantize(unit, rounding=ROUND_HALF_UP))


def floor_tonnes(value: float) -> float:
    """Return whole tonnes, rounded down (note 1 of the allocation tables: 1789.70 → 1789).

    Examples
    --------
    >>> floor_tonnes(1789.70)
    1789.0
    """
    exact = Decimal(repr(value))
    near = exact.quantize(Decimal(1), rounding=ROUND_HALF_UP)
    if abs(exact - near) <= NOISE * max(Decimal(1), abs(exact)):
        return float(near)
    return float(exact.quantize(Decimal(1), rounding=ROUND_DOWN))
