"""The plan flow (谋划): the least-cost pathway of a workspace, on the emissions of its own inventory.

The folder ``plan/`` of a workspace holds the plan tables and ``plan.toml`` (discount rate, base year,
currency). Table ``technology_source`` says which processes and fuels of the inventory a technology stands
for. Its emission coefficients come from the records, the fuel set and the resolution of the inventory, and
every plan is evaluated anew through the inventory after it is solved.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import polars as pl
from pydantic import ValidationError

from tongyuan.flows.account import Stage
from tongyuan.flows.gather import (
    Tables,
    activity_of,
    factor_records,
    grid_records,
    of_years,
    without_excluded,
)
from tongyuan.inventory.account import Settings as AccountSettings
from tongyuan.inventory.account import account as account_factors
from tongyuan.ledger.finding import Finding, finding, require
from tongyuan.ledger.read import read
from tongyuan.ledger.table import PLACE, conform, empty
from tongyuan.ledger.workspace import Workspace
from tongyuan.pathway.assemble import assemble
from tongyuan.pathway.audit import Evaluate
from tongyuan.pathway.case import INPUT_TABLES, Case, Settings
from tongyuan.pathway.check import case as checked_case
from tongyuan.pathway.coalition import coordinates, macc_expert, macc_system
from tongyuan.pathway.coefficient import emissions
from tongyuan.pathway.diagnose import diagnose
from tongyuan.pathway.dividend import dividend
from tongyuan.pathway.encode import codes
from tongyuan.pathway.least_cost import finish
from tongyuan.pathway.money import money_notes
from tongyuan.pathway.plan import Plan
from tongyuan.pathway.solve import solve
from tongyuan.pathway.sweep import alternatives, pareto

PLAN = "plan"
"""Folder of the plan tables inside a workspace, and name of the scenario that meets every target."""

SETTINGS = "plan.toml"
BASE = "base"
"""Scenario of the base year: every variable at its base-year activity."""

CARBON = ("emission", "CO2e")
POLLUTION = ("emission", "pollution_equivalent")
POINTS = 8
SLACK = 0.02
_KEYS = ["technology", "control"]
_UNIT = "unit:"


@dataclass(frozen=True)
class Sources:
    """What one unit of activity of every technology and control option uses, as inventory activity.

    `activity` has the columns of table ``activity`` beside ``technology_id, control_id``; `direct` are the
    inventory's own emissions per unit where a method, not a factor of an activity, yields them.
    """

    activity: pl.DataFrame
    direct: pl.DataFrame


def has_plan(workspace: Workspace) -> bool:
    """Return whether the workspace has plan tables."""
    return (workspace.folder / PLAN / SETTINGS).is_file()


def read_plan(folder: Path) -> tuple[Tables, Settings]:
    """Return the plan tables in `folder` and their settings.

    Raises
    ------
    FindingError
        With every finding on files and settings.
    """
    reading = read(*sorted(p for p in folder.iterdir() if p.suffix.lower() in (".csv", ".xlsx", ".parquet")))
    # the unit of a coefficient is that of a rate, not of the species itself
    found: list[Finding] = [
        f
        for f in reading.findings
        if not (f.check == "wrong_dimension" and "/" in str(f.values.get("value", "")))
    ]
    settings = None
    try:
        settings = Settings(**tomllib.loads((folder / SETTINGS).read_text(encoding="utf-8")))
    except (ValidationError, tomllib.TOMLDecodeError, TypeError) as problem:
        message = str(problem).replace("\n", " ")
        found.append(finding("flows", "plan_settings", file=f"{PLAN}/{SETTINGS}", message=message))
    require(found)
    assert settings is not None
    return {name: frame.drop(PLACE, strict=False) for name, frame in reading.tables.items()}, settings


def sources(tables: Tables, given: Tables, accounted: Mapping[str, pl.DataFrame], base_year: int) -> Sources:
    """Return what a unit of every technology uses, from table ``technology_source`` and the base year.

    Where a row gives no amount, it is the base-year activity of the inventory divided by that of the
    technology in table ``stock``.
    """
    rows = conform("technology_source", tables["technology_source"]).drop(PLACE, strict=False)
    rows = rows.with_columns(pl.col("control", "product", "variant", "excluded").fill_null(""))
    stock = tables["stock"].group_by("technology").agg(base=pl.col("activity").sum())
    region = tables["node"]["region"][0]
    rows = rows.join(stock, on="technology", how="left").with_row_index("row")
    lacking = rows.filter(pl.col("value").is_null() & (pl.col("base").fill_null(0.0) <= 0.0))
    require(finding("flows", "plan_no_base", technology=name) for name in lacking["technology"].to_list())
    known = activity_of(given)[0].drop(PLACE, strict=False).filter(pl.col("year") == base_year)
    known = known.with_columns(pl.col("product", "technology", "excluded").fill_null(""))
    open_rows = rows.filter(pl.col("value").is_null()).select(
        "row", "process", "base", "variant", technology_id="technology", control_id="control",
        wanted="product", left_out="excluded",
    )  # fmt: skip
    every = open_rows.join(known, on="process").filter(
        (pl.col("wanted") == "") | (pl.col("wanted") == pl.col("product"))
    )
    scaled = every.with_columns(
        pl.col("value") / pl.col("base"),
        technology=pl.when(pl.col("variant") != "").then("variant").otherwise("technology"),
        excluded=pl.when(pl.col("left_out") != "").then("left_out").otherwise("excluded"),
    )
    typed = rows.filter(pl.col("value").is_not_null()).select(
        "row", "process", "product", "value", "unit", "excluded", technology_id="technology",
        control_id="control", technology="variant", region=pl.lit(region),
        year=pl.lit(base_year, dtype=pl.Int64),
    )  # fmt: skip
    columns = [*empty("activity").columns, "technology_id", "control_id"]
    per_unit = pl.concat([scaled.select(pl.exclude("activity_id")), typed], how="diagonal_relaxed")
    per_unit = per_unit.with_row_index("n").with_columns(
        activity_id=pl.format("{}{}", pl.lit(_UNIT), pl.col("n"))
    )
    per_unit = per_unit.select(c for c in columns if c in per_unit.columns)
    silent = open_rows.join(every.select("row").unique(), on="row", how="anti")
    direct = _of_methods(silent, accounted["emission"].filter(pl.col("year") == base_year))
    nowhere = silent.join(direct.select("technology_id").unique(), on="technology_id", how="anti")
    require(
        finding("flows", "plan_no_source", technology=t, process=p)
        for t, p in nowhere.select("technology_id", "process").iter_rows()
    )
    return Sources(per_unit, direct.rename({"technology_id": "technology", "control_id": "control"}))


def _of_methods(rows: pl.DataFrame, emission: pl.DataFrame) -> pl.DataFrame:
    """Return the inventory's own emissions per unit of technology where a published method yields them."""
    known = emission.filter(pl.col("scope") != "avoided").with_columns(pl.col("product").fill_null(""))
    found = rows.join(known, on="process").filter(
        (pl.col("wanted") == "") | (pl.col("wanted") == pl.col("product"))
    )
    return (
        found.group_by("technology_id", "control_id", "species", "unit", maintain_order=True)
        .agg((pl.col("value") / pl.col("base")).sum(), pl.col("factor_id").drop_nulls().unique().sort())
        .with_columns(pl.col("factor_id").list.join("|"))
    )


