"""Quantities: a number times powers of base units, and the table of units they are made of.

The shelf ``unit_base`` holds every unit with its factor to base units, its dimension, its metric prefixes and
its source. Currencies and counts (head, vehicle, person …) are base units of their own.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from tongyuan.reference.shelf import shelf

PREFIX = {
    "p": 1e-12, "n": 1e-9, "u": 1e-6, "μ": 1e-6, "m": 1e-3, "c": 1e-2, "d": 1e-1, "h": 1e2, "k": 1e3,
    "M": 1e6, "G": 1e9, "T": 1e12, "P": 1e15, "E": 1e18,
}  # fmt: skip
_POWER = re.compile(r"([A-Za-z_]+?)(-?\d+)?")
_FACTOR = re.compile(r"(?P<number>\d[\d.]*(?:e\d+)?)|(?P<name>[^\W\d]\w*)(?:\*\*(?P<power>\d))?")
Powers = tuple[tuple[str, int], ...]


@dataclass(frozen=True)
class Quantity:
    """`factor` times base units, each to its power (sorted by name, none of them zero)."""

    factor: float
    powers: Powers = ()

    def __mul__(self, other: Quantity) -> Quantity:
        return self._with(other, 1)

    def __truediv__(self, other: Quantity) -> Quantity:
        return self._with(other, -1)

    def _with(self, other: Quantity, sign: int) -> Quantity:
        powers = dict(self.powers)
        for name, power in other.powers:
            powers[name] = powers.get(name, 0) + sign * power
        kept = tuple(sorted((name, power) for name, power in powers.items() if power))
        factor = self.factor * other.factor if sign > 0 else self.factor / other.factor
        return Quantity(factor, kept)

    def __pow__(self, power: int) -> Quantity:
        return Quantity(self.factor**power, tuple((name, one * power) for name, one in self.powers))

    def times(self, number: float) -> Quantity:
        """Return the quantity `number` times as large."""
        return Quantity(self.factor * number, self.powers)

    @property
    def base(self) -> str:
        """The base units as text: ``kg*m/s**2``."""
        above = "*".join(_raised(name, power) for name, power in self.powers if power > 0)
        below = "".join(f"/{_raised(name, -power)}" for name, power in self.powers if power < 0)
        return f"{above or '1'}{below}" if below else above


def _raised(name: str, power: int) -> str:
    return name if power == 1 else f"{name}**{power}"


@cache
def table() -> dict[str, Quantity]:
    """Return every unit of the shelf ``unit_base``, with and without its metric prefixes."""
    found: dict[str, Quantity] = {}
    for row in shelf("unit_base").to_dicts():
        powers = (_POWER.fullmatch(word) for word in row["dimension"].split())
        dimension = tuple(sorted((m[1], int(m[2] or 1)) for m in powers if m))
        unit = Quantity(float(row["factor"]), dimension)
        found[row["unit"]] = unit
        for prefix in row["prefixes"].split():
            found.setdefault(prefix + row["unit"], unit.times(PREFIX[prefix]))
    return found


@cache
def evaluate(expression: str) -> Quantity:
    """Return the quantity of a product such as ``1e6*foot**3`` or ``kW*h``.

    Raises
    ------
    KeyError
        If a name in it is no unit of the table.
    """
    product = Quantity(1.0)
    for part in re.split(r"(?<!\*)\*(?!\*)", expression):
        found = _FACTOR.fullmatch(part)
        if found is None:
            raise KeyError(expression)
        if found["number"]:
            product = product.times(float(found["number"]))
        else:
            product = product * table()[found["name"]] ** int(found["power"] or 1)
    return product
