"""Screening of projects: catalogue and edition, conditions of credits, double claims, the baseline."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any, Final

import polars as pl

from tongyuan.ledger.table import empty, from_rows

CREDIT_BEGUN: Final = date(2012, 11, 8)
"""Projects for credits were begun on this day or later."""

MEASURE: Final = "温室气体自愿减排交易管理办法（试行）"
"""Articles 10 and 17: begun since 2012-11-08; not in a carbon market; no duty by law."""

PLAUSIBLE: Final = 1.1
"""A reduction of more than this times power and grid factor is not plausible."""

Row = Mapping[str, Any]


def screen(
    investment: pl.DataFrame,
    catalogue: pl.DataFrame,
    carbon: Mapping[str, float],
    grid: Mapping[str, float],
    claimed: Mapping[str, float],
    unsupported: Mapping[str, float],
) -> pl.DataFrame:
    """Return table ``investment_check``: what of each project fits, fails, or is not known.

    Parameters
    ----------
    investment
        Table ``investment``.
    catalogue
        Table ``project_catalogue``; without rows nothing is said about categories.
    carbon
        Carbon a project cuts a year [t CO2], by project.
    grid
        Factor of the grid of its region [t/MWh], by project, where one is known.
    claimed
        Green power of a plant that is claimed by certificates or contracts [MWh/yr], by plant.
    unsupported
        Net present value without subsidies, taxes and loans, by project [CNY].
    """
    rows: list[dict[str, Any]] = []
    for one in investment.iter_rows(named=True):
        checks = [_listed(one, catalogue), *_credits(one), _twice(one, claimed)]
        checks += [_baseline(one, carbon, grid), _alone(one, unsupported)]
        rows += [{"project": one["project"], **check} for check in checks if check]
    return from_rows("investment_check", rows) if rows else empty("investment_check")


def _state(good: bool | None) -> str:
    return "not_known" if good is None else "fits" if good else "fails"


def _listed(one: Row, catalogue: pl.DataFrame) -> dict[str, Any] | None:
    """Return whether the category stands in the edition of the day the project was begun."""
    if catalogue.is_empty():
        return None
    day = one["begun"]
    made = {"check": "catalogue", "fact": one["category"] or ""}
    if day is None or not one["category"]:
        return {**made, "state": "not_known"}
    after = pl.col("from").is_null() | (pl.col("from") <= day)
    before = pl.col("until").is_null() | (pl.col("until") >= day)
    valid = catalogue.filter(pl.col("category") == one["category"], after & before)
    if valid.is_empty():
        return {**made, "state": "fails"}
    first = valid.sort("from", descending=True, nulls_last=True).row(0, named=True)
    made |= {"limit": first["catalogue"], "document": first["document"]}
    return {**made, "state": _state(first["status"] == "listed")}


def _credits(one: Row) -> list[dict[str, Any]]:
    """Return whether a project that asks for credits may have them."""
    if not one["credited"]:
        return []
    begun, market, duty = one["begun"], one["market"], one["duty"]
    late = None if begun is None else begun >= CREDIT_BEGUN
    return [
        {"check": "credit_begun", "state": _state(late), "fact": "" if begun is None else f"{begun}",
         "limit": f"≥ {CREDIT_BEGUN}", "document": f"{MEASURE} 10"},
        {"check": "credit_market", "state": _state(None if market is None else not market),
         "document": f"{MEASURE} 10"},
        {"check": "credit_duty", "state": _state(None if duty is None else not duty),
         "document": f"{MEASURE} 10"},
    ]  # fmt: skip


def _twice(one: Row, claimed: Mapping[str, float]) -> dict[str, Any] | None:
    """Return whether power that credits are asked for is claimed by a certificate or contract too."""
    if not one["credited"] or not one["plant"] or one["output"] is None:
        return None
    held = claimed.get(one["plant"], 0.0)
    return {"check": "double_claim", "state": _state(held <= 0), "fact": f"{held:,.6g} MWh"}


def _baseline(one: Row, carbon: Mapping[str, float], grid: Mapping[str, float]) -> dict[str, Any] | None:
    """Return whether the carbon cut is what the power would bring at the factor of the grid."""
    power, cut = one["output"], carbon.get(one["project"])
    if not power or cut is None:
        return None
    factor = grid.get(one["project"])
    if factor is None:
        return {"check": "baseline", "state": "not_known", "fact": f"{cut / power:.4f} t/MWh"}
    good = cut <= PLAUSIBLE * power * factor
    fact = f"{cut / power:.4f} t/MWh = {cut / (power * factor):.2f} ×"
    return {"check": "baseline", "state": _state(good), "fact": fact, "limit": f"{factor:.4f} t/MWh"}


def _alone(one: Row, unsupported: Mapping[str, float]) -> dict[str, Any] | None:
    """Return whether the project would pay without support: then what support adds is in doubt."""
    worth = unsupported.get(one["project"])
    if worth is None:
        return None
    return {"check": "needs_support", "state": _state(worth <= 0), "fact": f"{worth:.0f}"}
