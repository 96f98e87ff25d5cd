"""Units of groups and targets of a plan, and signs of amounts, whose units are read with the case."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import polars as pl

from tongyuan.ledger.finding import Finding, finding
from tongyuan.pathway.case.case import Case
from tongyuan.pathway.case.measure import Units, bound_of, readable, units_of
from tongyuan.reference.units import UnitError
from tongyuan.reference.units import known as known_unit


def check_units(case: Case, header_rows: int) -> Iterator[Finding]:
    """Yield what is wrong with the units of groups and targets.

    Every group is looked at, whether a target has it or not: questions ask about all of them.

    Parameters
    ----------
    case
        A case in form.
    header_rows
        Rows above the first row of data in a sheet.
    """
    known = units_of(case.tables)
    rows = case["quantity_member"].with_row_index("row", offset=header_rows + 1)
    used = dict.fromkeys(
        (r[kind], r[name])
        for r in case["target"].to_dicts()
        for kind, name in (("quantity_kind", "quantity"), ("denominator_kind", "denominator"))
    )
    used |= dict.fromkeys(("emission", q) for q in case["tax"]["quantity"])
    idle = rows.filter(~pl.col("quantity").is_in([name for _, name in used]))
    idle = idle.unique("quantity", keep="first", maintain_order=True)
    used |= {(_kind(known, member), name): None for name, member in idle.select("quantity", "member").rows()}
    told = set()
    place = {"sheet": "quantity_member", "column": "unit"}
    for row, unit in rows.select("row", "unit").iter_rows():
        if unit and not readable(unit):
            told.add(row)
            words = {"unit": unit, "expected": "pollutant_equivalent/t", "rows": 1}
            yield finding("pathway", "unit_unknown", row=row, **place, **words)
    for kind, name in used:
        for member, row in rows.filter(pl.col("quantity") == name).select("member", "row").iter_rows():
            if row not in told and kind != "cost" and not known.joins(kind, name, member):
                told.add(row)
                yield finding("pathway", "group_unfit", row=row, group=name, member=member, **place)
    if told:
        return
    for row, r in enumerate(case["target"].to_dicts(), start=header_rows + 1):
        try:
            bound_of(known, r, case.settings.currency)
        except UnitError as problem:
            check = "unit_unfit" if known_unit(r["unit"]) else "unit_unknown"
            yield finding(
                "pathway", check, sheet="target", row=row, column="unit", unit=r["unit"],
                expected=problem.other or "—", rows=1,
            )  # fmt: skip


def _kind(known: Units, member: str) -> str:
    """Return the kind of quantity that a member of a group is."""
    if member in known.technology:
        return "activity"
    return "consumption" if member in known.flow else "emission"


MADE = ("energy", "service")
"""Kinds of flow that do not arise of themselves, as waste, water, waste heat and scrap do."""


def check_signs(rows: Mapping[str, pl.DataFrame], case: Case) -> Iterator[Finding]:
    """Find amounts below zero that would be free: a demand that nothing must take, a purchase that pays.

    Parameters
    ----------
    rows
        Tables ``demand`` and ``price`` with the row of the sheet.
    """
    made = case["flow"].filter(pl.col("balance") != "equal", pl.col("kind").is_in(MADE))["flow"]
    arises = (pl.col("value") < 0.0) & pl.col("flow").is_in(made.implode())
    for r in rows["demand"].filter(arises).to_dicts():
        yield finding(
            "pathway", "demand_negative", sheet="demand", row=r["row"], column="value", flow=r["flow"],
            value=f"{r['value']:g}",
        )  # fmt: skip
    paid = (pl.col("direction") == "purchase") & (pl.col("value") < 0.0) & pl.col("limit").is_null()
    for r in rows["price"].filter(paid).to_dicts():
        yield finding(
            "pathway", "price_negative", sheet="price", row=r["row"], column="value", flow=r["flow"],
            value=f"{r['value']:g}",
        )  # fmt: skip
