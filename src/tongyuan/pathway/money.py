"""Annuities, and bringing costs to one currency and price year by an explicit, cited index."""

from __future__ import annotations

import polars as pl

from tongyuan.ledger.finding import Finding, finding
from tongyuan.pathway.case import Case, Settings
from tongyuan.reference.shelf import shelf

PRICED: dict[str, tuple[str, ...]] = {
    "technology_option": ("cost_capital", "cost_fixed", "cost_variable"),
    "control_option": ("cost_capital", "cost_fixed", "cost_variable"),
    "price": ("value",),
    "tax": ("value",),
}


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


def conversion(settings: Settings) -> dict[tuple[str, int], float]:
    """Return the factor to the currency and price year of `settings` for every pair the shelf can convert.

    The shelf ``price_index`` holds rows ``(currency, year, kind, value, source)`` with `kind` ``index``
    (price level of a currency) or ``exchange`` (units of settings.currency per unit of the currency).
    """
    if settings.price_year is None:
        return {}
    rows = shelf("price_index")
    index = {
        (r["currency"], int(r["year"])): float(r["value"]) for r in rows.to_dicts() if r["kind"] == "index"
    }
    exchange = {
        (r["currency"], int(r["year"])): float(r["value"])
        for r in rows.to_dicts()
        if r["kind"] == "exchange" and r["to_currency"] == settings.currency
    }
    to = index.get((settings.currency, settings.price_year))
    factors: dict[tuple[str, int], float] = {(settings.currency, settings.price_year): 1.0}
    for (currency, year), value in {**dict.fromkeys(index, 1.0), **exchange}.items():
        own = index.get((settings.currency, year))
        if (
            to is not None
            and own is not None
            and (currency == settings.currency or (currency, year) in exchange)
        ):
            rate = 1.0 if currency == settings.currency else value
            factors[(currency, year)] = rate * to / own
    return factors


def in_one_money(case: Case) -> tuple[Case, list[Finding]]:
    """Return `case` with costs in one money, and a finding for each price year that stays unconverted.

    Rows without price year and currency are taken to be in the money of the settings.
    """
    settings = case.settings
    known = conversion(settings)
    findings: list[Finding] = []
    changed: dict[str, pl.DataFrame] = {}
    for name, columns in PRICED.items():
        frame = case[name]
        pairs = frame.select("currency", "price_year").unique(maintain_order=True).to_dicts()
        factor = pl.lit(1.0)
        for pair in pairs:
            currency, year = pair["currency"] or settings.currency, pair["price_year"]
            if currency == settings.currency and (year is None or settings.price_year in (None, year)):
                continue
            same = (pl.col("currency") == pair["currency"]) & pl.col("price_year").eq_missing(year)
            if year is not None and (currency, year) in known:
                factor = pl.when(same).then(known[(currency, year)]).otherwise(factor)
            else:
                severity = (
                    "currency_unconverted" if currency != settings.currency else "price_year_unconverted"
                )
                findings.append(
                    finding(
                        "pathway", severity, sheet=name, currency=currency, year=year or "—",
                        to_currency=settings.currency, to_year=settings.price_year or "—",
                    )
                )  # fmt: skip
        changed[name] = frame.with_columns(pl.col(c) * factor for c in columns)
    return case.with_tables(**changed), findings
