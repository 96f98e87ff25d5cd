"""Carbon of every enterprise, month and installation: each row counted once, by the guide in force."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import polars as pl

from tongyuan.facility.carbon.figure import figures, slag
from tongyuan.facility.carbon.fuel import fuel_lines, metered, scaled
from tongyuan.facility.carbon.guide import guided
from tongyuan.facility.carbon.material import cell_lines, clinker_lines, material_lines, waste_lines
from tongyuan.facility.carbon.place import Letters, Tables, placed
from tongyuan.facility.carbon.trade import trade_lines
from tongyuan.facility.carbon.works import closed
from tongyuan.facility.fleet.fleet import fleet_fuel
from tongyuan.ledger.check.check import capped
from tongyuan.ledger.finding import Bilingual, Finding, at_row, finding
from tongyuan.ledger.table import PLACE, empty
from tongyuan.reference.shelf import shelf

ROOM = "facility"
COLUMNS = (
    "facility", "region", "kind", "month", "installation", "installation_kind", "process", "product",
    "species", "emission", "origin", "scope", "method", "guide", "factor_id", "counted", "problem",
    "table", PLACE,
)  # fmt: skip


class Carbon(NamedTuple):
    """What accounting carbon yields: lines, the rows of fuel and output with their figures, and findings."""

    lines: pl.DataFrame
    fuel: pl.DataFrame
    outputs: pl.DataFrame
    findings: tuple[Finding, ...]
    figures: pl.DataFrame
    """What lines that are no fuel's are computed from (:func:`tongyuan.facility.carbon.figure.figures`)."""
    slag: pl.DataFrame
    """Carbide slag and clinker of kiln lines (:func:`tongyuan.facility.carbon.figure.slag`)."""


def carbon(
    tables: Tables,
    *,
    chosen: Sequence[str] = (),
    unverified: bool = False,
    letters: Letters | None = None,
) -> Carbon:
    """Return the carbon of every enterprise.

    Parameters
    ----------
    tables
        Tables of the ledger; those that are absent count as empty.
    chosen
        Guides that the settings name.
    unverified
        Whether what was not read in print acts.
    letters
        Letters of the columns of each sheet.

    Returns
    -------
    Carbon
        One line for each figure, in t of its species, with :data:`COLUMNS`; lines that do not count stay,
        with the reason in `problem` or in the row they come from.
    """
    letters = letters or {}
    fuel, found = placed("fuel_use", tables, letters)
    samples, meters = (tables.get(n, empty(n)).drop(PLACE, strict=False) for n in ("fuel_sample", "meter"))
    vehicles, wrong = _vehicles(tables, letters, unverified)
    found += wrong
    fuel = guided(pl.concat([fuel, vehicles], how="diagonal_relaxed"), chosen)
    fuel = waste_lines(fuel_lines(fuel, samples, meters, unverified=unverified))
    parts = [
        _form(fuel, "fuel_use", species="CO2", origin="combustion"),
        _form(
            fuel.filter(pl.col("biogenic") != 0).with_columns(emission="biogenic"),
            "fuel_use", species="CO2_biogenic", origin="combustion",
        ),
    ]  # fmt: skip
    materials, wrong = placed("material_use", tables, letters)
    found += wrong
    made = material_lines(guided(materials, chosen)).with_columns(product=pl.lit(""))
    parts.append(_form(made, "material_use", species="CO2", origin="process"))
    outputs, wrong = placed("output", tables, letters)
    found += wrong
    outputs = metered(scaled(guided(outputs, chosen), energy=True), meters, output=True)
    clinker = clinker_lines(outputs.filter(pl.col("kind") == "cement", pl.col("per") == "t"))
    clinker = clinker.with_columns(method=pl.lit("guide_default"), counted=pl.lit(True), problem=pl.lit(""))
    parts.append(_form(clinker, "output", species="CO2", origin="process"))
    series, wrong = placed("cell_series", tables, letters)
    found += wrong
    cells = cell_lines(guided(series, chosen)).with_columns(
        counted=pl.lit(True), problem=pl.lit(""), product=pl.lit("")
    )
    parts.append(_form(cells, "cell_series", origin="process"))
    bought = tables.get("energy_trade", empty("energy_trade")).rename({"kind": "trade_kind"})
    trade, wrong = placed("energy_trade", {**tables, "energy_trade": bought}, letters)
    found += wrong
    power = trade_lines(guided(trade, chosen))
    parts.append(_form(power, "energy_trade", scope="indirect"))
    lines = closed(pl.concat(parts)).with_columns(pl.col("scope").fill_null("direct"))
    found += _problems(lines, letters)
    behind = figures(made, clinker, cells, power)
    return Carbon(lines, fuel, outputs, capped(found), behind, slag(materials, clinker))


