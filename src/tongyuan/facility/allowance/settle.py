"""From the quotas of units to what an enterprise is issued and owes."""

from __future__ import annotations

from dataclasses import dataclass

from tongyuan.facility.allowance.rule import find
from tongyuan.facility.rounding import floor_tonnes, half_up

GAS = "gas"


@dataclass(frozen=True)
class Fixed:
    """Quota and obligation of an enterprise [t].

    Attributes
    ----------
    top_up
        Added so that the gap is at most a fifth of the verified emission (from 2023).
    waived
        Part of the verified emission that need not be surrendered (2019 to 2022).
    gap_rate_initial, gap_rate
        Gap before and after, of the verified emission [%, two decimals]; negative is a surplus.
    """

    initial: float
    top_up: float
    fixed: float
    verified: float
    obligation: float
    waived: float
    gap_rate_initial: float
    gap_rate: float


def fixed(sector: str, year: int, initial: float, verified: float, *, gas_only: bool = False) -> Fixed:
    """Return quota and obligation of an enterprise after caps and top-ups.

    Parameters
    ----------
    initial
        Sum of the quotas of its units, after the top-up of gas units [t].
    gas_only
        Whether all its units burn gas: up to 2022 they owe no more than their quota.

    References
    ----------
    Plans 2019-2020 and 2021-2022: obligation at most quota + 20 % of verified; plans from 2023: quota at
    least 80 % of verified, the obligation stays whole.
    """
    cap, share = find(sector, year, "gap_cap"), find(sector, year, "top_up")
    quota, owed = initial, verified
    if share is not None:
        quota = max(initial, floor_tonnes(share.value * verified))
    if cap is not None:
        owed = min(verified, initial if gas_only else initial + floor_tonnes(cap.value * verified))

    def rate(amount: float) -> float:
        return half_up((verified - amount) / verified * 100, 2) if verified else 0.0

    return Fixed(initial, quota - initial, quota, verified, owed, verified - owed, rate(initial), rate(quota))


def pre_allocation(sector: str, year: int, last_verified: float, share: float | None = None) -> float:
    """Return what is allocated beforehand [t]: at most a share of the last verified emission, rounded down.

    Raises
    ------
    ValueError
        If `share` lies above the greatest of the plan.
    """
    rule = find(sector, year, "pre_share")
    most = rule.value if rule is not None else 0.0
    chosen = most if share is None else share
    if not 0 <= chosen <= most:
        raise ValueError(f"share {chosen} above {most}")
    return floor_tonnes(chosen * last_verified)


@dataclass(frozen=True)
class Issue:
    """How a quota reaches the account beside an outstanding deduction [t].

    Attributes
    ----------
    pre_issued, issued
        Put on the account before and after the quota was fixed; negative is to be given back.
    returned
        Deduction taken too early and given back to the outstanding one.
    outstanding
        Deduction still to be made.
    """

    pre_deducted: float
    pre_issued: float
    difference: float
    deducted: float
    returned: float
    issued: float
    outstanding: float


def issue(pre: float, quota: float, deduction: float = 0.0) -> Issue:
    """Settle a pre-allocation with the fixed quota and a deduction decided earlier.

    References
    ----------
    Notes 7 and 8 of table 2-5, consultation text 2025-2026.

    Examples
    --------
    >>> issue(50_000, 30_000, 70_000).issued, issue(50_000, 30_000, 70_000).outstanding
    (0.0, 40000.0)
    """
    early = min(pre, deduction)
    left = deduction - early
    difference = quota - pre
    returned = min(-difference, early) if difference < 0 else 0.0
    late = min(difference, left) if difference > 0 else 0.0
    return Issue(
        float(early),
        float(pre - early),
        float(difference),
        float(late),
        float(returned),
        float(difference + returned - late),
        float(left + returned - late),
    )


def released(issued: float, obligation: float) -> tuple[float, float]:
    """Return what a held quota releases and what must be bought [t]: for firms closed, in default or at risk.

    Examples
    --------
    >>> released(1_200_000, 1_000_000), released(800_000, 1_000_000)
    ((200000, 0.0), (0.0, 200000))
    """
    return max(0.0, issued - obligation), max(0.0, obligation - issued)