class Inventory:
    """The inventory of a workspace as a function of activity: the same records, fuel set and resolution."""

    def __init__(
        self, workspace: Workspace, tables: Tables, accounted: Mapping[str, pl.DataFrame], year: int
    ):
        self.settings = AccountSettings(
            fuel_set=workspace.settings.fuel_set, include_unverified=workspace.settings.include_unverified
        )
        given = {name: of_years(frame, (year,)) for name, frame in workspace.tables.items()}
        self.tables = tables
        self.factors = factor_records(workspace)
        self.control = given.get("control")
        self.grid_variant = workspace.settings.grid_variant
        self.sources = sources(tables, given, accounted, year)

    def emission(self, activity: pl.DataFrame) -> pl.DataFrame:
        """Return the emission rows of inventory activity, without avoided ones."""
        rows = activity.drop("technology_id", "control_id", strict=False)
        found = account_factors(
            rows, self.control, self.factors, self.settings, grid=grid_records(rows, self.grid_variant)
        )
        return without_excluded(found.emission, rows).filter(pl.col("scope") != "avoided")

    def coefficients(self) -> pl.DataFrame:
        """Return table ``emission_coefficient``: what one unit of every technology emits."""
        unit = self.tables["technology_option"].select("technology", per="unit").unique()
        named = self.sources.activity.select("activity_id", technology="technology_id", control="control_id")
        resolved = (
            self.emission(self.sources.activity)
            .drop("technology", "control")
            .join(named, on="activity_id")
            .group_by("technology", "control", "species", "unit", maintain_order=True)
            .agg(pl.col("value").sum(), pl.col("factor_id").drop_nulls().unique().sort())
            .with_columns(pl.col("factor_id").list.join("|"))
        )
        rows = pl.concat([resolved, self.sources.direct.select(resolved.columns)], how="diagonal_relaxed")
        rows = rows.join(unit, on="technology").with_columns(pl.format("{}/{}", "unit", "per").alias("unit"))
        return conform("emission_coefficient", rows.drop("per").sort("technology", "control", "species"))

    def evaluate(self, activity: pl.DataFrame) -> pl.DataFrame:
        """Return the emissions of a plan's activity by accounting the fuels and products it stands for.

        Removal by devices that only the plan knows (table ``control_removal``) is applied to what is left.
        """
        used = activity.filter(pl.col("value") != 0.0).with_row_index("n")
        own = pl.concat(
            [
                self.sources.activity.select(technology="technology_id", control="control_id"),
                self.sources.direct.select(_KEYS),
            ]
        ).unique()
        fitted = used.join(own.with_columns(option="control"), on=_KEYS, how="left").with_columns(
            pl.col("option").fill_null("")
        )
        amounts = fitted.select("n", "value", "option", technology_id="technology").join(
            self.sources.activity.rename({"value": "per_unit", "control_id": "option"}),
            on=["technology_id", "option"],
        )
        rows = amounts.with_columns(
            pl.format("{}:{}", "activity_id", "n").alias("activity_id"),
            (pl.col("value") * pl.col("per_unit")).alias("value"),
        )
        emitted = self.emission(rows.drop("n", "per_unit", "option")).select(
            "activity_id", "species", "value", "unit"
        )
        emitted = emitted.join(rows.select("activity_id", "n"), on="activity_id").drop("activity_id")
        direct = fitted.select("n", "technology", activity="value", control="option").join(
            self.sources.direct, on=_KEYS
        )
        direct = direct.select("n", "species", (pl.col("value") * pl.col("activity")).alias("value"), "unit")
        every = pl.concat([emitted.select(direct.columns), direct], how="vertical_relaxed").join(
            fitted.select("n", "node", "technology", "control", "year", "option"), on="n"
        )
        return self._removed(every).select(
            "node", "technology", "control", "year", "species", "value", "unit"
        )

    def _removed(self, rows: pl.DataFrame) -> pl.DataFrame:
        removal = self.tables.get("control_removal", empty("control_removal")).with_columns(
            pl.col("technology").fill_null("")
        )
        exact = removal.filter(pl.col("technology") != "").select(*_KEYS, "species", "efficiency")
        general = removal.filter(pl.col("technology") == "").select(
            "control", "species", general="efficiency"
        )
        own = (pl.col("option") == pl.col("control")) & (pl.col("control") != "")
        left = 1.0 - pl.coalesce("efficiency", "general", pl.lit(0.0))
        return (
            rows.join(exact, on=[*_KEYS, "species"], how="left")
            .join(general, on=["control", "species"], how="left")
            .with_columns(pl.when(own).then("value").otherwise(pl.col("value") * left).alias("value"))
        )