def _vehicles(tables: Tables, letters: Letters, unverified: bool) -> tuple[pl.DataFrame, list[Finding]]:
    """Return the fuel of vehicles as placed rows of fuel."""
    runs, found = placed("vehicle_run", tables, letters)
    rows = fleet_fuel(runs, tables.get("vehicle", empty("vehicle")), unverified=unverified)
    for row in rows.filter(pl.col("trouble") != "").to_dicts():
        words = {name: row[name] for name in ("facility", "vehicle", "month")}
        check = f"vehicle_{'unknown' if row['trouble'] == 'vehicle' else 'density'}"
        column = "vehicle" if row["trouble"] == "vehicle" else "density"
        found.append(at_row(ROOM, check, row[PLACE] or "", column, letters, **words))
    fine = rows.filter(pl.col("trouble") == "").with_columns(
        pl.lit("fleet").alias("installation_kind"), pl.lit("not_excluded").alias("excluded")
    )
    return fine.select(
        "facility", "month", "installation", "product", "state", "value", "unit", "excluded", "kind",
        "region", "installation_kind", "process", PLACE,
    ), found  # fmt: skip


def _form(frame: pl.DataFrame, table: str, **constant: str) -> pl.DataFrame:
    """Bring rows of one table to the form of lines."""
    given = {"scope": "direct", **constant, "table": table}
    frame = frame.with_columns(pl.lit(value).alias(name) for name, value in given.items())
    absent = [c for c in COLUMNS if c not in frame.columns]
    frame = frame.with_columns(pl.lit("").alias(c) for c in absent)
    return frame.select(COLUMNS).with_columns(
        pl.col("emission").cast(pl.Float64), pl.col("counted").cast(pl.Boolean)
    )


def _problems(lines: pl.DataFrame, letters: Letters) -> list[Finding]:
    """Say which rows could not be accounted, each at its cell."""
    columns = {
        "unit": "unit", "guide": "month", "moisture": "moisture_ar", "heat_basis": "ncv_basis",
        "carbon_missing": "carbon", "no_default": "product", "factor": "material", "grid": "month",
    }  # fmt: skip
    rows = lines.filter(pl.col("problem") != "", pl.col("species") != "CO2_biogenic")
    found = []
    for row in rows.select("problem", PLACE, "facility", "month", "installation", "product").to_dicts():
        words: dict[str, Any] = {
            "facility": row["facility"],
            "month": row["month"],
            "installation": row["installation"] or "–",
            "product": Bilingual.titled("product", row["product"]) if row["product"] else "–",
        }
        place, column = row[PLACE] or "", columns[row["problem"]]
        found.append(at_row(ROOM, f"carbon_{row['problem']}", place, column, letters, **words))
    return found


def unknown_guides(chosen: Sequence[str]) -> list[Finding]:
    """Return an error for every guide the settings name that is on no shelf."""
    known = shelf("guide")["guide"].to_list()
    return [
        finding(ROOM, "guide_unknown", file="tongyuan.toml", name=name, allowed=", ".join(known))
        for name in chosen
        if name not in known
    ]
