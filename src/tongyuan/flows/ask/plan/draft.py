"""Questions about a plan to be made: what the inventory of a workspace gives, before anything is typed."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import polars as pl

from tongyuan.flows.account.account import account
from tongyuan.flows.account.gather import activity_of, of_years
from tongyuan.flows.ask import Answer
from tongyuan.flows.plan.facility import with_enterprises
from tongyuan.flows.plan.inventory import Inventory
from tongyuan.flows.plan.plan import Prepared, prepare
from tongyuan.flows.plan.read import PLAN, SETTINGS, plan_files
from tongyuan.flows.source import Inputs, open_workspace
from tongyuan.ledger.branch import AREAS, PlanSettings
from tongyuan.ledger.finding import Finding, finding, require
from tongyuan.ledger.settings import SETTINGS as WORKSPACE
from tongyuan.ledger.settings import Settings
from tongyuan.ledger.table import PLACE, conform, empty, tables_of
from tongyuan.ledger.workspace import Workspace
from tongyuan.ledger.write.write import write_csv
from tongyuan.pathway.draft.coverage import TABLES, coverage
from tongyuan.pathway.draft.draft import drop_targets, finish, start, with_typed
from tongyuan.pathway.draft.ground import PACE, RETIRE, Ground
from tongyuan.pathway.draft.typed import capacities
from tongyuan.pathway.problem.assemble import assemble
from tongyuan.pathway.solve.solve import solve
from tongyuan.programme.plan import targets_in

if TYPE_CHECKING:
    from tongyuan.flows.source import Brought
    from tongyuan.pathway.case.case import Case

ROOM = "pathway"
RATE = 0.08
"""Social discount rate of the national rules for the appraisal of projects (third edition, 2006)."""

MONEY = 2025
"""Year of the money of a draft unless the settings name one: that of most costs of the library."""

INFEASIBLE = "infeasible"

STEP, PERIODS = 5, 3


@dataclass(frozen=True)
class Drafted:
    """A workspace with its drafted plan, the plan tables, what is said, and table ``plan_coverage``.

    `prepared` is its checked case where that was needed to draft it.
    """

    workspace: Inputs
    tables: Mapping[str, pl.DataFrame]
    findings: tuple[Finding, ...]
    coverage: pl.DataFrame
    prepared: Prepared | None = None


def draft(
    workspace: Brought,
    accounted: Mapping[str, pl.DataFrame],
    years: tuple[int, ...] = (),
    pace: float = PACE,
    retire: float = RETIRE,
    settings: PlanSettings | None = None,
) -> Drafted:
    """Return the plan that the inventory of a workspace gives.

    Parameters
    ----------
    accounted
        Tables of the inventory (:func:`tongyuan.flows.account.account.account`).
    years
        Years of the periods; three, five years apart, when empty.
    pace
        Share of a service that an alternative without a cited limit may take over in a year.
    retire
        Share of the base-year activity of a source that may be given up in a year.
    settings
        Settings of the plan; those of the workspace when None.

    Raises
    ------
    FindingError
        If there is nothing to plan, or sources and drivers do not fit together.
    """
    balance = workspace.tables.get("energy_balance")
    workspace, accounted = with_enterprises(workspace, accounted)
    chosen = settings or workspace.settings.plan
    known = sorted(set(accounted["emission"]["year"].to_list()))
    year = chosen.base_year or (known[-1] if known else None)
    if year is None or year not in known:
        require([finding(ROOM, "draft_no_year", year=year or "—", known=", ".join(map(str, known)) or "—")])
    assert year is not None
    periods = years or tuple(year - year % STEP + STEP * i for i in range(1, PERIODS + 1))
    if any(y <= year for y in periods) or list(periods) != sorted(set(periods)):
        require([finding(ROOM, "draft_years", base=year, years=", ".join(map(str, periods)))])
    for name, share in (("pace", pace), ("retire", retire)):
        if not 0.0 <= share <= 1.0:
            require([finding(ROOM, "draft_limit", name=f"--{name}", value=f"{share:g}")])
    ground = _ground(workspace, accounted, year, periods, (pace, retire), balance)
    begun = start(ground)
    require(begun.findings)
    tables = with_typed(begun.tables(), ground)
    settled = _with_settings(workspace.settings, chosen, year)
    inputs = Inputs(settled, workspace.tables, getattr(workspace, "texts", {}), {}, workspace.letters)
    inventory = Inventory(inputs, _unitless(tables), accounted, year)
    coefficient = inventory.coefficients()
    finished = finish(ground, begun, coefficient)
    require(finished.findings)
    made = with_typed(finished.tables(), ground)
    require(capacities(made, ground))
    prepared = None
    if "target" in made:
        prepared = prepare(replace(inputs, tables={**workspace.tables, **made}), accounted)
        beyond = _beyond_reach(prepared[0], made)
        if beyond:
            drop_targets(finished, beyond)
            made = with_typed(finished.tables(), ground)
            reached = replace(inputs, tables={**workspace.tables, **made})
            prepared = prepare(reached, accounted, prepared[1])
    told = [finding(ROOM, "draft_rate", rate=f"{100 * RATE:g}")] if chosen.discount_rate is None else []
    inputs = replace(inputs, tables={**workspace.tables, **made})
    emitted = coefficient.join(made["stock"].select("technology", "activity"), on="technology")
    base = emitted.select("technology", "species", value=pl.col("value") * pl.col("activity"))
    covered = coverage({n: made.get(n, empty(n)) for n in TABLES}, base, ground.emission)
    return Drafted(inputs, made, (*finished.findings, *told), covered, prepared)


def _beyond_reach(case: Case, made: Mapping[str, pl.DataFrame]) -> list[str]:
    """Return the targets of the programme that cannot be reached with those before them."""
    own = made["plan_origin"].filter(pl.col("table") == "target", pl.col("origin") == "programme")
    names = case["target"]["target"].to_list()
    if solve(assemble(case)).status != INFEASIBLE:
        return []
    kept = [n for n in names if n not in set(made["target"]["target"])]
    drafted = set(own["row"])
    beyond = []
    for name in names:
        if solve(assemble(case.with_targets(names=[*kept, name]))).status == INFEASIBLE and name in drafted:
            beyond.append(name)
        else:
            kept.append(name)
    return beyond


def answer(drafted: Drafted, before: tuple[Finding, ...] = ()) -> Answer:
    """Return a drafted plan as the answer of a question: every table, and how many rows there are of what."""
    facts: dict[str, Any] = {
        "technologies": drafted.tables["technology_option"].height,
        "sources": drafted.tables["stock"].height,
        "options": drafted.tables.get("control_option", empty("control_option")).height,
        "left_out": drafted.tables.get("not_offered", empty("not_offered")).height,
        "targets": drafted.tables.get("target", empty("target")).height,
    }
    tables = {**drafted.tables, "plan_coverage": drafted.coverage}
    return Answer(tables, (*before, *drafted.findings), facts)


def draft_of_folder(path: Path, output: Path | None = None, **choices: Any) -> Answer:
    """Draft the plan of the workspace at `path` and write its tables; return them.

    Parameters
    ----------
    output
        Folder of the tables; ``plan/`` of the workspace when None. A folder of its own also gets the
        settings, in ``plan.toml``.
    choices
        See :func:`draft`.

    Raises
    ------
    FindingError
        If there is a plan already where it is to be written, or none can be drafted.
    """
    workspace = open_workspace(path)
    folder = path / PLAN if output is None else output
    if plan_files(folder):
        require([finding("flows", "plan_folder_taken", path=folder.name)])
    made = draft(_without_plan(workspace) if output else workspace, account(workspace).tables, **choices)
    folder.mkdir(parents=True, exist_ok=True)
    for name, frame in made.tables.items():
        write_csv(frame, folder / f"{name}.csv")
    settings = made.workspace.settings.plan
    if output is not None:
        lines = [f"discount_rate = {settings.discount_rate}", f"base_year = {settings.base_year}",
                 f'currency = "{settings.currency}"', f"price_year = {settings.price_year}"]  # fmt: skip
        (folder / SETTINGS).write_text("\n".join(lines) + "\n", encoding="utf-8")
    elif workspace.settings.plan.discount_rate is None:
        _append_settings(path / WORKSPACE, settings)
    return answer(made, workspace.findings)


def _without_plan(workspace: Workspace) -> Workspace:
    inputs = tables_of(room="pathway", role="input") - {"driver"}
    kept = {n: f for n, f in workspace.tables.items() if n not in inputs}
    return replace(workspace, tables=kept)


def _append_settings(file: Path, settings: PlanSettings) -> None:
    """Write branch ``[plan]`` where the settings of a workspace have none; one that is there stays."""
    text = file.read_text(encoding="utf-8-sig")
    if re.search(r"(?m)^\s*\[plan\]", text):
        return
    lines = ["", "[plan]", f"discount_rate = {settings.discount_rate}", f"base_year = {settings.base_year}",
             f"price_year = {settings.price_year}", ""]  # fmt: skip
    file.write_text(text.rstrip() + "\n" + "\n".join(lines), encoding="utf-8")


def _with_settings(settings: Settings, plan: PlanSettings, year: int) -> Settings:
    rate = RATE if plan.discount_rate is None else plan.discount_rate
    update = {
        "discount_rate": rate,
        "base_year": plan.base_year or year,
        "price_year": plan.price_year or MONEY,
    }
    return settings.model_copy(update={"plan": plan.model_copy(update=update)})


def _unitless(tables: Mapping[str, pl.DataFrame]) -> dict[str, pl.DataFrame]:
    return {name: frame for name, frame in tables.items() if name in tables_of(room="pathway", role="input")}


def _ground(
    workspace: Brought,
    accounted: Mapping[str, pl.DataFrame],
    year: int,
    years: tuple[int, ...],
    limits: tuple[float, float],
    balance: pl.DataFrame | None,
) -> Ground:
    given = {name: of_years(frame, (year,)) for name, frame in workspace.tables.items()}
    own = activity_of(given, workspace.settings.account).activity.drop(PLACE, strict=False)
    own = own.filter(pl.col("year") == year)
    behind = accounted["activity"].filter(pl.col("year") == year, pl.col("activity_id").is_not_null())
    rows = accounted["emission"].filter(pl.col("year") == year, pl.col("scope") != "avoided")
    if own.is_empty() and rows.is_empty():
        require([finding(ROOM, "draft_nothing", year=year)])
    settings = workspace.settings

    def brought(name: str) -> pl.DataFrame:
        return conform(name, given.get(name, empty(name))).drop(PLACE, strict=False)

    inputs = tables_of(room="pathway", role="input")
    typed = {n: f.drop(PLACE, strict=False) for n, f in workspace.tables.items() if n in inputs}
    whole = workspace.tables.get("driver", empty("driver")).drop(PLACE, strict=False)
    area = settings.kind in AREAS
    whole_balance = empty("energy_balance") if balance is None else of_years(balance, (year,))
    of_region = targets_in(settings.region_id) if area else empty("programme_target")
    targets = workspace.tables.get("programme_target", of_region)
    return Ground(
        activity=own, emission=rows, behind=behind, control=brought("control"),
        balance=conform("energy_balance", whole_balance).drop(PLACE, strict=False),
        driver=conform("driver", whole),
        target=conform("programme_target", targets).drop(PLACE, strict=False), typed=typed,
        name=settings.region or settings.name,
        region=settings.region_id, fuel_set=settings.account.fuel_set,
        gwp_set=settings.account.gwp_set, base_year=year, years=years, pace=limits[0],
        retire=limits[1], area=area,
    )  # fmt: skip
