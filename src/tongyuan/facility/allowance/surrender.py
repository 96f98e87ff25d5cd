"""What may be surrendered for which year: vintages, carry-over, borrowing, offsets."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from tongyuan.facility.allowance.rule import find
from tongyuan.facility.rounding import floor_tonnes

OLD_LAST = 2024
"""Last vintage and last year of obligation of the old period."""
OFFSET_FROM = date(2024, 1, 22)
"""Reductions must be registered after the day the voluntary market opened."""


@dataclass(frozen=True)
class Offset:
    """A lot of CCER [t], when it was registered, and whether its project stands under quota management."""

    amount: float
    registered: date
    under_quota: bool = False


def usable(vintage: int, year: int) -> bool:
    """Return whether allowances of `vintage` may pay the obligation of `year`.

    Allowances of 2019 to 2024 cannot pay for 2025 or later; those of 2019 to 2026 may pay debts up to 2024.


    References
    ----------
    Consultation text 2025-2026, on surrender.
    """
    if year <= OLD_LAST:
        return 2019 <= vintage <= 2026
    return vintage > OLD_LAST


def carry_over(sector: str, holding: float, sold: float, bought: float) -> float:
    """Return how much of allowances 2019 to 2024 may be carried into 2025 [t].

    Parameters
    ----------
    holding
        Allowances of 2019 to 2024 left after surrender [t].
    sold, bought
        Sales and purchases of them from 2024-01-01 to 2025-12-31 [t]; a negative net sale counts as none.

    References
    ----------
    Plan 2023-2024: 10,000 t and one and a half times the net sale; industry 100,000 t.
    """
    base = find(sector, OLD_LAST, "carry_base")
    more = find(sector, OLD_LAST, "carry_sale") or find("power", OLD_LAST, "carry_sale")
    if base is None or more is None:
        return 0.0
    return min(holding, floor_tonnes(base.value + more.value * max(0.0, sold - bought)))


def borrowing(sector: str, year: int, quota: float, verified: float) -> float:
    """Return how much may be borrowed from the next year [t]: half of a gap of a tenth or more."""
    share, least = find(sector, year, "borrow_share"), find(sector, year, "borrow_gap")
    gap = verified - quota
    if share is None or least is None or verified <= 0 or gap / verified < least.value:
        return 0.0
    return floor_tonnes(share.value * gap)


def offset_limit(obligation: float, year: int) -> float:
    """Return how much of an obligation CCER may pay [t], rounded down.

    Examples
    --------
    >>> offset_limit(950_000, 2021)
    47500.0
    """
    rule = find("all", year, "offset_share")
    return floor_tonnes(rule.value * obligation) if rule is not None else 0.0


def offsets_usable(offsets: Sequence[Offset], year: int) -> float:
    """Return the CCER that may be used [t].

    Never from projects under quota management; from the obligation of 2024 on registered after 2024-01-22.
    """
    free = [o for o in offsets if not o.under_quota]
    return sum(o.amount for o in free if year < OLD_LAST or o.registered > OFFSET_FROM)


@dataclass(frozen=True)
class Position:
    """Where an enterprise stands with the obligation of one year [t].

    Attributes
    ----------
    used
        Allowances by vintage that pay it, the oldest first.
    offsets
        CCER that pay it.
    short
        What is lacking; above zero somebody must buy, save or pay a fine.
    left
        Allowances by vintage that remain.
    """

    obligation: float
    offsets: float
    used: Mapping[int, float]
    short: float
    left: Mapping[int, float]


def position(
    year: int, obligation: float, holding: Mapping[int, float], offsets: Sequence[Offset] = ()
) -> Position:
    """Pay an obligation with what is held: offsets up to their limit, then the oldest usable vintages."""
    paid = min(obligation, offset_limit(obligation, year), floor_tonnes(offsets_usable(offsets, year)))
    open_amount = obligation - paid
    used: dict[int, float] = {}
    left = dict(sorted(holding.items()))
    for vintage in left:
        if usable(vintage, year) and open_amount > 0:
            used[vintage] = min(left[vintage], open_amount)
            left[vintage] -= used[vintage]
            open_amount -= used[vintage]
    return Position(obligation, paid, used, open_amount, left)
