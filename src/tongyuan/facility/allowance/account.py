"""The allowance account: from units and lines to what is owed, held and lacking, line by line."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from tongyuan.facility.allowance.comply import Saving, cheapest
from tongyuan.facility.allowance.exempt import Facts, reason
from tongyuan.facility.allowance.industry import industry_quota
from tongyuan.facility.allowance.penalty import not_surrendered
from tongyuan.facility.allowance.power import power_quota, with_unit_top_up
from tongyuan.facility.allowance.rule import RuleError, class_of
from tongyuan.facility.allowance.settle import fixed, issue
from tongyuan.facility.allowance.surrender import Offset, borrowing, offset_limit, position
from tongyuan.facility.rounding import floor_tonnes

UNITS = {
    "class": "",
    "load_factor": "",
    "distance_to_edge": "%",
    "power_quota": "t",
    "heat_quota": "t",
    "intensity": "t/t",
    "balance": "t/t",
    "coefficient": "",
    "exempt": "",
    "initial": "t",
    "unit_quota": "t",
    "verified": "t",
    "sum_initial": "t",
    "top_up": "t",
    "fixed": "t",
    "gap_rate_initial": "%",
    "gap_rate": "%",
    "waived": "t",
    "obligation": "t",
    "borrowable": "t",
    "offset_limit": "t",
    "offsets_used": "t",
    "pre_issued": "t",
    "issued": "t",
    "outstanding": "t",
    "held": "t",
    "short": "t",
    "left": "t",
    "cost_to_buy": "CNY",
    "cheapest_cost": "CNY",
    "cheapest_offsets": "t",
    "cheapest_saved": "t",
    "cheapest_bought": "t",
    "fine_low": "CNY",
    "fine_high": "CNY",
    "no_rule": "",
    "no_balance": "",
}
"""Every line the account can have, in order, with its unit."""


@dataclass(frozen=True)
class Unit:
    """A generating unit, kiln line, process or works of one year.

    Attributes
    ----------
    power, heat
        [MWh] on the basis of the year, [GJ]; of power only.
    load
        [%]
    product
        Tonnes of the product of the sector's intensity; of industry only.
    intensity_emission
        Emission in that intensity [t]; the verified emission where it is None.
    """

    name: str
    verified: float
    power: float = 0.0
    heat: float = 0.0
    load: float | None = None
    heat_ratio: float = 0.0
    capacity: float | None = None
    fuel: str = "conventional_coal"
    cooling: str = "water"
    product: float = 0.0
    intensity_emission: float | None = None
    facts: Facts = field(default_factory=Facts)


@dataclass(frozen=True)
class Line:
    """One line: `unit` is empty for the enterprise; `text` stands where there is no number."""

    unit: str
    line: str
    value: float | None
    text: str = ""
    source: str = ""
    stage: str = ""


def allowance_account(
    sector: str,
    year: int,
    units: Sequence[Unit],
    *,
    balance: float | None = None,
    holding: Mapping[int, float] | None = None,
    offsets: Sequence[Offset] = (),
    price: float | None = None,
    offset_price: float | None = None,
    savings: Sequence[Saving] = (),
    due: date | None = None,
    pre: float | None = None,
    deduction: float = 0.0,
    drafts: bool = True,
) -> list[Line]:
    """Return the account of one enterprise and year.

    Parameters
    ----------
    sector
        ``power``, ``steel``, ``cement`` or ``aluminium``.
    balance
        Balance value of the sector [t/t], where the quota follows the intensity.
    holding
        Allowances on the account by vintage, without those of this allocation [t]; None where the account is
        not known, and then position and costs count the fixed quota alone.
    price, offset_price
        [yuan/t]; without a price there are no costs.
    due
        Day of surrender; the last day of the year after `year` when None (`penalty` by its law).
    pre, deduction
        Allocated beforehand, and still to be deducted by decisions of earlier years [t].
    drafts
        Whether consultation texts act.

    Returns
    -------
    list of Line
        Lines of the units first, those of the enterprise after; where no rule holds, the line
        ``no_rule`` says which is lacking and the account ends there.
    """
    lines: list[Line] = []
    quotas, whole = [], True
    for unit in units:
        made, quota = _unit(sector, year, unit, balance, drafts)
        lines += made
        whole = whole and quota is not None
        quotas.append(quota or 0.0)
    if not whole or not units:
        return lines
    verified = sum(u.verified for u in units)
    gas_only = all(u.fuel == "gas_fired" for u in units)
    try:
        settled = fixed(sector, year, sum(quotas), floor_tonnes(verified), gas_only=gas_only)
    except RuleError as error:
        return [*lines, Line("", "no_rule", None, error.what)]
    for name in ("top_up", "fixed", "gap_rate_initial", "gap_rate", "verified", "waived", "obligation"):
        lines.append(Line("", name, float(getattr(settled, name))))
    lines.insert(-7, Line("", "sum_initial", settled.initial))
    borrow = borrowing(sector, year, settled.fixed, settled.verified)
    if borrow:
        lines.append(Line("", "borrowable", borrow))
    given = issue(pre or 0.0, settled.fixed, deduction)
    if pre is not None or deduction:
        lines += [
            Line("", name, float(getattr(given, name))) for name in ("pre_issued", "issued", "outstanding")
        ]
    own = {year: given.pre_issued + given.issued}
    for vintage, amount in (holding or {}).items():
        own[vintage] = own.get(vintage, 0.0) + amount
    stand = position(year, settled.obligation, own, offsets)
    lines += [
        Line("", "offset_limit", offset_limit(settled.obligation, year)),
        Line("", "offsets_used", stand.offsets),
        Line("", "held", sum(own.values())),
        Line("", "short", stand.short),
        Line("", "left", sum(stand.left.values())),
    ]
    if price is not None:
        lines += _costs(
            year, settled.obligation, stand.short, price, offset_price, stand.offsets, savings, due
        )
    return lines


def _unit(
    sector: str, year: int, unit: Unit, balance: float | None, drafts: bool
) -> tuple[list[Line], float | None]:
    why = reason(sector, year, unit.facts)
    if why:
        quota = floor_tonnes(unit.verified)
        return [Line(unit.name, "exempt", None, why), Line(unit.name, "unit_quota", quota)], quota
    try:
        if sector == "power":
            return _power(year, unit, drafts)
        return _industry(sector, year, unit, balance, drafts)
    except RuleError as error:
        text = "draft" if error.draft else f"{error.what}:{error.sector}"
        return [Line(unit.name, "no_rule", None, text)], None


def _power(year: int, unit: Unit, drafts: bool) -> tuple[list[Line], float | None]:
    if unit.capacity is None or unit.load is None:
        return [Line(unit.name, "no_rule", None, "capacity" if unit.capacity is None else "load")], None
    name = class_of(unit.capacity, unit.fuel)
    got = power_quota(
        year,
        name,
        unit.power,
        unit.heat,
        load=unit.load,
        heat_ratio=unit.heat_ratio,
        cooling=unit.cooling,
        drafts=drafts,
    )
    quota = with_unit_top_up(got.initial, floor_tonnes(unit.verified), name, year)
    source, stage = got.benchmark.source, got.benchmark.stage
    lines = [
        Line(unit.name, "class", None, name, source, stage),
        Line(unit.name, "load_factor", got.load, "", source, stage),
        Line(unit.name, "power_quota", got.power_quota, "", source, stage),
        Line(unit.name, "heat_quota", got.heat_quota, "", source, stage),
        Line(unit.name, "initial", got.initial, "", source, stage),
        Line(unit.name, "unit_quota", quota, "", source, stage),
        Line(unit.name, "verified", unit.verified),
    ]
    if got.edge_distance is not None:
        lines.insert(2, Line(unit.name, "distance_to_edge", got.edge_distance, "", source, stage))
    return lines, quota


def _industry(
    sector: str, year: int, unit: Unit, balance: float | None, drafts: bool
) -> tuple[list[Line], float | None]:
    emission = unit.verified if unit.intensity_emission is None else unit.intensity_emission
    intensity = emission / unit.product if unit.product > 0 else None
    try:
        got = industry_quota(sector, year, unit.verified, intensity or 0.0, balance, drafts=drafts)
    except ValueError:
        return [Line(unit.name, "no_balance", None, "balance")], None
    if got.distance is not None and intensity is None:
        return [Line(unit.name, "no_rule", None, "product")], None
    lines = [
        Line(unit.name, "intensity", intensity),
        Line(unit.name, "coefficient", got.coefficient, "", got.source, got.stage),
        Line(unit.name, "initial", got.quota, "", got.source, got.stage),
        Line(unit.name, "unit_quota", got.quota, "", got.source, got.stage),
        Line(unit.name, "verified", unit.verified),
    ]
    if got.distance is not None:
        lines.insert(1, Line(unit.name, "balance", balance, "", got.source, got.stage))
    return lines, got.quota


def _costs(
    year: int,
    obligation: float,
    short: float,
    price: float,
    offset_price: float | None,
    offsets_used: float,
    savings: Sequence[Saving],
    due: date | None,
) -> list[Line]:
    fine = not_surrendered(short, price, due or date(year + 1, 12, 31))
    room = max(0.0, offset_limit(obligation, year) - offsets_used)
    best = cheapest(
        obligation - offsets_used,
        obligation - offsets_used - short,
        year,
        price,
        offset_price=offset_price,
        offset_available=room,
        savings=savings,
    )
    saved = ", ".join(f"{name} {amount:.0f} t" for name, amount in best.saved.items())
    return [
        Line("", "cost_to_buy", short * price),
        Line("", "cheapest_cost", best.cost),
        Line("", "cheapest_bought", best.bought),
        Line("", "cheapest_offsets", best.offsets),
        Line("", "cheapest_saved", sum(best.saved.values()), saved),
        Line("", "fine_low", fine.low, "", fine.source, "final" if fine.source else ""),
        Line("", "fine_high", fine.high, "", fine.source, "final" if fine.source else ""),
    ]
