"""Amounts as people of a language say them: 9,000万千瓦 is 90 GW, 4.5亿立方米 is 450 million m³.

Chinese counts in ten thousands and hundred millions, English in thousands, millions and billions or with
prefixes. A unit with a power of ten of the one is brought to the words of the other on its way to a page.
"""

from __future__ import annotations

import math
import re

from tongyuan.reference.shelf import Language
from tongyuan.reference.units import plain, text

_POWERED = re.compile(r"^\(?10\^(\d+) ?([^/()]+)\)?(/.+)?$")
_PREFIXED = {
    "t": ((1e9, "Gt"), (1e6, "Mt"), (1e3, "kt"), (1.0, "t")),
    "tce": ((1e9, "Gtce"), (1e6, "Mtce"), (1e3, "ktce"), (1.0, "tce")),
    "kW": ((1e6, "GW"), (1e3, "MW"), (1.0, "kW")),
    "kWh": ((1e9, "TWh"), (1e6, "GWh"), (1e3, "MWh"), (1.0, "kWh")),
    "GJ": ((1e6, "PJ"), (1e3, "TJ"), (1.0, "GJ")),
    "TJ": ((1e6, "EJ"), (1e3, "PJ"), (1.0, "TJ")),
}
_ENGLISH = ((1e9, "billion "), (1e6, "million "), (1.0, ""))
_CHINESE = ((1e8, "10^8 "), (1e4, "10^4 "), (1.0, ""))
_PLURAL = {"person": "people", "vehicle": "vehicles", "household": "households"}
_NEAR = 0.9995
"""A figure that rounds to one of the next larger unit is said in it."""


def powered(unit: str | None) -> bool:
    """Return whether a unit begins with a power of ten: ``10^4 t``, ``万千瓦``, ``(10^6 t·km)/a``."""
    return _POWERED.match(plain(unit or "")) is not None


def spoken(value: float, unit: str | None, language: Language) -> tuple[float, str]:
    """Return what one `unit` is in the unit people say `value` in, and the name of that unit.

    A Chinese reader gets 万 and 亿 as they were given; any other power of ten is brought to them. A unit
    without a power of ten stays.

    Parameters
    ----------
    value
        An amount in `unit`, the largest of those that stand together.

    Examples
    --------
    >>> spoken(9000.0, "10^4 kW", "en"), spoken(9000.0, "10^4 kW", "zh")
    ((0.01, 'GW'), (1.0, '万千瓦'))
    """
    found = _POWERED.match(plain(unit or ""))
    if found is None:
        return 1.0, text(unit, language)
    power, base, below = 10.0 ** int(found[1]), found[2].strip(), found[3] or ""
    if language == "zh" and power in (1e4, 1e8):
        return 1.0, text(f"10^{found[1]} {base}{below}", language)
    steps = _CHINESE if language == "zh" else _PREFIXED.get(base, _ENGLISH)
    most = abs(value) * power if math.isfinite(value) else 0.0
    size, word = next((s for s in steps if most >= _NEAR * s[0]), steps[-1] if most else steps[0])
    if base in _PREFIXED and language == "en":
        return power / size, word + text(below, language)
    return power / size, text(
        word + (_PLURAL.get(base, base) if language == "en" else base) + below, language
    )


def quantity(value: float, unit: str | None, language: Language, digits: int = 4) -> str:
    """Return a value with its unit as a sentence holds it: 90 GW, 95%, 9,000万千瓦.

    Examples
    --------
    >>> quantity(95.0, "%", "en"), quantity(14.0, "10^8 m2", "en"), quantity(3.2, "t", "zh")
    ('95%', '1.4 billion m²', '3.2吨')
    """
    size, name = spoken(value, unit, language)
    size *= value
    places = digits - 1 - math.floor(math.log10(abs(size))) if size and math.isfinite(size) else 0
    shown = f"{size:,.{max(places, 0)}f}"
    shown = shown.rstrip("0").rstrip(".") if "." in shown else shown
    return shown + gap(name, language) + name


def gap(name: str, language: Language) -> str:
    """Return what stands between a figure and the name of its unit: nothing before % and Chinese words."""
    return "" if not name or name[0] in "%‰" or (language == "zh" and not name.isascii()) else " "


__all__ = ["gap", "powered", "quantity", "spoken"]
