"""Numbers as people read them: display units, significant digits, signs, Chinese 万 and 亿 or SI prefixes.

Nothing here changes a result; values are scaled and rounded only on their way to a page.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

from tongyuan.reference.language import say
from tongyuan.reference.shelf import Language

MISSING = "–"
MINUS = "−"

# Canonical unit → (size of one display unit in canonical units, message key), largest first, by language.
_STEPS: dict[str, dict[Language, tuple[tuple[float, str], ...]]] = {
    "t": {
        "zh": ((1e8, "1e8_t"), (1e4, "1e4_t"), (1.0, "t"), (1e-3, "kg"), (1e-6, "g")),
        "en": ((1e6, "Mt"), (1e3, "kt"), (1.0, "t"), (1e-3, "kg"), (1e-6, "g")),
    },
    "TJ": {"zh": ((1e6, "EJ"), (1e3, "PJ"), (1.0, "TJ")), "en": ((1e6, "EJ"), (1e3, "PJ"), (1.0, "TJ"))},
    "electricity": {
        "zh": ((360.0, "1e8_kWh"), (0.036, "1e4_kWh")),
        "en": ((3600.0, "TWh"), (3.6, "GWh"), (0.0036, "MWh")),
    },
    "m3": {
        "zh": ((1e8, "1e8_m3"), (1e4, "1e4_m3"), (1.0, "m3")),
        "en": ((1e9, "1e9_m3"), (1e6, "1e6_m3"), (1.0, "m3")),
    },
    "ha": {"zh": ((1e4, "1e4_ha"), (1.0, "ha")), "en": ((1e6, "1e6_ha"), (1e3, "1e3_ha"), (1.0, "ha"))},
}


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
        Canonical unit of the ledger (``t``, ``TJ``, ``m3``, ``ha``), ``electricity`` for electrical
        energy held in TJ, or any other unit, which is kept as it is.
    language : {'zh', 'en'}
        Chinese uses 万 and 亿, English SI prefixes.
    """
    steps = _STEPS.get(unit)
    if steps is None:
        return Scale(1.0, unit)
    largest = max((abs(v) for v in values if v is not None and math.isfinite(v)), default=0.0)
    chosen = steps[language][-1]
    if largest == 0.0:
        chosen = min(steps[language], key=lambda step: abs(math.log10(step[0])))
    else:
        for step in steps[language]:
            if largest >= step[0] * 0.9995:
                chosen = step
                break
    return Scale(chosen[0], say("report", f"unit.{chosen[1]}", language))


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
    return ("+" if signed and value > 0 and not text.startswith("<") else "") + text + " %"


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
