"""Support by law and policy: relending, tax holidays, credits for equipment, subsidised interest."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NamedTuple

TAX_RATE: Final = 0.25
"""Rate of the enterprise income tax (企业所得税法 第四条)."""

FREE_YEARS, HALF_YEARS = 3, 3
"""Years free of tax and at half rate of projects on the catalogue (企业所得税法 27)."""

CREDIT_SHARE, CREDIT_YEARS = 0.10, 5
"""Part of the investment in listed equipment set against tax, and years the rest is carried.

财税〔2017〕71号.
"""


POWER_PRICE: Final = {"desulphurisation": 0.015, "denitrification": 0.010, "dust_removal": 0.002}
"""What a coal unit is paid for power sent out with each device [CNY/kWh] (监管办法 2014)."""


class Relending(NamedTuple):
    """Money a bank is lent for its loan, and what that costs it in a year."""

    funds: float
    interest: float


def relending(loan: float, rate: float, share: float = 0.60, subsidy: float = 0.0) -> Relending:
    """Return what the central bank's tool lends for an eligible loan, and its yearly interest.

    Parameters
    ----------
    loan : float [money]
        Principal of the loan, lent first.
    rate : float [1/yr]
        Rate of the tool (1.75 % when it was opened, 人民银行 2021-11-08).
    share : float [1]
        Part of the principal that is lent.
    subsidy : float [1/yr]
        Points a province takes off the rate.
    """
    funds = share * loan
    return Relending(funds, funds * max(rate - subsidy, 0.0))


def tax_holiday(profits: Sequence[float], rate: float = TAX_RATE) -> list[float]:
    """Return the income tax of each year from the first with income: three years free, three at half.

    Parameters
    ----------
    profits : sequence of float [money]
        Taxable profit of each year; a loss pays nothing (its carrying forward is not modelled).
    rate : float [1]
    """
    shares = [0.0] * FREE_YEARS + [0.5] * HALF_YEARS
    return [
        max(profit, 0.0) * rate * (shares[year] if year < len(shares) else 1.0)
        for year, profit in enumerate(profits)
    ]


class Credit(NamedTuple):
    """What was set against each year's tax, and what is left to carry, for how many years."""

    used: list[float]
    left: float
    years: int


def equipment_credit(investment: float, taxes: Sequence[float]) -> Credit:
    """Return how the credit for listed equipment is used up: a tenth of it, carried five years.

    Parameters
    ----------
    investment : float [money]
        Without value-added tax.
    taxes : sequence of float [money]
        Tax due in the year of purchase and the years after it.
    """
    left, used = CREDIT_SHARE * investment, []
    for tax in taxes[: CREDIT_YEARS + 1]:
        taken = min(left, max(tax, 0.0))
        used.append(taken)
        left -= taken
    left_years = max(CREDIT_YEARS + 1 - len(taxes), 0)
    return Credit(used, left if left_years else 0.0, left_years)


def interest_subsidy(loan: float, points: float, years: float, most: float = 2.0) -> float:
    """Return the whole subsidy of a loan's interest: points a year, for two years at most.

    Parameters
    ----------
    loan : float [money]
    points : float [1/yr]
        0.015 under the notice of 2026-01-19, 0.010 under that of 2024.
    years, most : float [yr]
    """
    return loan * points * min(max(years, 0.0), most)


def bank_share(reduction: float, loan: float, investment: float) -> float:
    """Return the part of a project's reduction a bank tells as its own: reduction · loan / investment.

    The rule (绿色信贷项目节能减排量测算指引) was not read in its text and is unverified.

    Parameters
    ----------
    reduction : float [t/yr]
    loan, investment : float [money]

    Raises
    ------
    ValueError
        If the loan is negative or larger than the investment.
    """
    if not 0 <= loan <= investment or investment <= 0:
        raise ValueError("a loan lies between nought and the investment")
    return reduction * loan / investment


def environmental_price(sent_out: float, devices: Sequence[str] = tuple(POWER_PRICE)) -> float:
    """Return what the environmental power price pays a coal unit in a year [CNY].

    Parameters
    ----------
    sent_out : float [kWh]
    devices
        Those that run, by the keys of :data:`POWER_PRICE`.

    Raises
    ------
    KeyError
        If a device has no such price.
    """
    return sent_out * sum(POWER_PRICE[device] for device in devices)
