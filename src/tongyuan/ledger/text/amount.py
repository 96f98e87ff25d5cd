"""Amounts as people say them: 98.1 亿吨, 9.81 billion t."""

from __future__ import annotations

from tongyuan.reference import units
from tongyuan.reference.language import Language

WORDS: dict[Language, tuple[tuple[float, str], ...]] = {
    "zh": ((1e8, "亿"), (1e4, "万")),
    "en": ((1e9, " billion"), (1e6, " million")),
}
"""Words of the powers of ten that a language counts in, the largest first."""

DIGITS = 3


def amount(value: float, unit: str, language: Language) -> str:
    """Return a value with its unit to three significant digits, large ones in the words of the language.

    Parameters
    ----------
    value
        In `unit`, which has no power of ten of its own (``t``, ``TJ``, ``m3``).
    """
    scale, word = 1.0, ""
    for power, name in WORDS[language]:
        if abs(value) * (1 + 0.5 * 10**-DIGITS) >= power:
            scale, word = power, name
            break
    number = _plain(value / scale)
    shown = units.text(unit, language)
    gap = "" if language == "zh" and word else " "
    return f"{number}{' ' + word if language == 'zh' and word else word}{gap}{shown}".rstrip()


def _plain(value: float) -> str:
    """Return a value to three significant digits, without an exponent where it is of ordinary size."""
    size = abs(value)
    if size >= 10**DIGITS:
        return f"{value:,.0f}"
    return f"{value:.{DIGITS}g}"
