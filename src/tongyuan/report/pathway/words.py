"""Words, titles, units and money of the chapter on the least-cost plan."""

from __future__ import annotations

import polars as pl

from tongyuan.reference import units
from tongyuan.reference.language import catalogue, say
from tongyuan.reference.shelf import Language
from tongyuan.report.base.format import MISSING, amount, number, percent, scale
from tongyuan.report.base.label import sector_title
from tongyuan.report.base.totals import Tables, rows

ROOM = "report.pathway"
PLAN, BASE, NONE, ROBUST, CONTINUED = "plan", "base", "none", "robust", "continued"
SHOWN = ("CO2", "NOx", "SO2", "PM2.5", "COD", "NH3-N")
DISPLAY: dict[str, dict[Language, tuple[tuple[float, str], ...]]] = {
    "GWh": {
        "zh": ((100.0, "亿千瓦时"), (0.01, "万千瓦时")), "en": ((1e3, "TWh"), (1.0, "GWh"), (1e-3, "MWh")),
    },
    "MWh": {
        "zh": ((1e5, "亿千瓦时"), (10.0, "万千瓦时")), "en": ((1e6, "TWh"), (1e3, "GWh"), (1.0, "MWh")),
    },
    "MW": {"zh": ((10.0, "万千瓦"), (1.0, "兆瓦")), "en": ((1e3, "GW"), (1.0, "MW"))},
    "TJ": {"zh": ((1e5, "亿吉焦"), (10.0, "万吉焦")), "en": ((1e3, "PJ"), (1.0, "TJ"))},
    "TJ/a": {"zh": ((1e5, "亿吉焦/年"), (10.0, "万吉焦/年")), "en": ((1e3, "PJ/a"), (1.0, "TJ/a"))},
    "10^6 t·km": {"zh": ((100.0, "亿吨公里"),), "en": ((1e3, "billion t·km"), (1.0, "million t·km"))},
    "(10^6 t·km)/a": {
        "zh": ((100.0, "亿吨公里/年"),), "en": ((1e3, "billion t·km/a"), (1.0, "million t·km/a")),
    },
}  # fmt: skip
"""Units of a plan → how many of them make the units people use, largest first, and their names."""
SMALL = 1e-6


def words(key: str, language: Language, **values: object) -> str:
    """Return a sentence of this chapter."""
    return say(ROOM, key, language, **values)


def listed(text: str | None, language: Language) -> str:
    """Return sources that stand in one cell with the mark between them that the language uses."""
    return (text or MISSING).replace("；", "；" if language == "zh" else "; ")


def name_of(kind: str, identifier: str, language: Language) -> str:
    """Return the word for a payer, sector or cost item, or the identifier when there is none."""
    row = catalogue(ROOM).get(f"{kind}.{identifier or 'other'}")
    if row:
        return row[language]
    return sector_title(identifier, language) if kind == "sector" and identifier else identifier or MISSING


def unit_name(unit: str, language: Language) -> str:
    """Return the word for a unit."""
    row = catalogue("report").get(f"unit.{unit}")
    return row[language] if row else units.text(unit, language)


class Titles:
    """Titles of technologies, control options, measures, targets, nodes and flows as the tables give them."""

    def __init__(self, tables: Tables, language: Language) -> None:
        self.language = language
        self.technology = self._read(rows(tables, "technology_option"), "technology")
        options = rows(tables, "control_option")
        self.control = {
            (t, c): title
            for t, c, title in options.select("technology", "control", f"title_{language}").iter_rows()
            if title
        }
        self.measure = self._read(rows(tables, "measure"), "measure")
        self.target = self._read(rows(tables, "target"), "target")
        self.node = self._read(rows(tables, "node"), "node")
        self.flow = self._read(rows(tables, "flow"), "flow")

    def _read(self, frame: pl.DataFrame, key: str) -> dict[str, str]:
        return {k: t or k for k, t in frame.select(key, f"title_{self.language}").iter_rows()}

    def option(self, technology: str, control: str) -> str:
        """Return the title of a technology under a control option."""
        own = self.technology.get(technology, technology)
        return f"{own} · {self.control.get((technology, control), control)}" if control else own


def display(unit: str, values: list[float], language: Language) -> tuple[float, str]:
    """Return divisor and display unit of amounts in `unit`, in which the largest reads well."""
    if unit in DISPLAY:
        steps = DISPLAY[unit][language]
        most = max((abs(v) for v in values), default=0.0)
        return next((s for s in steps if most >= 0.9995 * s[0]), steps[-1] if most else steps[0])
    chosen = scale(values, unit, language)
    return chosen.factor, chosen.unit if chosen.unit != unit else unit_name(unit, language)


def money(value: float | None, currency: str, language: Language) -> str:
    """Return an amount of money in words."""
    return amount(value, currency, language)


def currency_of(tables: Tables) -> str:
    """Return the currency of the plan."""
    cost = rows(tables, "plan_cost")
    return str(cost["currency"][0]) if cost.height else "CNY"


def in_unit(value: float, unit: str, language: Language) -> str:
    """Return a value with its display unit; a share as a percentage."""
    if unit in ("", "1"):
        return percent(value)
    if unit in DISPLAY:
        factor, name = display(unit, [value], language)
        gap = "" if language == "zh" and not name.isascii() else " "
        return f"{number(value / factor)}{gap}{name}"
    return amount(value, unit, language)