def base_coefficients(
    workspace: Workspace, tables: Tables, accounted: Mapping[str, pl.DataFrame], base_year: int
) -> pl.DataFrame:
    """Return emission coefficients of the technologies from the records the inventory uses.

    Parameters
    ----------
    tables
        Plan tables with ``technology_source``, ``technology_option``, ``stock`` and ``node``.
    accounted
        Tables of the accounted workspace (:func:`tongyuan.flows.account.account`).

    Returns
    -------
    polars.DataFrame
        Table ``emission_coefficient`` for every species.
    """
    return Inventory(workspace, tables, accounted, base_year).coefficients()


def prepare(
    workspace: Workspace, accounted: Mapping[str, pl.DataFrame], **changed: object
) -> tuple[Case, Inventory, Tables]:
    """Return the checked case of a workspace, the inventory it rests on, and the plan tables as read.

    Settings in `changed` stand in for those of ``plan.toml``, for example ``discount_rate=0.08``.
    """
    tables, found = read_plan(workspace.folder / PLAN)
    settings = Settings(**{**found.model_dump(), **changed})
    missing = [n for n in ("node", "stock", "technology_option", "technology_source") if n not in tables]
    require(finding("flows", "plan_table_missing", table=name) for name in missing)
    year = settings.base_year
    if year is None or year not in accounted["emission"]["year"].to_list():
        require([finding("flows", "plan_base_year", year=year or "—")])
    assert year is not None
    inventory = Inventory(workspace, tables, accounted, year)
    given = {name: frame for name, frame in tables.items() if name in INPUT_TABLES}
    own = inventory.coefficients()
    if "emission_coefficient" in given:
        typed = conform("emission_coefficient", given["emission_coefficient"]).drop(PLACE, strict=False)
        own = pl.concat([own.join(typed, on=[*_KEYS, "species"], how="anti"), typed], how="diagonal_relaxed")
    return checked_case({**given, "emission_coefficient": own}, settings), inventory, tables


