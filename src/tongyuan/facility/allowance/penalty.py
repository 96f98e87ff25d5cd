"""What not surrendering costs, by the law of the day of the act."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from tongyuan.facility.allowance.rule import need

REGULATION_FROM = date(2024, 5, 1)
CODE_FROM = date(2026, 8, 15)
OLD_FINE = (20_000.0, 30_000.0)
"""Fine of Article 40 of order 19 [yuan], for acts before the regulation."""


@dataclass(frozen=True)
class Exposure:
    """Fine [yuan] from `low` to `high`, the allowances that may be deducted [t], and the law it rests on."""

    low: float
    high: float
    deduction: float
    source: str
    article_zh: str
    article_en: str


def not_surrendered(short: float, price: float, day: date) -> Exposure:
    """Return what an unpaid obligation may cost.

    Parameters
    ----------
    short
        Allowances not surrendered [t].
    price
        Mean price of the month before the deadline [yuan/t].
    day
        Day of the act: the deadline that was missed. From 2026-08-15 no new deduction of the next quota is
        decided; those decided earlier go on.

    Examples
    --------
    >>> not_surrendered(1000, 80.0, date(2026, 12, 31)).low
    400000.0
    """
    if short <= 0:
        return Exposure(0.0, 0.0, 0.0, "", "", "")
    if day < REGULATION_FROM:
        return Exposure(*OLD_FINE, short, "ets_order_19", "第四十条", "Article 40")
    low, high = (need("all", day.year, name).value * short * price for name in ("fine_low", "fine_high"))
    deduction = 0.0 if day >= CODE_FROM else short
    return Exposure(low, high, deduction, "ets_regulation_775", "第二十四条", "Article 24")
