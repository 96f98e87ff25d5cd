"""Annuities, and bringing costs to one currency and price year by named, cited series.

The shelf ``price_index`` holds several series of each currency side by side. A cost is brought to the money
of the settings by one price index and, where the currency differs, one yearly average exchange rate. What
was used is named in a finding for every currency and price year.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache
from typing import Any

import polars as pl

from tongyuan.ledger.finding import Bilingual, Finding, finding
from tongyuan.ledger.table import conform
from tongyuan.pathway.case.case import Case, Settings, draft
from tongyuan.reference import units
from tongyuan.reference.shelf import Language, shelf

PRICED: dict[str, tuple[str, ...]] = {
    "technology_option": ("cost_capital", "cost_fixed", "cost_variable"),
    "control_option": ("cost_capital", "cost_fixed", "cost_variable"),
    "price": ("value",),
    "tax": ("value",),
    "stock": ("cost_fixed",),
}
PIVOT = "USD"
"""Currency through which two others are exchanged when no rate between them is on the shelf."""

NONE = Bilingual("不需要", "none needed")


STEPS: dict[Language, tuple[tuple[float, str], ...]] = {
    "zh": ((1e8, "亿"), (1e4, "万"), (1.0, "")),
    "en": ((1e9, " billion"), (1e6, " million"), (1.0, "")),
}


def told(value: float, currency: str, language: Language, signed: bool = False) -> str:
    """Return an amount of money in a sentence: 332.3亿元, 33.23 billion yuan.

    Examples
    --------
    >>> from tongyuan.pathway.case.money import told
    >>> told(3.32338e10, "CNY", "zh"), told(-2.1e6, "CNY", "en", signed=True)
    ('332.3亿元', '-2.1 million yuan')
    """
    size, word = next((s for s in STEPS[language] if abs(value) >= 0.9995 * s[0]), STEPS[language][-1])
    name = units.text(currency, language)
    shown = f"{value / size:{'+' if signed else ''},.4g}"
    gap = "" if language == "zh" and not name.isascii() else " "
    return f"{shown}{word}{gap}{name}"


@dataclass(frozen=True)
class Conversion:
    """A factor to the money of the settings, the price index and the exchange rates it came from."""

    factor: float
    index: str = ""
    exchange: str = ""


def annuity(rate: pl.Expr, lifetime: pl.Expr) -> pl.Expr:
    r"""Return the capital recovery factor.

    :math:`r/(1-(1+r)^{-L})`; :math:`1/L` at rate 0 and :math:`r` without end of life.
    """
    return (
        pl.when(lifetime.is_null())
        .then(rate)
        .when(rate == 0.0)
        .then(1.0 / lifetime)
        .otherwise(rate / (1.0 - (1.0 + rate).pow(-lifetime)))
    )


@cache
def inflation(index: str, year: int, to: int) -> float | None:
    """Return the price level of `to` divided by that of `year` on series `index`, None if it cannot be told.

    A series of kind ``level`` gives it as a quotient. The other kinds compare each year with the one before
    (``previous_year``: that year = 100; ``change``: percent) and are multiplied from year to year; a year
    that is missing on the way is not bridged.
    """
    if year == to:
        return 1.0
    rows = shelf("price_index").filter(pl.col("index") == index)
    level: dict[int, float] = {}
    step: dict[int, float] = {}
    for when, kind, text in rows.select("year", "kind", "value").iter_rows():
        value = float(text)
        if kind == "level":
            level[int(when)] = value
        else:
            step[int(when)] = value / 100.0 if kind == "previous_year" else 1.0 + value / 100.0
    if level:
        return level[to] / level[year] if year in level and to in level else None
    low, high = sorted((year, to))
    product = 1.0
    for when in range(low + 1, high + 1):
        if when not in step:
            return None
        product *= step[when]
    return product if to > year else 1.0 / product


@cache
def exchange(currency: str, to: str, year: int) -> tuple[float, str] | None:
    """Return units of `to` for one `currency` (mean of `year`) and the series used, None if there is none.

    A pair that is not on the shelf is taken the other way round, or through the US dollar.
    """
    if currency == to:
        return 1.0, ""
    rows = shelf("price_index").filter((pl.col("kind") == "exchange") & (pl.col("year") == str(year)))
    quoted = {
        (a, b): (float(value), name)
        for a, b, value, name in rows.select("currency", "to_currency", "value", "index").iter_rows()
    }

    def pair(a: str, b: str) -> tuple[float, str] | None:
        if (a, b) in quoted:
            return quoted[(a, b)]
        if (b, a) in quoted:
            rate, name = quoted[(b, a)]
            return 1.0 / rate, name
        return None

    direct = pair(currency, to)
    if direct is not None:
        return direct
    first, second = pair(currency, PIVOT), pair(PIVOT, to)
    if first is None or second is None:
        return None
    return first[0] * second[0], " · ".join(dict.fromkeys((first[1], second[1])))


def conversion(currency: str, year: int | None, settings: Settings) -> Conversion | None:
    """Return how a cost in `currency` of `year` comes to the money of `settings`, None if it cannot.

    With ``inflate_first`` (default) the cost follows the prices of its own country to the price year and is
    exchanged at the rate of that year. With ``exchange_first`` it is exchanged at the rate of its own year
    and then follows the prices of the country of the settings. Without a price year nothing is inflated:
    a foreign currency then has no conversion.
    """
    to_year = settings.price_year
    same = currency == settings.currency
    if same and (year is None or to_year is None or year == to_year):
        return Conversion(1.0)
    if year is None or to_year is None:
        return None
    first = settings.conversion == "inflate_first"
    rate = exchange(currency, settings.currency, to_year if first else year)
    index = settings.index_of(currency if first else settings.currency)
    if rate is None or index is None:
        return None
    growth = inflation(index, year, to_year)
    return None if growth is None else Conversion(rate[0] * growth, index if year != to_year else "", rate[1])


def in_one_money(case: Case) -> tuple[Case, list[Finding]]:
    """Return `case` with costs in one money, and a finding for each currency and price year.

    A notice names the series a conversion used; a price year that stays as it is is a warning, a foreign
    currency without conversion an error. Rows without price year and currency are taken to be in the money
    of the settings. Rows that were converted carry the currency and price year of the settings.
    """
    settings = case.settings
    findings: list[Finding] = []
    changed: dict[str, pl.DataFrame] = {}
    for name, columns in PRICED.items():
        frame = case[name]
        factor, currencies, years = pl.lit(1.0), pl.col("currency"), pl.col("price_year")
        for pair in frame.select("currency", "price_year").unique(maintain_order=True).to_dicts():
            currency, year = pair["currency"] or settings.currency, pair["price_year"]
            found = conversion(currency, year, settings)
            told: dict[str, Any] = {
                "currency": currency, "year": year or "—", "to_currency": settings.currency,
                "to_year": settings.price_year or "—",
            }  # fmt: skip
            if found is None:
                check = "currency_unconverted" if currency != settings.currency else "price_year_unconverted"
                findings.append(finding("pathway", check, sheet=name, **told))
            elif found.index or found.exchange:
                told |= {
                    "factor": f"{found.factor:.4f}", "index": found.index or NONE,
                    "exchange": found.exchange or NONE,
                }  # fmt: skip
                findings.append(finding("pathway", "money_converted", sheet=name, **told))
                same = (pl.col("currency") == pair["currency"]) & pl.col("price_year").eq_missing(year)
                factor = pl.when(same).then(found.factor).otherwise(factor)
                currencies = pl.when(same).then(pl.lit(settings.currency)).otherwise(currencies)
                years = pl.when(same).then(pl.lit(settings.price_year)).otherwise(years)
        changed[name] = frame.with_columns(
            *[pl.col(c) * factor for c in columns],
            currencies.alias("currency"),
            years.cast(pl.Int64).alias("price_year"),
            *(
                [pl.col("unit").str.replace(r"^[A-Z]{3}/", f"{settings.currency}/")]
                if "unit" in frame.columns
                else []
            ),
        )
    return replace(case, tables=case.kept({**case.tables, **changed})), findings


def money_notes(tables: dict[str, pl.DataFrame], settings: Settings) -> pl.DataFrame:
    """Return table ``plan_note``: one row for every conversion of money in `tables`, with its series."""
    found = [f for f in in_one_money(draft(tables, settings))[1] if f.check == "money_converted"]
    spoken = {f.message("zh"): f for f in found}
    rows = {
        "kind": ["assumption"] * len(spoken),
        "subject": ["money"] * len(spoken),
        "sentence_zh": list(spoken),
        "sentence_en": [f.message("en") for f in spoken.values()],
        "source": [_sources(f.values["index"], f.values["exchange"]) for f in spoken.values()],
    }
    return conform("plan_note", pl.DataFrame(rows, schema=dict.fromkeys(rows, pl.String)))


def _sources(*series: object) -> str:
    """Return titles of the sources of `series`, as names stand in findings."""
    names = [name for text in series if isinstance(text, str) for name in text.split(" · ")]
    used = shelf("price_index").filter(pl.col("index").is_in(names))["source"].unique(maintain_order=True)
    titles = dict(shelf("source").select("id", "title").iter_rows())
    return "；".join(titles[source] for source in used)