def base_point(case: Case) -> Tables:
    """Return activity and emission of the base year: every variable fixed to table ``stock``."""
    year = case.settings.base_year
    activity = (
        case["stock"]
        .filter(pl.col("activity").is_not_null())
        .group_by("node", "technology", "control", maintain_order=True)
        .agg(value=pl.col("activity").sum())
        .with_columns(year=pl.lit(year, dtype=pl.Int64))
        .join(case["technology_option"].select("technology", "unit").unique(), on="technology")
        .with_columns(scenario=pl.lit(BASE))
    )
    names = codes(case)
    if year not in names.year:
        names = replace(names, year=[*names.year, case.settings.base_year or 0])
    emitted = emissions(case, names, activity).with_columns(scenario=pl.lit(BASE))
    return {
        "plan_activity": conform("plan_activity", activity),
        "plan_emission": conform("plan_emission", emitted),
    }


def least_cost_plan(case: Case, evaluate: Evaluate) -> Plan:
    """Return the plan that meets every target, audited through the inventory; no tables if there is none."""
    problem = assemble(case)
    return finish(problem, solve(problem), PLAN, evaluate, explain=False)


def plan(
    workspace: Workspace, accounted: Mapping[str, pl.DataFrame], stage: Stage = lambda _: None
) -> dict[str, pl.DataFrame]:
    """Return every table of the least-cost plan of a workspace.

    Parameters
    ----------
    workspace
        A workspace with a folder ``plan/``.
    accounted
        Tables of its inventory (:func:`tongyuan.flows.account.account`).
    stage
        Called with the name of each stage as it begins.

    Returns
    -------
    dict
        ``plan_activity, plan_capacity, plan_emission, plan_flow, plan_cost, plan_measure`` of the scenarios
        ``base`` (base year), ``none`` (without pollution and carbon targets), ``pollution``, ``carbon`` and
        ``plan`` (every target); ``shadow_price, dividend, cross_effect, coordinate, macc, front, alternative,
        conflict``; and the inputs a reader needs: ``target, measure, technology_option, control_option, flow,
        emission_coefficient, technology_source, plan_note``. Where the targets conflict there is only
        ``conflict`` with its sentences.

    Raises
    ------
    FindingError
        If plan tables are wrong, or the inventory's evaluation of a plan does not bear it out.
    """
    stage("plan")
    case, inventory, tables = prepare(workspace, accounted)
    found = least_cost_plan(case, inventory.evaluate)
    shown = {
        name: case[name] for name in ("target", "measure", "technology_option", "control_option", "flow")
    }
    shown["emission_coefficient"] = case["emission_coefficient"]
    shown["technology_source"] = conform("technology_source", tables["technology_source"])
    notes = conform("plan_note", tables.get("plan_note", empty("plan_note")))
    given = {name: frame for name, frame in tables.items() if name in INPUT_TABLES}
    shown["plan_note"] = pl.concat([notes, money_notes(given, case.settings).select(notes.columns)])
    base = base_point(case)
    if not found.tables:
        return {**shown, **base, "conflict": diagnose(case)}
    stage("dividend")
    shared = dividend(case)
    together = {name: p for name, p in shared.plans.items() if name != "together" and p.tables}
    result = {
        name: pl.concat(
            [*([base[name]] if name in base else []), *(p[name] for p in together.values()), found[name]]
        )
        for name in ("plan_activity", "plan_capacity", "plan_emission", "plan_flow", "plan_cost")
    }
    result["plan_measure"] = _against(found["plan_measure"], together.get("none"))
    stage("curves")
    curves = [
        macc_expert(case, found, CARBON),
        macc_expert(case, found, POLLUTION),
        macc_system(case, CARBON),
    ]
    return {
        **shown,
        **result,
        "shadow_price": found["shadow_price"],
        "dividend": shared.dividend,
        "cross_effect": shared.cross_effect,
        "coordinate": coordinates(case, found, POLLUTION, CARBON),
        "macc": pl.concat(curves),
        "front": pareto(case, [CARBON], POINTS),
        "alternative": alternatives(case, SLACK),
        "conflict": empty("conflict"),
    }


def _against(measure: pl.DataFrame, none: Plan | None) -> pl.DataFrame:
    """Return the use of measures beside that of the plan without pollution and carbon targets."""
    if none is None:
        return measure
    before = none["plan_measure"].select("measure", "year", baseline="value")
    return conform(
        "plan_measure",
        measure.drop("baseline", "change", strict=False)
        .join(before, on=["measure", "year"], how="left")
        .with_columns(change=pl.col("value") - pl.col("baseline").fill_null(0.0)),
    )
