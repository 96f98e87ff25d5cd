"""The tables of a plan brought to one unit of everything, before anything else is done with them.

Every amount with a unit of its own is converted here, and nowhere else, to the unit that
:mod:`tongyuan.pathway.case.measure` gives to its flow, technology, species or money; what measures
something else is a finding at its cell.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import polars as pl

from tongyuan.ledger.finding import Finding, finding
from tongyuan.pathway.case.measure import (
    YEARLY,
    Tables,
    Units,
    factor,
    full_year,
    money,
    per,
    priced,
    readable,
    units_of,
)
from tongyuan.reference.units import UnitError

SLACK = 1e-3
"""Share by which a yearly output may differ from what its units say: that of a leap year, rounded."""


COSTS = {
    "technology_option": ("cost_capital", "cost_fixed", "cost_variable"),
    "control_option": ("cost_capital", "cost_fixed", "cost_variable"),
    "stock": ("cost_fixed",),
}
"""Costs of tables whose money stands in a column of its own."""


def measured(tables: Tables) -> tuple[dict[str, pl.DataFrame], list[Finding]]:
    """Return `tables` with every amount in its one unit, and a finding for each that does not fit.

    Converted rows carry the unit they are in, so that converting again changes nothing. Rows of findings are
    counted from 0. Targets keep the unit they were written in: their bounds are converted where they are read
    (:func:`~tongyuan.pathway.case.measure.bound_of`), and reported in it.
    """
    known = units_of(tables)
    flow, technology = known.flow, known.technology
    step = _Step(dict(tables))
    for name, column in (
        ("flow", "unit"),
        ("technology_option", "unit"),
        ("technology_option", "capacity_unit"),
    ):
        step.known(name, column)
    step.same("unit", technology)
    step.same("capacity_unit", known.capacity)
    step.convert("demand", ("value",), "unit", ("flow", flow))
    step.convert("stock", ("activity",), "activity_unit", ("technology", technology))
    step.convert(
        "stock", ("capacity", "unit_size"), "capacity_unit", ("technology", known.capacity),
        inverse=("cost_fixed",),
    )  # fmt: skip
    step.convert("technology_flow", ("coefficient",), "unit", ("flow", flow), ("technology", technology))
    step.convert("control_flow", ("coefficient",), "unit", ("flow", flow), ("technology", technology))
    step.convert(
        "emission_coefficient", ("value", "lower", "upper"), "unit", ("species", known.species),
        ("technology", technology),
    )  # fmt: skip
    step.convert("technology_swap", ("rate",), "rate_unit", ("instead_of", flow), ("flow", flow))
    step.convert("technology_swap", ("least", "greatest"), "unit", ("flow", flow), ("technology", technology))
    step.convert("job_coefficient", (), "capacity_unit", ("technology", known.capacity), inverse=("value",))
    step.convert("response", ("value",), "unit", ("receptor", known.receptor), ("species", known.species))
    step.convert("response", ("base_emission",), "base_unit", ("species", known.species))
    step.convert("receptor", ("value",), "unit", ("receptor", known.receptor))
    step.convert("link", ("limit",), "unit", ("flow", flow), inverse=("cost",))
    step.price("price", flow, "flow")
    step.price(
        "tax",
        {q: known.of("emission", q) or "t" for q in step.tables["tax"]["quantity"].unique()},
        "quantity",
    )
    for name, costs in COSTS.items():
        step.cost(name, costs)
    step.output(known)
    return step.tables, step.found


class _Step:
    """Tables on the way to one unit, and what was found on the way."""

    def __init__(self, tables: dict[str, pl.DataFrame]) -> None:
        self.tables = tables
        self.found: list[Finding] = []

    def say(self, check: str, table: str, row: int, column: str, **values: Any) -> None:
        self.found.append(finding("pathway", check, sheet=table, row=row, column=column, **values))

    def unfit(self, table: str, rows: pl.DataFrame, column: str, text: str, expected: str) -> None:
        """Add a finding for the first of the rows that have this text."""
        row = rows["row"][0]
        if not readable(text):
            self.say("unit_unknown", table, row, column, unit=text, expected=expected or "—")
        else:
            self.say("unit_unfit", table, row, column, unit=text, expected=expected or "—", rows=rows.height)

    def known(self, table: str, column: str) -> None:
        frame = self.tables[table].with_row_index("row")
        for text in frame[column].unique(maintain_order=True):
            if text and not readable(text):
                self.unfit(table, frame.filter(pl.col(column) == text), column, text, "t, MWh, 万m3 …")

    def same(self, column: str, first: Mapping[str, str]) -> None:
        """All rows of a technology have one unit: coefficients of other tables are per that unit."""
        frame = self.tables["technology_option"]
        pairs = frame.with_row_index("row").filter(pl.col(column) != "").unique(
            ["technology", column], keep="first", maintain_order=True
        )  # fmt: skip
        for row, name, text in pairs.select("row", "technology", column).iter_rows():
            one = first[name]
            if text == one or not (readable(text) and readable(one)):
                continue
            try:
                equal = abs(factor(text, one) - 1.0) < 1e-12
            except UnitError:
                equal = False
            if not equal:
                self.say(
                    "unit_of_technology",
                    "technology_option",
                    row,
                    column,
                    technology=name,
                    unit=text,
                    other=one,
                )

    def convert(
        self,
        table: str,
        columns: tuple[str, ...],
        unit: str,
        above: tuple[str, Mapping[str, str]],
        below: tuple[str, Mapping[str, str]] | None = None,
        inverse: tuple[str, ...] = (),
    ) -> None:
        """Convert `columns` from the text in column `unit` to the unit of `above` per that of `below`."""
        frame = self.tables[table]
        if frame.is_empty() or not (frame[unit] != "").any():
            return
        kinds = frame.select(
            unit,
            above=pl.col(above[0]).replace_strict(above[1], default="", return_dtype=pl.String),
            below=pl.col(below[0]).replace_strict(below[1], default="", return_dtype=pl.String)
            if below
            else pl.lit(""),
        )
        rows = []
        for text, top, bottom in kinds.unique(maintain_order=True).iter_rows():
            expected = per(top, bottom) if bottom else top
            number, shown = 1.0, text
            # a name or a unit of another table that is not known is told by its own check
            told = all(readable(x) for x in ((top, bottom) if below else (top,)))
            if text and (told or not readable(text)):
                try:
                    number = factor(text, top, bottom)
                    # kt/kg is t/g, but its amounts are not in kt
                    shown = text if number == 1.0 and not bottom else expected
                except UnitError:
                    here = (kinds[unit] == text) & (kinds["above"] == top) & (kinds["below"] == bottom)
                    self.unfit(table, frame.with_row_index("row").filter(here), unit, text, expected)
            rows.append((text, top, bottom, number, shown))
        if all(row[3] == 1.0 and row[4] == row[0] for row in rows):
            return
        schema = [unit, "above", "below", "factor", "as"]
        joined = kinds.join(
            pl.DataFrame(rows, schema=schema, orient="row"), on=schema[:3], how="left", maintain_order="left"
        )
        self.tables[table] = frame.with_columns(
            *[pl.col(c) * joined["factor"] for c in columns],
            *[pl.col(c) / joined["factor"] for c in inverse],
            joined["as"].alias(unit),
        )

    def price(self, table: str, below: Mapping[str, str], key: str) -> None:
        """Split the unit of a price into money and what it is per; fill in the currency."""
        frame = self.tables[table]
        if frame.is_empty():
            return
        kinds = frame.select("unit", "currency", key).unique(maintain_order=True)
        rows = []
        for text, typed, name in kinds.iter_rows():
            number, currency, shown = 1.0, typed, text
            here = frame.with_row_index("row").filter(
                (pl.col("unit") == text) & (pl.col("currency") == typed) & (pl.col(key) == name)
            )
            try:
                if text and (readable(below.get(name, "")) or not readable(text)):
                    number, currency = priced(text, below.get(name, ""))
                    shown = per(currency, below[name])
            except UnitError:
                self.unfit(table, here, "unit", text, per(typed or "CNY", below.get(name) or "t"))
            try:
                if typed and text and currency and money(typed)[1] != currency:
                    self.say("currency_differs", table, here["row"][0], "currency", currency=typed, unit=text)
            except UnitError:
                self.say("currency_unknown", table, here["row"][0], "currency", currency=typed)
            rows.append((text, typed, name, number, currency, shown))
        schema = ["unit", "currency", key, "factor", "iso", "as"]
        told = frame.select("unit", "currency", key).join(
            pl.DataFrame(rows, schema=schema, orient="row"), on=schema[:3], how="left", maintain_order="left"
        )
        self.tables[table] = frame.with_columns(
            pl.col("value") * told["factor"], told["iso"].alias("currency"), told["as"].alias("unit")
        )

    def cost(self, table: str, costs: tuple[str, ...]) -> None:
        """Take the words of money in column `currency` of a table of costs apart: ``万元`` is 10,000 CNY."""
        frame = self.tables[table]
        for text in frame["currency"].unique(maintain_order=True):
            here = pl.col("currency") == text
            if not text:
                continue
            try:
                number, currency = money(text)
            except UnitError:
                rows = frame.with_row_index("row").filter(here)
                self.say("currency_unknown", table, rows["row"][0], "currency", currency=text)
                continue
            if (number, currency) != (1.0, text):
                frame = frame.with_columns(
                    *[pl.when(here).then(pl.col(c) * number).otherwise(c).alias(c) for c in costs],
                    pl.when(here).then(pl.lit(currency)).otherwise("currency").alias("currency"),
                )
        self.tables[table] = frame

    def output(self, known: Units) -> None:
        """Fill in the yearly output of a unit of capacity from its units; hold a typed one against them."""
        frame = self.tables["technology_option"]
        if frame.is_empty():
            return
        full = {
            name: most
            for name, unit in known.capacity.items()
            if (most := full_year(unit, known.technology.get(name, ""))) is not None
        }
        nominal = frame["technology"].replace_strict(full, default=None, return_dtype=pl.Float64)
        typed = frame["yearly_output"]
        strict = frame["capacity_unit"].str.contains(YEARLY.pattern)
        wrong = (typed > nominal * (1.0 + 3.0 * SLACK)) | (strict & ((typed / nominal - 1.0).abs() > SLACK))
        for r in frame.with_row_index("row").with_columns(nominal=nominal).filter(wrong).to_dicts():
            self.say(
                "yearly_output_differs", "technology_option", r["row"], "yearly_output",
                technology=r["technology"], value=f"{r['yearly_output']:g}", full=f"{r['nominal']:g}",
                unit=r["unit"], capacity=r["capacity_unit"],
            )  # fmt: skip
        self.tables["technology_option"] = frame.with_columns(
            pl.coalesce(typed, nominal, pl.lit(1.0)).alias("yearly_output")
        )
