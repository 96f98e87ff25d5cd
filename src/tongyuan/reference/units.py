"""Units: the spellings of Chinese statistics and of the factor data bases, on top of pint.

A unit text is parsed once, term by term: an optional number (``10^4``, ``1e6``), an optional Chinese
magnitude (万, 亿, 百万 …), then a spelling of shelf ``unit`` or a metric unit. Nothing is built at import.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Any, TypeVar

from tongyuan.reference.shelf import Language, shelf

if TYPE_CHECKING:
    import pint

Number = TypeVar("Number")

_DEFINITIONS = (
    "head = [head]",
    "vehicle = [vehicle]",
    "person = [person]",
    "household = [household]",
    "item = [item]",
    "CNY = [money_cny]",
    "USD = [money_usd]",
    "EUR = [money_eur]",
    "pollutant_equivalent = [pollutant_equivalent]",
    "fraction = []",
    "kgce = 29.3076 * megajoule",
    "gce = 1e-3 * kgce",
    "tce = 1e3 * kgce",
    "jin = 0.5 * kilogram",
    "weight_case = 50 * kilogram",
    "mu_area = 10000 / 15 * meter ** 2",
    "steam_ton = 0.7 * megawatt",
)

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
_MAGNITUDE = {
    "百万": 1e6, "千万": 1e7, "十亿": 1e9, "百亿": 1e10, "千亿": 1e11, "万亿": 1e12,
    "万": 1e4, "亿": 1e8, "千": 1e3, "百": 1e2, "十": 10.0,
}  # fmt: skip
_WORD = {"thousand": 1e3, "million": 1e6, "billion": 1e9}
_SUPERSCRIPT = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻⁺", "0123456789-+")
_NUMBER = re.compile(
    r"^(?:(\d{1,9}(?:\.\d{1,9})?)\s*[x×]\s*)?"
    r"(10\^\d{1,2}|\d{1,3}(?:[ ,]\d{3}){1,5}(?!\d)|\d{1,15}(?:\.\d{1,15})?(?:[eE][+-]?\d{1,2})?)"
    r"\s*\*?\s*(?=[^\s\d])"
)
_METRIC = re.compile(
    r"[PTGMkhcmμunp]?(?:g|t|J|W|Wh|m|L|Pa|cal|toe|mol)|[kMG]?BTU|foot|inch|acre|barrel|gallon|short_ton|jin"
    r"|mu_area|weight_case|steam_ton|horsepower|nautical_mile|kelvin"
)
_GAS = (
    r"\s*(?:CO2当量|CO2-?eq?|CO2|二氧化碳当量|二氧化碳|CH4|甲烷|N2O|SF6|NF3|CF4|C2F6"
    r"|SO2|SOx|NOx|NH3|COD|VOCs?|NMVOC)"
)
_WITH_GAS = re.compile(rf"^(?P<unit>t|kg|Kg|g|mg|ug|μg|kt|Mt|Gg|tonnes?|吨|千克|公斤|克){_GAS}$")


class UnitError(ValueError):
    """A unit text that cannot be read, or two units that measure different things."""

    def __init__(self, text: str, other: str = "") -> None:
        self.text = text
        self.other = other
        message = (
            f"unit {text!r} cannot be converted to {other!r}" if other else f"unit {text!r} is not known"
        )
        super().__init__(f"unit {text!r} {message}")


@dataclass(frozen=True)
class Ratio:
    """A unit split at its division: value × `numerator` / `denominator` is in canonical units."""

    numerator: float
    denominator: float
    numerator_unit: str
    denominator_unit: str


@cache
def registry() -> pint.UnitRegistry[Any]:
    """Return the pint registry with the units of Chinese statistics (built on the first call)."""
    import pint

    units: pint.UnitRegistry[Any] = pint.UnitRegistry()
    for definition in _DEFINITIONS:
        units.define(definition)
    return units


@cache
def _spellings() -> dict[str, str]:
    frame = shelf("unit")
    return {clean(text): unit for text, unit in zip(frame["spelling"], frame["unit"], strict=True)}


def clean(text: str) -> str:
    """Return `text` with width, blanks, superscripts and dashes unified; case is kept (Mg is not mg)."""
    text = re.sub(r"[⁰¹²³⁴⁵⁶⁷⁸⁹⁻⁺]+", lambda m: "^" + m.group().translate(_SUPERSCRIPT), text)
    text = unicodedata.normalize("NFKC", text).replace("µ", "μ").replace("**", "^")
    text = re.sub(r"[‐‑‒–—−]", "-", text)
    return " ".join(text.split())


@lru_cache(maxsize=4096)
def _atom(text: str) -> Any:
    """Return the quantity of one term without division or exponent, else raise UnitError."""
    known = _spellings().get(text)
    if known is not None:
        return registry().Quantity(1.0, "") * registry().parse_expression(known)
    number = _NUMBER.match(text)
    if number:
        factor = float(number.group(1) or 1)
        power = number.group(2)
        factor *= 10.0 ** int(power[3:]) if power.startswith("10^") else float(re.sub("[ ,]", "", power))
        if factor == 0:
            raise UnitError(text)
        return factor * _atom(text[number.end() :])
    word, _, rest = text.partition(" ")
    if word.lower() in _WORD and rest:
        return _WORD[word.lower()] * _atom(rest)
    for magnitude, factor in _MAGNITUDE.items():
        if text.startswith(magnitude) and len(text) > len(magnitude):
            try:
                return factor * _atom(text[len(magnitude) :])
            except UnitError:
                continue
    gas = _WITH_GAS.match(text)
    if gas:
        return _atom(gas.group("unit"))
    if _METRIC.fullmatch(text):
        return registry().Quantity(1.0, "") * registry().parse_expression(text)
    raise UnitError(text)


def _term(text: str) -> tuple[Any, bool]:
    """Return the quantity of one term and whether a negative exponent puts it below the line."""
    try:
        return _atom(text), False
    except UnitError:
        power = re.fullmatch(r"(.*?[^\d\s])(?:\^|\s)?(-?[1-9])", text)
        if power is None:
            raise
        exponent = int(power.group(2))
        return _atom(power.group(1).strip()) ** abs(exponent), exponent < 0


def _pieces(text: str) -> list[str]:
    """Split a product into its terms, keeping spellings of the shelf whole."""
    whole = text.strip().strip("()（）").strip()
    try:
        _term(whole)
    except UnitError:
        pass
    else:
        return [whole]
    pieces = [piece.strip() for piece in re.split(r"[*·⋅•×]", whole) if piece.strip()]
    if len(pieces) > 1:
        return [part for piece in pieces for part in _pieces(piece)]
    pieces = whole.split(" ")
    return [part for piece in pieces for part in _pieces(piece)] if len(pieces) > 1 else pieces


def _split(text: str) -> list[str]:
    """Split at division signs outside brackets."""
    parts, depth = [""], 0
    for character in text:
        if character in "(（":
            depth += 1
        elif character in ")）":
            depth -= 1
        if character in "/每" and depth == 0:
            parts.append("")
        else:
            parts[-1] += character
    return parts


@lru_cache(maxsize=4096)
def _lines(text: str) -> tuple[tuple[Any, ...], tuple[Any, ...]]:
    """Return the terms above and below the line of a unit text."""
    cleaned = clean(text)
    if not cleaned:
        raise UnitError(text)
    try:
        return (_atom(cleaned),), ()
    except UnitError:
        pass
    above: list[Any] = []
    below: list[Any] = []
    try:
        for position, part in enumerate(_split(cleaned)):
            if part.strip() == "" and position == 0:
                continue
            for piece in _pieces(part):
                quantity, inverse = _term(piece)
                (below if (position > 0) != inverse else above).append(quantity)
    except UnitError:
        raise UnitError(text) from None
    return tuple(above), tuple(below)


@cache
def _dimensions() -> dict[Any, str]:
    return {
        registry().parse_expression(_pint(unit)).dimensionality: name for name, unit in _CANONICAL.items()
    }


def _pint(unit: str) -> str:
    return {"m3": "m**3", "K": "kelvin"}.get(unit, unit)


def _product(terms: tuple[Any, ...]) -> Any:
    product = registry().Quantity(1.0, "")
    for term in terms:
        product = product * term
    return product


def _reduce(terms: tuple[Any, ...]) -> tuple[float, str]:
    """Return the factor and the canonical unit of a product of terms (``""`` when there are none)."""
    if not terms:
        return 1.0, ""
    product = _product(terms)
    name = _dimensions().get(product.dimensionality)
    if name is not None:
        unit = _CANONICAL[name]
        return float(product.to(_pint(unit)).magnitude), unit
    if len(terms) == 1:
        base = product.to_base_units()
        return float(base.magnitude), f"{base.units:~C}"
    factor, names = 1.0, []
    for term in terms:
        part, unit = _reduce((term,))
        factor *= part
        if unit != "fraction":
            names.append(unit)
    return factor, "*".join(names)


def parse(text: str) -> pint.Quantity[Any]:
    """Return the quantity that `text` stands for, e.g. ``万吨`` → 10,000 t.

    Parameters
    ----------
    text
        A spelling such as ``万吨标准煤``, ``10^8 m3``, ``kg/(head·a)`` or ``g/Mg``.

    Raises
    ------
    UnitError
        If any part of the text is not a known unit.
    """
    above, below = _lines(text)
    quantity: pint.Quantity[Any] = _product(above) / _product(below)
    return quantity


@lru_cache(maxsize=4096)
def factor(source: str, target: str) -> float:
    """Return the number by which a value in `source` is multiplied to be in `target`.

    Raises
    ------
    UnitError
        If either text is unknown or they measure different things (``t`` and ``tce``, say).
    """
    import pint

    from_unit, to_unit = parse(source), parse(target)
    try:
        return float((from_unit / to_unit).to("").magnitude)
    except pint.DimensionalityError:
        raise UnitError(source, target) from None


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
    above, below = _lines(text)
    numerator, numerator_unit = _reduce(above)
    denominator, denominator_unit = _reduce(below)
    if denominator_unit == "fraction":
        denominator_unit = ""
    return Ratio(numerator, denominator, numerator_unit or "fraction", denominator_unit)


@lru_cache(maxsize=4096)
def dimension(text: str) -> str:
    """Return what `text` measures: ``mass``, ``energy``, ``volume``, ``head``, ``mass/energy`` …"""

    def name(terms: tuple[Any, ...]) -> str:
        product = _product(terms)
        found = _dimensions().get(product.dimensionality)
        return found or "*".join(_dimensions().get(t.dimensionality, "other") for t in terms)

    above, below = _lines(text)
    names = name(above) if above else "fraction"
    return f"{names}/{name(below)}" if below and name(below) != "fraction" else names


def known(text: str) -> bool:
    """Return whether `text` can be read as a unit."""
    try:
        _lines(text)
    except UnitError:
        return False
    return True


_HIGH = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
_TEN = {"10⁴ ": "万", "10⁸ ": "亿"}
_CHINESE = {
    "t": "吨",
    "kW": "千瓦",
    "tce": "吨标准煤",
    "CNY": "元",
    "m2": "平方米",
    "item": "个",
    "person": "人",
    "kg": "千克",
}


def text(unit: str | None, language: Language) -> str:
    """Return a unit as people write it: 万吨 or 10⁴ t."""
    if not unit:
        return ""
    shown = re.sub(r"10\^(\d+) ", lambda m: f"10{m[1].translate(_HIGH)} ", unit).replace("µg/m3", "µg/m³")
    if language == "en":
        return shown.replace("item", "").replace("CNY", "yuan").replace("m2", "m²").strip()
    for power, word in _TEN.items():
        shown = shown.replace(power, word)
    parts = (
        re.sub(r"^(万|亿)?(\w+)$", lambda m: (m[1] or "") + _CHINESE.get(m[2], m[2]), part)
        for part in shown.split("/")
    )
    return "/".join(parts).replace("µg/m³", "微克/立方米")
