"""A case: the tables of one planning question, in form, with its settings."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import polars as pl
from pydantic import Field, field_validator

from tongyuan.ledger.branch import PlanSettings
from tongyuan.ledger.finding import Finding
from tongyuan.ledger.table import PLACE, conform, empty, table
from tongyuan.pathway.case.canonical import measured
from tongyuan.pathway.case.known import Known, read
from tongyuan.pathway.case.measure import money

INPUT_TABLES: tuple[str, ...] = (
    "node",
    "period",
    "flow",
    "technology_option",
    "technology_flow",
    "control_option",
    "control_flow",
    "control_removal",
    "emission_coefficient",
    "demand",
    "stock",
    "price",
    "tax",
    "link",
    "quantity_member",
    "response",
    "receptor",
    "slice",
    "demand_slice",
    "technology_slice",
    "technology_swap",
    "storage",
    "reserve",
    "job_coefficient",
    "measure",
    "target",
)


INDEX = {"CNY": "cn_cpi", "USD": "us_cpi_u", "EUR": "eea_hicp"}
"""Price index of a currency on the shelf ``price_index`` unless the settings name another."""


class Settings(PlanSettings):
    """How costs are counted.

    Parameters
    ----------
    discount_rate
        Yearly discount rate, also used for annuities of technologies without a rate of their own.
    base_year
        Year of the existing stock; the first period when empty.
    currency, price_year
        Money of the results, as ``CNY`` or 元. Costs of another price year are converted with the shelf
        ``price_index``; where that has no index the cost stays as it is and a finding says so.
    price_index
        Series of the shelf by currency, for example ``{"EUR": "ea_hicp"}``, instead of :data:`INDEX`.
    conversion
        Order for a foreign cost of another year: ``inflate_first`` in its own currency and exchange in the
        price year, or ``exchange_first`` in its own year and inflate in the currency of the results.
    include_damage
        Count monetised damage (rows of table ``tax`` with item ``damage``) in the objective.
    """

    discount_rate: float = Field(ge=0, lt=1)

    @field_validator("currency")
    @classmethod
    def one_unit_of_money(cls, text: str) -> str:
        """Return the code of a currency; results are in its unit, not in 万元."""
        number, currency = money(text)
        if number != 1.0:
            raise ValueError(f"currency {text!r} is {number:g} {currency}; results are in {currency}")
        return currency

    def index_of(self, currency: str) -> str | None:
        """Return the price index chosen for `currency`, None if there is none."""
        return self.price_index.get(currency, INDEX.get(currency))


@dataclass(frozen=True)
class Case:
    """Tables in form (absent ones empty, defaults filled in) with one unit of everything, and settings.

    `places` says where the rows stood in files, `findings` what did not fit when units were converted
    (rows counted from 0). `known` is what functions of it and of cases made from it have returned.
    """

    tables: Mapping[str, pl.DataFrame]
    settings: Settings
    places: Mapping[str, list[str]] = field(default_factory=dict)
    findings: tuple[Finding, ...] = ()
    known: Known = field(default_factory=Known, compare=False, repr=False)

    def __getitem__(self, name: str) -> pl.DataFrame:
        return read(name, self.tables[name])

    @property
    def years(self) -> list[int]:
        """Years of the periods, ascending."""
        return self["period"]["year"].sort().to_list()

    def with_tables(self, **tables: pl.DataFrame) -> Case:
        """Return a case in which `tables` stand in for those of the same name."""
        formed, found = measured({**self.tables, **{k: in_form(k, v) for k, v in tables.items()}})
        return replace(self, tables=self.kept(formed), findings=tuple(found))

    def kept(self, tables: Mapping[str, pl.DataFrame]) -> dict[str, pl.DataFrame]:
        """Return `tables` with the very frames of this case where they hold the same."""
        mine = {k: self.tables.get(k, f) for k, f in tables.items()}
        return {k: mine[k] if f is mine[k] or f.equals(mine[k]) else f for k, f in tables.items()}

    def with_targets(self, families: tuple[str, ...] | None = None, names: list[str] | None = None) -> Case:
        """Return a case with only the targets of `families`, or only those called `names`."""
        target = self["target"]
        if families is not None:
            target = target.filter(pl.col("family").is_in(families))
        if names is not None:
            target = target.filter(pl.col("target").is_in(names))
        return replace(self, tables={**self.tables, "target": target})


def in_form(name: str, frame: Any) -> pl.DataFrame:
    """Return `frame` as table `name` of the ledger, with empty texts as ``""`` and defaults filled in."""
    form = conform(name, frame if isinstance(frame, pl.DataFrame) else pl.DataFrame(frame)).drop(
        PLACE, strict=False
    )
    fills = []
    for column in table(name).columns:
        dtype = form.schema[column.name]
        if dtype == pl.String:
            fills.append(pl.col(column.name).fill_null(column.default))
            if column.default:
                fills[-1] = fills[-1].replace({"": column.default})
        elif column.default:
            fills.append(pl.col(column.name).fill_null(pl.lit(column.default).cast(dtype)))
    return form.with_columns(fills)


def draft(tables: Mapping[str, Any], settings: Settings) -> Case:
    """Return `tables` as a case in one unit of everything, without checking it.

    Unknown names of tables raise ValueError.
    """
    unknown = sorted(set(tables) - set(INPUT_TABLES))
    if unknown:
        raise ValueError(f"no tables of a plan: {unknown}; there are {', '.join(INPUT_TABLES)}")
    formed = {name: in_form(name, tables[name]) if name in tables else empty(name) for name in INPUT_TABLES}
    weights = formed["period"].sort("year")
    gap = (pl.col("year").shift(-1) - pl.col("year")).fill_null(strategy="forward").fill_null(1)
    formed["period"] = weights.with_columns(pl.col("weight").fill_null(gap.cast(pl.Float64)))
    places = {
        name: frame[PLACE].to_list()
        for name, frame in tables.items()
        if isinstance(frame, pl.DataFrame) and PLACE in frame.columns
    }
    one, found = measured(formed)
    return Case(one, settings, places, tuple(found))
