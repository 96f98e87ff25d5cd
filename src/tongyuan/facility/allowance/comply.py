"""The cheapest way to comply: buy, offset, save, or measure carbon instead of taking the default."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain, combinations
from math import ceil, floor

from tongyuan.facility.allowance.surrender import offset_limit


@dataclass(frozen=True)
class Saving:
    """A way to lower the verified emission.

    Attributes
    ----------
    amount
        Greatest saving of the obligation [t].
    cost
        Cost of a tonne saved [yuan/t]; of a `whole` one (measuring carbon, say) the cost of all [yuan].
    quota_share
        How much of a tonne saved is lost again from the quota [t/t]: 0 under a benchmark of output, near 1
        where the quota follows the verified emission.
    whole
        Whether it can be had only as a whole.
    """

    name: str
    amount: float
    cost: float
    quota_share: float = 0.0
    whole: bool = False


@dataclass(frozen=True)
class Compliance:
    """What is bought, offset and saved [t], and what it costs [yuan]."""

    bought: float
    offsets: float
    saved: dict[str, float]
    cost: float
    sold: float


def cheapest(
    obligation: float,
    held: float,
    year: int,
    price: float,
    *,
    offset_price: float | None = None,
    offset_available: float = float("inf"),
    savings: Sequence[Saving] = (),
    sell: bool = False,
) -> Compliance:
    """Return the least-cost way to pay an obligation.

    Parameters
    ----------
    obligation, held
        What is owed and the usable allowances and offsets already held [t].
    price, offset_price
        Price of an allowance and of a CCER [yuan/t]; without an offset price none are bought.
    savings
        Ways to save. Saving a tonne lowers the limit of offsets with the obligation.
    sell
        Whether allowances left over are sold at `price`.

    Notes
    -----
    For each choice of whole savings the cost is piecewise linear and convex in what each other saving is used
    for, and the price of a tonne is the same for all: the least lies where a saving begins or ends, where the
    need is met, or where the limit of offsets, a whole number of tonnes, meets it or has just grown. All
    these places are tried.
    """
    whole = [s for s in savings if s.whole]
    rest = sorted((s for s in savings if not s.whole), key=lambda s: s.cost / max(1e-12, 1 - s.quota_share))
    sets = chain.from_iterable(combinations(whole, k) for k in range(len(whole) + 1))
    best: Compliance | None = None
    for chosen in sets:
        for stop in _stops(obligation, held, chosen, rest, year, sell):
            offers = (price, offset_price, offset_available)
            tried = _cost(obligation, held, year, offers, chosen, rest, stop, sell)
            if best is None or tried.cost < best.cost - 1e-9:
                best = tried
    assert best is not None
    return best


def _stops(
    obligation: float, held: float, chosen: Sequence[Saving], rest: Sequence[Saving], year: int, sell: bool
) -> list[float]:
    """Return the amounts of divisible saving at which the least cost can lie."""
    ends, reached = [0.0], 0.0
    for s in rest:
        reached += s.amount
        ends.append(reached)
    if not sell:
        taken = 0.0
        need = obligation - held - sum(s.amount * (1 - s.quota_share) for s in chosen)
        share = offset_limit(1e9, year) / 1e9
        for s in rest:
            for rate, wanted in (
                (1 - s.quota_share, need),
                (1 - s.quota_share - share, need - share * obligation),
            ):
                if rate > 0 and 0 < wanted / rate < s.amount:
                    ends.append(taken + wanted / rate)
            need -= s.amount * (1 - s.quota_share)
            taken += s.amount
    # Offsets are whole tonnes: where the limit just reaches one, beside each end, less saving may cost less.
    owed, share = obligation - sum(s.amount for s in chosen), offset_limit(1e9, year) / 1e9
    if share > 0:
        steps = {owed - whole((owed - end) * share) / share for end in ends for whole in (floor, ceil)}
        ends += sorted(step for step in steps if 0 < step < reached)
    return ends


def _cost(
    obligation: float,
    held: float,
    year: int,
    offers: tuple[float, float | None, float],
    chosen: Sequence[Saving],
    rest: Sequence[Saving],
    stop: float,
    sell: bool,
) -> Compliance:
    price, offset_price, offset_available = offers
    saved = {s.name: s.amount for s in chosen}
    cost = sum(s.cost for s in chosen)
    quota_lost = sum(s.amount * s.quota_share for s in chosen)
    left = stop
    for s in rest:
        amount = min(s.amount, left)
        if amount <= 0:
            break
        saved[s.name] = amount
        cost += amount * s.cost
        quota_lost += amount * s.quota_share
        left -= amount
    owed = max(0.0, obligation - sum(saved.values()))
    need = owed - (held - quota_lost)
    offsets = 0.0
    if offset_price is not None and offset_price < price:
        offsets = max(0.0, min(need if not sell else owed, offset_limit(owed, year), offset_available))
        cost += offsets * offset_price
    bought = max(0.0, need - offsets)
    sold = max(0.0, offsets - need) if sell else 0.0
    return Compliance(bought, offsets, saved, cost + bought * price - sold * price, sold)
