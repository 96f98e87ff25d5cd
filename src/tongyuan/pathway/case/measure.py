"""What every name of a plan is counted in: one unit per flow, technology, species, group and receptor.

The unit of a flow is that of table ``flow``, the units of a technology those of its first row of table
``technology_option``; a species is counted in the canonical unit of what it measures (a mass in t), a
receptor in the numerator of its first rate.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import polars as pl

from tongyuan.reference import units
from tongyuan.reference.unit.quantity import Quantity
from tongyuan.reference.units import UnitError

Tables = Mapping[str, pl.DataFrame]

UNITS_IN = ("technology_option", "emission_coefficient", "response", "quantity_member", "flow")
"""Tables that say what names are counted in (:func:`units_of`)."""

FLOWING = ("production", "consumption", "purchase")
"""Kinds of quantity that are amounts of a flow."""

YEARLY = re.compile(r"(?:/\s*(?:a|yr|year|年)|每年)$")
HOURS = 8760.0
"""Hours of a year in which a unit of capacity runs."""


def per(above: str, below: str) -> str:
    """Return the unit `above` per `below` as a text that can be read again: ``t`` and ``t/h`` → ``t*h/t``."""
    top, *bottoms = below.split("/")
    return "*".join([above, *bottoms]) + f"/{top}"


@lru_cache(maxsize=4096)
def factor(unit: str, above: str, below: str = "") -> float:
    """Return the number that brings a value in `unit` to `above` per `below`; an empty text is a pure number.

    Raises
    ------
    UnitError
        If a text is no unit, or they measure different things.
    """
    ratio = _parsed(unit) * _parsed(below) / _parsed(above)
    if ratio.powers:
        raise UnitError(unit, per(above, below) if below else above)
    # 15 digits, so that what is 1 or a power of ten is just that
    return float(f"{ratio.factor:.15g}")


def _parsed(text: str) -> Quantity:
    return Quantity(1.0) if text in ("", "1") else units.parse(_flat(text))


def _flat(text: str) -> str:
    """Return a unit without brackets around what stands above the line: ``(ug/m3)/t`` → ``ug/m3/t``."""
    return re.sub(r"^\(([^()]*)\)", r"\1", text)


def money(text: str) -> tuple[float, str]:
    """Return what a text of money is: ``万元`` → (10000, ``CNY``), ``GBP`` → (1, ``GBP``).

    Raises
    ------
    UnitError
        If it is no money.
    """
    try:
        ratio = units.split_ratio(text)
        if not ratio.denominator_unit and units.dimension(ratio.numerator_unit).startswith("money"):
            return ratio.numerator / ratio.denominator, ratio.numerator_unit
    except UnitError:
        pass
    if re.fullmatch(r"[A-Z]{3}", text):
        return 1.0, text
    raise UnitError(text, "CNY")


@lru_cache(maxsize=4096)
def priced(unit: str, below: str) -> tuple[float, str]:
    """Return how a price comes to one unit of money per `below`: ``万元/t``, ``t`` → (10000, ``CNY``).

    Raises
    ------
    UnitError
        If the unit is no money per unit of what `below` measures.
    """
    currency = units.split_ratio(unit).numerator_unit
    if not units.dimension(currency).startswith("money"):
        raise UnitError(unit, per("CNY", below))
    return factor(unit, currency, below), currency


@dataclass(frozen=True)
class Units:
    """The one unit of every name, by kind; a name without a unit of its own is absent."""

    flow: Mapping[str, str]
    technology: Mapping[str, str]
    capacity: Mapping[str, str]
    species: Mapping[str, str]
    receptor: Mapping[str, str]
    group: Mapping[str, tuple[tuple[str, float, str], ...]]

    def of(self, kind: str, name: str) -> str:
        """Return the unit in which a quantity of `kind` (but cost) is counted, empty when it has none."""
        if name in self.group and kind != "concentration":
            first, _, unit = self.group[name][0]
            return _numerator(unit) if unit else self.of_member(kind, first)
        return self.of_member(kind, name)

    def of_member(self, kind: str, name: str) -> str:
        """Return the unit of a name that is no group."""
        home = {
            "emission": self.species,
            "concentration": self.receptor,
            "activity": self.technology,
            "capacity": self.capacity,
        }
        return home.get(kind, self.flow).get(name, "")

    def weights(self, kind: str, name: str, only: str = "") -> dict[str, float]:
        """Return the members of a group (or `only` one) with their weights per unit of each.

        A name that is no group is its own member with weight 1.

        Raises
        ------
        UnitError
            If a member has another dimension than the first, and no unit of its weight says how it counts.
        """
        if name not in self.group:
            return {name: 1.0}
        # a species that nothing emits has no unit of its own
        bare = "t" if kind == "emission" else ""
        whole = self.of(kind, name) or bare
        found = {}
        for member, weight, unit in self.group[name]:
            own = self.of_member(kind, member) or bare
            if only not in ("", member):
                continue
            if unit and own:
                weight = weight * factor(unit, whole, own)
            elif own and whole and own != whole:
                weight = weight * factor(own, whole)
            found[member] = weight
        return found

    def joins(self, kind: str, name: str, member: str) -> bool:
        """Tell whether a member of a group can be counted in the unit of the group."""
        try:
            self.weights(kind, name, member)
        except UnitError:
            return False
        return True


def _numerator(unit: str) -> str:
    return units.split_ratio(unit).numerator_unit


def _first(frame: pl.DataFrame, key: str, unit: str) -> dict[str, str]:
    """Return the first unit given for every name."""
    given = frame.lazy().filter(pl.col(unit) != "").select(key, unit)
    return dict(given.unique(key, keep="first", maintain_order=True).collect().iter_rows())


def units_of(tables: Tables) -> Units:
    """Return the one unit of every flow, technology, species, receptor and group of `tables`."""
    technology = tables["technology_option"]
    species = {}
    for name, unit in _first(tables["emission_coefficient"], "species", "unit").items():
        try:
            species[name] = _numerator(unit)
        except UnitError:
            continue
    receptor = {}
    for name, unit in _first(tables["response"], "receptor", "unit").items():
        receptor[name] = re.split(r"/(?=[^/]*$)", _flat(unit))[0]
    group: dict[str, tuple[tuple[str, float, str], ...]] = {}
    for name, *member in tables["quantity_member"].select("quantity", "member", "weight", "unit").iter_rows():
        group[name] = (*group.get(name, ()), tuple(member))
    return Units(
        _first(tables["flow"], "flow", "unit"),
        _first(technology, "technology", "unit"),
        _first(technology, "technology", "capacity_unit"),
        species,
        receptor,
        group,
    )


def readable(text: str) -> bool:
    """Tell whether `text` is a unit."""
    return units.known(_flat(text))


def full_year(capacity: str, activity: str) -> float | None:
    """Return the activity of one unit of capacity in a year of 8,760 h, None where the units do not say.

    1 MW is 8,760 MWh; 1 t/a is 1 t.
    """
    if not (capacity and activity and readable(capacity) and readable(activity)):
        return None
    try:
        if YEARLY.search(capacity):
            return factor(YEARLY.sub("", capacity), activity)
        return HOURS * factor(capacity, activity, "h")
    except UnitError:
        return None


@dataclass(frozen=True)
class Bound:
    """How the number of a target is to be read.

    Parameters
    ----------
    share
        Number by which the bound is multiplied to be a share of the base year; 1 for an absolute bound.
    scale
        Units of the quantity in one unit of the target: a bound or base value times `scale` is in the unit
        of the quantity, a result divided by it in the unit of the target.
    unit
        The unit of the target as it is shown; empty for a pure number.
    pure
        Whether it is a ratio of two things of one dimension.
    """

    share: float
    scale: float
    unit: str
    pure: bool


def bound_of(known: Units, row: Mapping[str, Any], currency: str) -> Bound:
    """Return how bound and base value of a row of table ``target`` are to be read.

    Raises
    ------
    UnitError
        If the unit does not fit the quantity; ``other`` says what would.
    """

    def own(kind: str, name: str) -> str:
        return currency if kind == "cost" else known.of(kind, name)

    above, text = own(row["quantity_kind"], row["quantity"]), row["unit"] or ""
    ratio = bool(row["denominator_kind"])
    below = own(row["denominator_kind"], row["denominator"]) if ratio else ""
    pure = ratio and _pure(above, below)
    natural = "" if pure else per(above, below) if ratio and above and below else above
    share = 1.0
    if row["basis"] == "share_of_base" and (text in ("", "1") or _pure(text, "")):
        share, text = factor(text, ""), ""
    if not text:
        scale = factor("", above, below) if pure else 1.0
        return Bound(share, scale, natural, pure)
    if not above or (ratio and not below):
        raise UnitError(
            text, "capacity_unit" if "capacity" in (row["quantity_kind"], row["denominator_kind"]) else ""
        )
    return Bound(share, factor(text, above, below), text, pure)


def _pure(above: str, below: str) -> bool:
    """Tell whether two units measure the same thing."""
    try:
        factor(above, below)
    except UnitError:
        return False
    return True
