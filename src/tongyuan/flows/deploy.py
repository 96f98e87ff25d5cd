"""The deploy flow (部署): a plan in a folder, its checks, workbooks for departments, assessment, documents.

A programme folder holds ``plan.xlsx`` (the four tables of a plan), ``forms/`` (workbooks to fill in),
``merged/`` (what came back), ``assessment/`` (every edition) and ``documents/``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import polars as pl

from tongyuan.ledger.finding import Finding, FindingError, finding, require
from tongyuan.ledger.read import read
from tongyuan.ledger.table import PLACE, empty
from tongyuan.ledger.write import write_excel, write_parquet
from tongyuan.programme import assessment as scoring
from tongyuan.programme.check import check_derived, check_plan
from tongyuan.programme.collect import COLLECTED, Merged, merge, write_workbooks
from tongyuan.programme.derive import derive
from tongyuan.programme.evidence import fill_hashes, verify
from tongyuan.programme.indicator import compute
from tongyuan.programme.optimum import from_plan
from tongyuan.programme.plan import (
    NATION,
    NATIONAL,
    TABLES,
    Plan,
    known_indicators,
    national_plan,
    observations,
    targets_in,
    targets_of,
)
from tongyuan.programme.status import status
from tongyuan.reference.shelf import Language, shelf
from tongyuan.reference.shelf import title as shelf_title
from tongyuan.report import assessment_word, programme_word, word

ROOM = "programme"
PLAN = "plan.xlsx"
OPTIMUM = "plan"
"""Scenario of the least-cost plan, where its tables hold several."""

FORMS, MERGED, ASSESSED, DOCUMENTS = "forms", "merged", "assessment", "documents"


def init(
    folder: Path,
    region: str = NATION,
    *,
    plan: str = "",
    targets: str = "",
    start: int | None = None,
    deadline: int | None = None,
    language: Language = "zh",
) -> Path:
    """Write the plan of `region` to ``folder/plan.xlsx``, to be edited.

    Parameters
    ----------
    folder
        A new or existing folder without a plan.
    region
        Id of the region; the nation gets the national plan itself, others one derived from it.
    plan
        Id of the plan; the region's id when not given.
    targets
        Name of a set of targets on the shelf (``shandong``); without it the region's own targets on the
        shelf, or else the national ones.
    start, deadline
        Years for tasks without any.
    language
        Of headers and titles.

    Returns
    -------
    Path
        The workbook.
    """
    path = folder / PLAN
    if path.exists():
        raise FindingError([finding(ROOM, "plan_exists", path=str(folder))])
    parent = national_plan()
    made = parent
    if region != NATION:
        local = _local(region, targets)
        made = derive(parent, region, plan or region, targets=local, start=start, deadline=deadline)
    folder.mkdir(parents=True, exist_ok=True)
    write_excel(made, path, language)
    return path


def _local(region: str, targets: str) -> pl.DataFrame | None:
    if targets:
        try:
            return targets_of(targets)
        except KeyError:
            known = ", ".join(sorted(set(shelf("programme_target")["plan"])))
            raise FindingError([finding(ROOM, "no_targets", name=targets, known=known)]) from None
    own = targets_in(region)
    return own if own.height else None


def load_plan(folder: Path) -> tuple[Plan, list[Finding]]:
    """Return the plan in `folder` and what reading it found.

    Raises
    ------
    FindingError
        If there is no plan, or it has errors that forbid going on.
    """
    path = folder / PLAN
    if not path.is_file():
        raise FindingError([finding(ROOM, "no_plan", path=str(folder), name=PLAN)])
    reading = read(path, unique=False)
    found = [f for f in reading.findings if f.check not in ("no_rows", "empty_sheet")]
    require(f for f in found if f.check == "no_header")
    made = {name: reading.tables.get(name, empty(name)).drop(PLACE, strict=False) for name in TABLES}
    return made, found


def region_of(plan: Plan) -> str:
    """Return the region most targets of a plan are of; the nation when it has none."""
    regions = plan["programme_target"]["region"].drop_nulls()
    return str(regions.mode().sort()[0]) if regions.len() else NATION


def check(folder: Path) -> list[Finding]:
    """Return what is wrong with the plan in `folder`, by itself and against the national plan."""
    plan, found = load_plan(folder)
    own = plan["task"]["plan"].drop_nulls().to_list()
    national = bool(own) and own[0] == NATIONAL
    return [*found, *(check_plan(plan) if national else check_derived(national_plan(), plan))]


def collect(
    folder: Path, year: int, *, departments: Sequence[str] | None = None, language: Language = "zh"
) -> list[Path]:
    """Write the workbooks of every department to ``folder/forms``; return their paths."""
    plan, _ = load_plan(folder)
    return write_workbooks(
        plan, folder / FORMS, year=year, region=region_of(plan), departments=departments, language=language
    )


def merge_into(folder: Path, files: Sequence[Path], *, evidence: Path | None = None) -> Merged:
    """Merge filled workbooks into ``folder/merged`` (Parquet and one Excel with the conflicts).

    Files named as evidence get their SHA-256 from the folder `evidence` where they have none, and are checked
    against it where they have one.
    """
    result = merge(files)
    tables = dict(result.tables)
    found = list(result.findings)
    if evidence is not None:
        tables["evidence"] = fill_hashes(tables["evidence"], evidence)
        found += verify(tables["evidence"], evidence)
    target = folder / MERGED
    target.mkdir(parents=True, exist_ok=True)
    kept = {name: frame.drop(PLACE, strict=False) for name, frame in tables.items()}
    held = {f"held_{name}": frame for name, frame in result.held.items() if frame.height}
    write_parquet(kept | {"merge_conflict": result.merge_conflict} | held, target)
    write_excel(kept | {"merge_conflict": result.merge_conflict} | held, target / "merged.xlsx")
    return Merged(tables, result.merge_conflict, result.held, tuple(found))


def merged(folder: Path) -> dict[str, pl.DataFrame]:
    """Return the tables that were merged last, empty where there are none."""
    found = {}
    for name in COLLECTED:
        path = folder / MERGED / f"{name}.parquet"
        found[name] = pl.read_parquet(path) if path.is_file() else empty(name)
    return found


def results_of(path: Path | None) -> dict[str, pl.DataFrame]:
    """Return the tables a run left in a workspace or results folder, with its observations; none for None."""
    if path is None:
        return {}
    folder = path / "results" if (path / "results").is_dir() else path
    tables = {p.stem: pl.read_parquet(p) for p in sorted(folder.glob("*.parquet"))}
    if not tables:
        raise FindingError([finding(ROOM, "no_results", path=str(path))])
    return tables


def track(folder: Path, results: Path | None = None) -> tuple[dict[str, pl.DataFrame], list[Finding]]:
    """Return ``target_status`` and ``indicator_observation`` of the plan in `folder`.

    Indicators compute themselves from the tables of a run (`results`); the others have the observed national
    series and what departments reported.
    """
    plan, _ = load_plan(folder)
    reported = merged(folder)["indicator_observation"]
    computed, found = compute(
        pl.concat([plan["indicator"], known_indicators()]).unique("indicator", keep="first"),
        results_of(results),
    )
    seen = pl.concat([reported, computed, observations()])
    state, told = status(plan, seen)
    return {"target_status": state, "indicator_observation": seen}, [*found, *told]


def assess(folder: Path, period: int, *, results: Path | None = None) -> scoring.Assessment:
    """Assess the plan in `folder` for `period` and keep the result as a new edition in ``assessment/``.

    ``rules.csv`` and ``veto.csv`` in the folder, tables ``assessment_rule`` and ``veto``, go before the rules
    shipped and no veto.
    """
    plan, _ = load_plan(folder)
    tables, _ = track(folder, results)
    back = merged(folder)
    target = folder / ASSESSED
    result = scoring.assess(
        plan,
        tables["target_status"],
        region=region_of(plan),
        period=period,
        progress=back["progress"],
        evidence=back["evidence"],
        veto=_own(folder / "veto.csv", "veto"),
        rules=_own(folder / "rules.csv", "assessment_rule"),
        history=_history(target),
    )
    target.mkdir(parents=True, exist_ok=True)
    every = {"assessment": result.assessment, "assessment_line": result.assessment_line}
    write_parquet(every, target)
    write_excel(every, target / "assessment.xlsx")
    return result


def _own(path: Path, name: str) -> pl.DataFrame | None:
    if not path.is_file():
        return None
    reading = read(path, unique=False)
    require(reading.findings)
    frame = reading.tables.get(name)
    return None if frame is None else frame.drop(PLACE, strict=False)


def _history(folder: Path) -> scoring.Assessment | None:
    paths = [folder / f"{name}.parquet" for name in ("assessment", "assessment_line")]
    if not all(p.is_file() for p in paths):
        return None
    return scoring.Assessment(*(pl.read_parquet(p) for p in paths))


def write_documents(
    folder: Path, year: int, *, results: Path | None = None, language: Language = "zh"
) -> list[Path]:
    """Write draft plan, progress bulletin and, once assessed, the assessment report to ``documents/``."""
    plan, _ = load_plan(folder)
    region = region_of(plan)
    name = shelf_title("region", region, language)
    tables, _ = track(folder, results)
    tables |= {k: v for k, v in merged(folder).items() if k != "indicator_observation"}
    target = folder / DOCUMENTS
    made = [
        word.document(
            programme_word.implementation_plan(plan, name, language),
            target / f"plan.{language}.docx",
            language,
        ),
        word.document(
            programme_word.progress_bulletin(tables, name, year, language),
            target / f"bulletin.{language}.docx",
            language,
        ),
    ]
    history = _history(folder / ASSESSED)
    if history is not None:
        tables |= {"assessment": history.assessment, "assessment_line": history.assessment_line}
        made.append(
            word.document(
                assessment_word.assessment_report(tables, name, language),
                target / f"assessment.{language}.docx",
                language,
            )
        )
    return made


def add_optimum(folder: Path, tables: Mapping[str, pl.DataFrame], **choices: Any) -> pl.DataFrame:
    """Add the tasks of a least-cost plan to the plan in `folder` and return them.

    Parameters
    ----------
    folder
        A programme folder.
    tables
        Tables of the plan flow: ``plan_measure`` (or ``plan_activity`` where there are no measures),
        ``coordinate`` for costs, ``measure`` and ``technology_option`` for titles and units.
    choices
        See :func:`tongyuan.programme.optimum.from_plan`; they go before what the tables say.
    """
    plan, _ = load_plan(folder)
    names = plan["task"]["plan"].drop_nulls().to_list()
    measures = tables.get("plan_measure")
    scenarios = set() if measures is None else set(measures["scenario"])
    scenario = OPTIMUM if len(scenarios) > 1 and OPTIMUM in scenarios else None
    known: dict[str, Any] = {"scenario": scenario}
    known |= {
        "titles": _titles(tables),
        "units": _units(tables),
        "cost": tables.get("coordinate"),
    }
    added = from_plan(
        measures,
        None if measures is not None and measures.height else tables.get("plan_activity"),
        plan=names[0] if names else "plan",
        **(known | choices),
    )
    others = plan["task"].filter(~pl.col("task").is_in(added["task"].implode()))
    write_excel(plan | {"task": pl.concat([others, added])}, folder / PLAN)
    return added


def _titles(tables: Mapping[str, pl.DataFrame]) -> dict[str, tuple[str, str]]:
    """Return Chinese and English titles of technologies and measures."""
    found: dict[str, tuple[str, str]] = {}
    for name, column in (("technology_option", "technology"), ("measure", "measure")):
        if name in tables:
            for key, zh, en in tables[name].select(column, "title_zh", "title_en").iter_rows():
                found[key] = (zh or key, en or zh or key)
    return found


def _units(tables: Mapping[str, pl.DataFrame]) -> dict[str, str]:
    """Return the unit of every measure that consists of technologies of one unit."""
    if not {"measure", "technology_option"} <= set(tables):
        return {}
    technologies = tables["technology_option"].select("technology", "unit").unique()
    joined = tables["measure"].join(technologies, on="technology", how="left")
    grouped = joined.group_by("measure").agg(pl.col("unit").unique().alias("units"))
    return {m: u[0] for m, u in grouped.iter_rows() if len(u) == 1 and u[0]}
