"""Who pays and who gains: costs, transfers and benefits of a plan by stakeholder."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final, NamedTuple

from tongyuan.impact.money.value import Rule, discount_factor

GOVERNMENT: Final = "government"
RESIDENT: Final = "resident"
WORLD: Final = "world"

TRANSFERS: Final = ("tax", "subsidy", "allowance")
"""Items that one pays and another receives: together they are nought."""


class Entry(NamedTuple):
    """An amount that a stakeholder gains (positive) or pays (negative) in a year.

    item : ``health, climate, crop, tax, subsidy, allowance`` or an item of cost.
    quantity, unit_value : what it was multiplied from, where it was.
    """

    year: int
    item: str
    stakeholder: str
    value: float
    quantity: float | None = None
    unit_value: float | None = None


def cost_entry(year: int, item: str, payer: str, amount: float) -> tuple[Entry, ...]:
    """Return what a cost means for its payer, and for the government where it is a transfer.

    Parameters
    ----------
    amount : float [money]
        What is paid beyond before; negative where it is less.
    """
    paid = Entry(year, item, payer, -amount)
    return (paid, Entry(year, item, GOVERNMENT, amount)) if item in TRANSFERS else (paid,)


def benefit_entry(year: int, item: str, quantity: float, unit_value: float) -> Entry:
    """Return a benefit of the kind `item`: health is that of residents, climate that of the world.

    Raises
    ------
    KeyError
        If the item is neither.
    """
    who = {"health": RESIDENT, "crop": "farmer", "climate": WORLD}[item]
    return Entry(year, item, who, quantity * unit_value, quantity, unit_value)


def net(entries: Iterable[Entry], rate: float, start: int, rule: Rule = "exponential") -> dict[str, float]:
    """Return the present value of every stakeholder at the beginning of year `start`.

    Raises
    ------
    ValueError
        If an entry lies before `start`, or an item of it was counted twice for one stakeholder and year.
    """
    found: dict[str, float] = {}
    seen: set[tuple[int, str, str]] = set()
    for entry in entries:
        if entry.year < start:
            raise ValueError(f"an entry of {entry.year} lies before {start}")
        if entry[:3] in seen:
            raise ValueError(f"{entry.item} of {entry.stakeholder} in {entry.year} is counted twice")
        seen.add(entry[:3])
        worth = entry.value * float(discount_factor(entry.year - start, rate, rule))
        found[entry.stakeholder] = found.get(entry.stakeholder, 0.0) + worth
    return found
