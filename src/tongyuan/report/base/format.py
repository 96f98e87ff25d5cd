"""Numbers as people read them: display units, significant digits, signs, Chinese 万 and 亿 or SI prefixes.

Nothing here changes a result; values are scaled and rounded only on their way to a page.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

from tongyuan.reference.language import say
from tongyuan.reference.shelf import Language
from tongyuan.reference.unit.spoken import powered, spoken
from tongyuan.reference.units import factor
from tongyuan.reference.units import text as text_of_unit

MISSING = "–"
MINUS = "−"

# Canonical unit → the units it is shown in, largest first; their names stand in messages.csv under ``unit.``.
_STEPS: dict[str, dict[Language, tuple[str, ...]]] = {
    "t": {"zh": ("亿吨", "万吨", "t", "kg", "g"), "en": ("Mt", "kt", "t", "kg", "g")},
    "TJ": {"zh": ("亿吨标准煤", "万吨标准煤", "吨标准煤"), "en": ("10^6 TJ", "PJ", "TJ")},
    "electricity": {"zh": ("亿kWh", "万kWh"), "en": ("TWh", "GWh", "MWh")},
    "m3": {"zh": ("亿m3", "万m3", "m3"), "en": ("10^9 m3", "10^6 m3", "m3")},
    "ha": {"zh": ("万ha", "ha"), "en": ("10^6 ha", "10^3 ha", "ha")},
    "CNY": {"zh": ("亿CNY", "万CNY", "CNY"), "en": ("10^9 CNY", "10^6 CNY", "CNY")},
    "pollutant_equivalent": {
        "zh": ("亿pollutant_equivalent", "万pollutant_equivalent", "pollutant_equivalent"),
        "en": ("10^9 pollutant_equivalent", "10^6 pollutant_equivalent", "pollutant_equivalent"),
    },
}
_BASE = {"electricity": "TJ"}


@dataclass(frozen=True)
class Scale:
    """A display unit: divide by `factor` and write `unit`."""

    factor: float
    unit: str

    def of(self, value: float) -> float:
        """Return `value` in the display unit."""
        return value / self.factor


def scale(values: Iterable[float | None], unit: str, language: Language) -> Scale:
    """Return the display unit in which the largest of `values` reads well.

    Parameters
    ----------
    values : iterable of float or None
        Values in the canonical `unit`; missing ones are passed over.
    unit : str
        Canonical unit of the ledger (``t``, ``TJ``, ``m3``, ``ha``, ``CNY``), ``electricity`` for electrical
        energy held in TJ, or any other unit, which is kept as it is but for a power of ten.
    language : {'zh', 'en'}
        Chinese uses 万 and 亿, English SI prefixes.
    """
    steps = _steps(unit, language)
    largest = max((abs(v) for v in values if v is not None and math.isfinite(v)), default=0.0)
    if not steps and powered(unit):
        size, name = spoken(largest, unit, language)
        return Scale(1.0 / size, name)
    if not steps:
        return Scale(1.0, unit if unit.isascii() else text_of_unit(unit, language))
    if largest == 0.0:
        return min(steps, key=lambda step: abs(math.log10(step.factor)))
    return next((step for step in steps if largest >= step.factor * 0.9995), steps[-1])


@cache
def _steps(unit: str, language: Language) -> tuple[Scale, ...]:
    texts = _STEPS.get(unit, {}).get(language, ())
    base = _BASE.get(unit, unit)
    return tuple(Scale(factor(text, base), say("report", f"unit.{text}", language)) for text in texts)


def decimals(largest: float, digits: int = 4) -> int:
    """Return how many decimals show `largest` with `digits` significant digits (never negative)."""
    if not math.isfinite(largest) or largest == 0.0:
        return 0
    return max(0, digits - 1 - math.floor(math.log10(abs(largest))))


def number(value: float | None, digits: int = 4, places: int | None = None) -> str:
    """Return `value` with `digits` significant digits, or with `places` decimals when given.

    A missing value is a dash; a value too small for the decimals is written ``<0.01``, never ``0``.
    """
    if value is None or not math.isfinite(value):
        return MISSING
    shown = decimals(value, digits) if places is None else places
    if value == 0.0:
        return "0"
    text = f"{abs(value):,.{shown}f}"
    if not text.strip("0.,"):
        smallest = f"{10.0**-shown:.{shown}f}"
        return f"<{smallest}" if value > 0 else f">{MINUS}{smallest}"
    if places is None and "." in text:
        text = text.rstrip("0").rstrip(".")
    return (MINUS if value < 0 else "") + text


def percent(share: float | None, digits: int = 3, signed: bool = False) -> str:
    """Return `share` (1 = 100 %) as a percentage of `digits` significant digits, at most two decimals."""
    if share is None or not math.isfinite(share):
        return MISSING
    value = share * 100.0
    text = number(value, places=min(2, decimals(value, digits)))
    return ("+" if signed and value > 0 and not text.startswith("<") else "") + text + "%"


def change(before: float | None, after: float | None) -> str:
    """Return the relative change from `before` to `after`, a dash where it has no meaning."""
    if before is None or after is None or before <= 0.0:
        return MISSING
    return percent(after / before - 1.0, signed=True)


def amount(value: float | None, unit: str, language: Language, digits: int = 4) -> str:
    """Return one value with its display unit, for use inside a sentence."""
    if value is None or not math.isfinite(value):
        return MISSING
    chosen = scale([value], unit, language)
    gap = "" if language == "zh" and not chosen.unit.isascii() else " "
    return f"{number(chosen.of(value), digits)}{gap}{chosen.unit}"


def shorten(value: float | None, digits: int = 6) -> float | None:
    """Return `value` with `digits` significant digits, for the data behind a chart."""
    if value is None or not math.isfinite(value):
        return None
    return float(f"{value:.{digits}g}")


def inside(name: str, language: Language) -> str:
    """Return a name as it stands within a sentence: in English its first letter is small."""
    return name if language == "zh" or name[:2].isupper() else name[:1].lower() + name[1:]
