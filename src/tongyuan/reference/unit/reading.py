"""Unit texts → terms above and below the line, each read once.

A term is an optional number (``10^4``, ``1e6``), an optional Chinese magnitude (万, 亿, 百万 …), then a
spelling of shelf ``unit`` or a metric unit of shelf ``unit_base``. What has two readings stands on shelf
``unit_reading``: it is refused, or read in the one way the field uses and said so.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import cache, lru_cache

from tongyuan.reference.shelf import shelf
from tongyuan.reference.unit.quantity import Quantity, evaluate
from tongyuan.reference.unit.quantity import table as base_units

_MAGNITUDE = {
    "百万": 1e6, "千万": 1e7, "十亿": 1e9, "百亿": 1e10, "千亿": 1e11, "万亿": 1e12,
    "万": 1e4, "亿": 1e8, "千": 1e3, "百": 1e2, "十": 10.0,
}  # fmt: skip
_WORD = {
    "ten": 10.0, "hundred": 1e2, "thousand": 1e3, "million": 1e6, "billion": 1e9, "trillion": 1e12, "mn": 1e6,
    "bn": 1e9,
}  # fmt: skip
_SUPERSCRIPT = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻⁺", "0123456789-+")
_NUMBER = re.compile(
    r"^(?:(\d{1,9}(?:\.\d{1,9})?)\s*[x×]\s*)?"
    r"(10\^\d{1,2}|\d{1,3}(?:[ ,]\d{3}){1,5}(?!\d)|\d{1,15}(?:\.\d{1,15})?(?:[eE][+-]?\d{1,2})?)"
    r"\s*\*?\s*(?=[^\s\d])"
)
_LOST = re.compile(r"^10 ?([3-9]|1[0-2])\s*(?=[^\s\d.,^eE*x×])")
_TENS = re.compile(r"^10[eE](\d{1,2})\s*(?=[^\s\d])")
_GAS = (
    r"\s*(?:CO2当量|CO2-?eq?|CO2|二氧化碳当量|二氧化碳|CH4|甲烷|N2O|SF6|NF3|CF4|C2F6"
    r"|SO2|SOx|NOx|NH3|COD|VOCs?|NMVOC)"
)
_WITH_GAS = re.compile(rf"^(?P<unit>t|kg|Kg|g|mg|ug|μg|kt|Mt|Gt|Gg|Tg|tonnes?|吨|千克|公斤|克){_GAS}$")


@dataclass(frozen=True)
class Reading:
    """A spelling with two readings: what it is read as (or could be), and the other one."""

    spelling: str
    read_zh: str
    read_en: str
    other_zh: str
    other_en: str


class UnitError(ValueError):
    """A unit text that cannot be read, has two readings, or two units that measure different things."""

    def __init__(self, text: str, other: str = "", reading: Reading | None = None) -> None:
        self.text = text
        self.other = other
        self.reading = reading
        if other:
            message = f"unit {text!r} cannot be converted to {other!r}"
        elif reading:
            message = f"unit {text!r} has two readings: {reading.read_en}, or {reading.other_en}"
        else:
            message = f"unit {text!r} is not known"
        super().__init__(message)


@dataclass(frozen=True)
class Term:
    """One term of a unit text: its quantity, and the readings that were chosen to get it."""

    quantity: Quantity
    readings: tuple[Reading, ...] = ()

    def times(self, number: float) -> Term:
        """Return the term `number` times as large."""
        return Term(self.quantity.times(number), self.readings)


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


@cache
def _readings() -> dict[str, tuple[Reading, str]]:
    """Return the spellings with two readings: spelling → (reading, unit; empty where it is refused)."""
    words = ("spelling", "read_zh", "read_en", "other_zh", "other_en")
    return {
        clean(row["spelling"]): (Reading(*(row[word] for word in words)), row["unit"])
        for row in shelf("unit_reading").to_dicts()
    }


def _power_of_ten(shown: str, power: int, other: str) -> Reading:
    return Reading(shown, f"10^{power}", f"10^{power}", other, other)


def _number(text: str) -> tuple[float, int, tuple[Reading, ...]]:
    """Return the number before a unit, where the unit begins, and how the number was read."""
    tens = _TENS.match(text)
    if tens:
        power = int(tens[1])
        raise UnitError(text, reading=_power_of_ten(tens[0].strip(), power, f"10×10^{power}"))
    lost = _LOST.match(text)
    if lost:
        shown = lost[0].strip()
        reading = _power_of_ten(shown, int(lost[1]), shown.replace(" ", ""))
        return 10.0 ** int(lost[1]), lost.end(), (reading,)
    number = _NUMBER.match(text)
    if number is None:
        return 0.0, 0, ()
    factor = float(number.group(1) or 1)
    digits = number.group(2)
    factor *= 10.0 ** int(digits[3:]) if digits.startswith("10^") else float(re.sub("[ ,]", "", digits))
    if factor == 0:
        raise UnitError(text)
    return factor, number.end(), ()


_TIMES = "*·⋅•×"
_RATIO = re.compile(r"[(（]([^()（）]*[/每][^()（）]*)[)）]")


@lru_cache(maxsize=4096)
def _atom(text: str) -> Term:
    """Return one term without division or exponent, else raise UnitError."""
    known = _spellings().get(text)
    if known is not None:
        return Term(evaluate(known))
    doubtful = _readings().get(text) or _readings().get(text.replace("^", ""))
    if doubtful is not None:
        reading, unit = doubtful
        if not unit:
            raise UnitError(text, reading=reading)
        return Term(evaluate(unit), (reading,))
    factor, start, readings = _number(text)
    if start:
        term = _atom(text[start:]).times(factor)
        return Term(term.quantity, readings + term.readings)
    word, _, rest = text.partition(" ")
    if word.lower() in _WORD and rest:
        return _atom(rest).times(_WORD[word.lower()])
    for magnitude, factor in _MAGNITUDE.items():
        if text.startswith(magnitude):
            try:
                return _atom(text[len(magnitude) :]).times(factor)
            except UnitError as error:
                if error.reading:
                    raise
                continue
    gas = _WITH_GAS.match(text)
    if gas:
        return _atom(gas.group("unit"))
    metric = base_units().get(text)
    if metric is None:
        raise UnitError(text)
    return Term(metric)


def _term(text: str) -> tuple[Term, bool]:
    """Return one term and whether a negative exponent puts it below the line."""
    try:
        return _atom(text), False
    except UnitError as error:
        power = re.fullmatch(r"(.*?[^\d\s])(?:\^|\s)?(-?[1-9])", text)
        if power is None or error.reading:
            raise
    base, exponent = power.group(1).strip(), int(power.group(2))
    try:  # a spelling of its own: m-3 is 1/m3, km-3 is as doubtful as km3
        return _atom(f"{base}{abs(exponent)}"), exponent < 0
    except UnitError as error:
        if error.reading:
            raise
    term = _atom(base)
    return Term(term.quantity ** abs(exponent), term.readings), exponent < 0


def _pieces(text: str) -> list[str]:
    """Split a product into its terms, keeping spellings of the shelf whole."""
    whole = text.strip().strip("()（）").strip()
    try:
        _term(whole)
    except UnitError as error:
        if error.reading:
            raise
    else:
        return [whole]
    pieces = [piece.strip() for piece in re.split(f"[{_TIMES}]", whole) if piece.strip()]
    if len(pieces) > 1:
        return [part for piece in pieces for part in _pieces(piece)]
    pieces = whole.split(" ")
    return [part for piece in pieces for part in _pieces(piece)] if len(pieces) > 1 else pieces


def _terms(text: str) -> list[tuple[Term, bool]]:
    """Return the terms of `text` and whether each stands below the line: ``kg/(t/h)`` is kg·h over t."""
    found: list[tuple[Term, bool]] = []
    for position, part in enumerate(_split(text, "/每")):
        if part.strip() == "" and position == 0:
            continue
        pieces = [piece.strip() for piece in _split(part, _TIMES)]
        if not any(_RATIO.fullmatch(piece) for piece in pieces):
            pieces = _pieces(part)
        for piece in pieces:
            inner = _RATIO.fullmatch(piece)
            pairs = _terms(inner[1]) if inner else [_term(one) for one in _pieces(piece)]
            found += [(term, (position > 0) != inverse) for term, inverse in pairs]
    return found


def _split(text: str, signs: str) -> list[str]:
    """Split at `signs` outside brackets."""
    parts, depth = [""], 0
    for character in text:
        if character in "(（":
            depth += 1
        elif character in ")）":
            depth -= 1
        if character in signs and depth == 0:
            parts.append("")
        else:
            parts[-1] += character
    return parts


@lru_cache(maxsize=4096)
def lines(text: str) -> tuple[tuple[Term, ...], tuple[Term, ...]]:
    """Return the terms above and below the line of a unit text."""
    cleaned = clean(text)
    if not cleaned:
        raise UnitError(text)
    try:
        return (_atom(cleaned),), ()
    except UnitError as error:
        if error.reading:
            raise UnitError(text, reading=error.reading) from None
    try:
        terms = _terms(cleaned)
    except UnitError as error:
        raise UnitError(text, reading=error.reading) from None
    above = [term for term, inverse in terms if not inverse]
    below = [term for term, inverse in terms if inverse]
    return tuple(above), tuple(below)
