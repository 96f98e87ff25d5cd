"""Units: conversion of the spellings of Chinese statistics and of the factor data bases.

How a unit text is read stands in :mod:`tongyuan.reference.unit.reading`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache, lru_cache, reduce
from operator import mul
from typing import Any

from tongyuan.reference.shelf import Language
from tongyuan.reference.unit.quantity import Quantity, evaluate
from tongyuan.reference.unit.reading import Reading, Term, UnitError, clean, lines

# dimension name -> canonical unit; the order is that in which a dimension is looked for
_CANONICAL = {
    "mass": "t",
    "energy": "TJ",
    "volume": "m3",
    "area": "ha",
    "distance": "km",
    "head": "head",
    "vehicle": "vehicle",
    "person": "person",
    "household": "household",
    "item": "item",
    "money": "CNY",
    "money_usd": "USD",
    "money_eur": "EUR",
    "pollutant_equivalent": "pollutant_equivalent",
    "power": "MW",
    "pressure": "MPa",
    "time": "a",
    "temperature": "K",
    "amount": "mol",
    "freight": "t*km",
    "passenger": "person*km",
    "traffic": "vehicle*km",
    "fraction": "fraction",
}
_EXPRESSION = {"m3": "m**3"}


@dataclass(frozen=True)
class Ratio:
    """A unit split at its division: value × `numerator` / `denominator` is in canonical units."""

    numerator: float
    denominator: float
    numerator_unit: str
    denominator_unit: str


@cache
def _dimensions() -> dict[Any, str]:
    return {evaluate(_EXPRESSION.get(unit, unit)).powers: name for name, unit in _CANONICAL.items()}


def _product(terms: tuple[Term, ...]) -> Quantity:
    return reduce(mul, (term.quantity for term in terms), Quantity(1.0))


def _reduce(terms: tuple[Term, ...]) -> tuple[float, str]:
    """Return the factor and the canonical unit of a product of terms (``""`` when there are none)."""
    if not terms:
        return 1.0, ""
    product = _product(terms)
    name = _dimensions().get(product.powers)
    if name is not None:
        unit = _CANONICAL[name]
        return product.factor / evaluate(_EXPRESSION.get(unit, unit)).factor, unit
    if len(terms) == 1:
        return product.factor, product.base
    factor, names = 1.0, []
    for term in terms:
        part, unit = _reduce((term,))
        factor *= part
        if unit != "fraction":
            names.append(unit)
    return factor, "*".join(names)


def parse(text: str) -> Quantity:
    """Return the quantity that `text` stands for, e.g. ``万吨`` → 10,000 t, in base units.

    Parameters
    ----------
    text
        A spelling such as ``万吨标准煤``, ``10^8 m3``, ``kg/(head·a)`` or ``g/Mg``.

    Raises
    ------
    UnitError
        If any part of the text is not a known unit, or has two readings.
    """
    above, below = lines(text)
    return _product(above) / _product(below)


@lru_cache(maxsize=4096)
def readings(text: str) -> tuple[Reading, ...]:
    """Return the parts of `text` that have two readings, of which one was chosen: ``104 t``, ``Mm3``.

    Raises
    ------
    UnitError
        If `text` cannot be read.
    """
    above, below = lines(text)
    return tuple(dict.fromkeys(reading for term in above + below for reading in term.readings))


@lru_cache(maxsize=4096)
def factor(source: str, target: str) -> float:
    """Return the number by which a value in `source` is multiplied to be in `target`.

    Raises
    ------
    UnitError
        If either text is unknown or they measure different things (``t`` and ``tce``, say).
    """
    ratio = parse(source) / parse(target)
    if ratio.powers:
        raise UnitError(source, target)
    return ratio.factor


def convert(value: Any, source: str, target: str) -> Any:
    """Return `value` (a number, numpy array, polars series or expression) in `target` instead of `source`."""
    return value * factor(source, target)


@lru_cache(maxsize=4096)
def canonical(text: str) -> tuple[float, str]:
    """Return factor and canonical unit of `text`: ``万吨`` → (10000, ``t``), ``kg/TJ`` → (1e-3, ``t/TJ``)."""
    ratio = split_ratio(text)
    if not ratio.denominator_unit:
        return ratio.numerator / ratio.denominator, ratio.numerator_unit
    below = ratio.denominator_unit
    unit = f"{ratio.numerator_unit}/({below})" if "*" in below else f"{ratio.numerator_unit}/{below}"
    return ratio.numerator / ratio.denominator, unit


@lru_cache(maxsize=4096)
def split_ratio(text: str) -> Ratio:
    """Return numerator and denominator of `text`, each with its factor to canonical units.

    ``kg/TJ`` gives ``Ratio(0.001, 1.0, "t", "TJ")``; a plain unit has an empty denominator unit.
    """
    above, below = lines(text)
    numerator, numerator_unit = _reduce(above)
    denominator, denominator_unit = _reduce(below)
    if denominator_unit == "fraction":
        denominator_unit = ""
    return Ratio(numerator, denominator, numerator_unit or "fraction", denominator_unit)


@lru_cache(maxsize=4096)
def dimension(text: str) -> str:
    """Return what `text` measures: ``mass``, ``energy``, ``volume``, ``head``, ``mass/energy`` …"""

    def name(terms: tuple[Term, ...]) -> str:
        found = _dimensions().get(_product(terms).powers)
        return found or "*".join(_dimensions().get(t.quantity.powers, "other") for t in terms)

    above, below = lines(text)
    names = name(above) if above else "fraction"
    return f"{names}/{name(below)}" if below and name(below) != "fraction" else names


def known(text: str) -> bool:
    """Return whether `text` can be read as a unit."""
    try:
        lines(text)
    except UnitError:
        return False
    return True


_HIGH = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
_DOWN = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789")
_TEN = {"10⁴ ": "万", "10⁸ ": "亿"}
_BELOW = {"/10^4 ": "/10,000 ", "/10^8 ": "/100 million "}
"""What an amount is told by: t/10,000 m³."""
_CHINESE = {
    "t": "吨",
    "kW": "千瓦",
    "tce": "吨标准煤",
    "CNY": "元",
    "m2": "平方米",
    "m3": "立方米",
    "head": "头",
    "km": "公里",
    "item": "个",
    "person": "人",
    "kg": "千克",
    "kWh": "千瓦时",
    "ha": "公顷",
    "vehicle": "辆",
    "household": "户",
    "yr": "年",
}


def plain(unit: str) -> str:
    """Return a unit with its Chinese words as symbols and its powers as ``10^4``: 万千瓦 is ``10^4 kW``."""
    for power, word in _TEN.items():
        unit = unit.replace(word, power)
    for symbol in sorted(_CHINESE, key=lambda key: len(_CHINESE[key]), reverse=True):
        unit = unit.replace(_CHINESE[symbol], symbol)
    return re.sub(r"10([⁰¹²³⁴⁵⁶⁷⁸⁹]+) ?", lambda m: f"10^{m[1].translate(_DOWN)} ", unit)


def text(unit: str | None, language: Language) -> str:
    """Return a unit as people write it: 万吨 or 10⁴ t, in whichever of the two it was given."""
    if not unit:
        return ""
    if language == "en":
        unit = plain(unit)
        for power, said in _BELOW.items():
            unit = unit.replace(power, said)
    shown = re.sub(r"10\^(\d+) ", lambda m: f"10{m[1].translate(_HIGH)} ", unit)
    shown = re.sub(r"\b([µm]g)/m3\b", r"\1/m³", re.sub(r"\b[uμ]g\b", "µg", shown))
    if language == "en":
        return (
            shown.replace("item", "").replace("CNY", "yuan").replace("m2", "m²").replace("m3", "m³").strip()
        )
    for power, word in _TEN.items():
        shown = shown.replace(power, word)
    parts = (
        re.sub(r"^(万|亿)?(\w+)$", lambda m: (m[1] or "") + _CHINESE.get(m[2], m[2]), part)
        for part in shown.split("/")
    )
    return "/".join(parts).replace("µg/m³", "微克/立方米").replace("mg/m³", "毫克/立方米")


__all__ = [
    "Ratio", "Reading", "UnitError", "canonical", "clean", "convert", "dimension", "factor", "known", "parse",
    "plain", "readings", "split_ratio", "text",
]  # fmt: skip
