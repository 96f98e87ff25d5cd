"""The deploy flow (部署): a plan in a folder, its checks, workbooks for departments, assessment, documents.

A programme folder holds ``plan.xlsx`` (the four tables of a plan), ``forms/`` (workbooks to fill in),
``merged/`` (what came back), ``assessment/`` (every edition) and ``documents/``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import polars as pl

from tongyuan.flows import documents
from tongyuan.flows.optimum import with_optimum
from tongyuan.ledger.finding import Bilingual, Finding, FindingError, finding, require
from tongyuan.ledger.read import read
from tongyuan.ledger.table import PLACE, empty
from tongyuan.ledger.write import write_excel, write_parquet
from tongyuan.programme import assessment as scoring
from tongyuan.programme.check import check_derived, check_plan
from tongyuan.programme.collect import COLLECTED, Merged, departments_of, merge, write_workbooks
from tongyuan.programme.derive import derive
from tongyuan.programme.evidence import fill_hashes, verify
from tongyuan.programme.indicator import compute
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
from tongyuan.reference.shelf import Language, identify, shelf
from tongyuan.reference.shelf import title as shelf_title

ROOM = "programme"
PLAN = "plan.xlsx"
LANGUAGES: tuple[Language, ...] = ("zh", "en")
FORMS, MERGED, ASSESSED, DOCUMENTS = "forms", "merged", "assessment", "documents"
REPORTED = ("progress", "evidence")
"""Tables of departments that no run has."""


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
    made = begin(region, plan=plan, targets=targets, start=start, deadline=deadline)
    folder.mkdir(parents=True, exist_ok=True)
    write_excel(made, path, language)
    return path


def begin(
    region: str,
    *,
    plan: str = "",
    targets: str | pl.DataFrame = "",
    start: int | None = None,
    deadline: int | None = None,
) -> Plan:
    """Return the plan `region` begins with: the national plan, or one derived from it for the region.

    In a derived plan the region's own departments stand for those of the State Council.
    """
    parent = national_plan()
    if region == NATION:
        return parent
    local = _local(region, targets) if isinstance(targets, str) else targets
    rows = shelf("department").filter(pl.col("local") != "").select("department", "local").iter_rows()
    return derive(
        parent, region, plan or region, targets=local, owners=dict(rows), start=start, deadline=deadline
    )


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
    return [*found, *checked(plan)]


def checked(plan: Plan) -> list[Finding]:
    """Return what is wrong with a plan, by itself and against the national plan it derives from."""
    own = plan["task"]["plan"].drop_nulls().to_list()
    national = bool(own) and own[0] == NATIONAL
    return check_plan(plan) if national else check_derived(national_plan(), plan)


def collect(
    folder: Path, year: int, *, departments: Sequence[str] | None = None, language: Language = "zh"
) -> list[Path]:
    """Write the workbooks of every department to ``folder/forms``; return their paths.

    Departments are named by id or title; without any, every department of the plan gets one.
    """
    plan, _ = load_plan(folder)
    return write_workbooks(
        plan,
        folder / FORMS,
        year=year,
        region=region_of(plan),
        departments=_known(plan, departments),
        language=language,
    )


def _known(plan: Plan, departments: Sequence[str] | None) -> list[str] | None:
    """Return the ids of departments of the plan; those it does not have are named."""
    if not departments:
        return None
    have = departments_of(plan)
    found = [name if name in have else identify("department", name) for name in departments]
    unknown = [given for given, name in zip(departments, found, strict=True) if name not in have]
    if unknown:
        zh, en = (", ".join(shelf_title("department", d, lang) for d in have) for lang in LANGUAGES)
        raise FindingError(
            [finding(ROOM, "no_department", names=", ".join(unknown), known=Bilingual(zh, en))]
        )
    return [name for name in found if name]


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
    return tracked(plan, merged(folder)["indicator_observation"], results_of(results))


def tracked(
    plan: Plan,
    reported: pl.DataFrame,
    tables: Mapping[str, pl.DataFrame],
    *,
    include_unverified: bool = False,
) -> tuple[dict[str, pl.DataFrame], list[Finding]]:
    """Return ``target_status`` and ``indicator_observation`` of `plan`.

    Parameters
    ----------
    plan
        Tables of a plan.
    reported
        Table ``indicator_observation`` as departments reported it.
    tables
        Tables of a run that indicators compute themselves from.
    include_unverified
        Whether unverified observations act.
    """
    known = pl.concat([plan["indicator"], known_indicators()]).unique("indicator", keep="first")
    computed, found = compute(known, tables)
    seen = pl.concat([reported, computed, observations()])
    state, told = status(plan, seen, include_unverified=include_unverified)
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
        veto=own_table(folder / "veto.csv", "veto"),
        rules=rules_of(folder),
        history=history_of(target),
    )
    target.mkdir(parents=True, exist_ok=True)
    every = {"assessment": result.assessment, "assessment_line": result.assessment_line}
    write_parquet(every, target)
    write_excel(every, target / "assessment.xlsx")
    return result


def rules_of(folder: Path) -> pl.DataFrame:
    """Return the scoring rules of a programme folder, those shipped where it has none of its own."""
    own = own_table(folder / "rules.csv", "assessment_rule")
    return scoring.default_rules() if own is None else own


def own_table(path: Path, name: str) -> pl.DataFrame | None:
    """Return the table `name` in the file at `path`, None when there is no file."""
    if not path.is_file():
        return None
    reading = read(path, unique=False)
    require(reading.findings)
    frame = reading.tables.get(name)
    return None if frame is None else frame.drop(PLACE, strict=False)


def history_of(folder: Path) -> scoring.Assessment | None:
    """Return every edition of every assessment kept in `folder`, None when there is none."""
    paths = [folder / f"{name}.parquet" for name in ("assessment", "assessment_line")]
    if not all(p.is_file() for p in paths):
        return None
    return scoring.Assessment(*(pl.read_parquet(p) for p in paths))


def write_documents(
    folder: Path, year: int, *, results: Path | None = None, language: Language = "zh"
) -> list[Path]:
    """Write draft plan, progress bulletin and, once assessed, the assessment report to ``documents/``.

    Every document is a Word file with a workbook of the same figures.
    """
    plan, _ = load_plan(folder)
    tables, _ = track(folder, results)
    tables = results_of(results) | {k: v for k, v in merged(folder).items() if k in REPORTED} | tables
    history = history_of(folder / ASSESSED)
    if history is not None:
        tables |= {"assessment": history.assessment, "assessment_line": history.assessment_line}
        tables |= {"assessment_rule": rules_of(folder)}
    else:
        tables = {name: frame for name, frame in tables.items() if not name.startswith("assessment")}
    return documents.write(plan, tables, region_of(plan), year, folder / DOCUMENTS, language)


def add_optimum(folder: Path, tables: Mapping[str, pl.DataFrame], **choices: Any) -> pl.DataFrame:
    """Add the tasks of a least-cost plan to the plan in `folder` and return them.

    Parameters
    ----------
    folder
        A programme folder.
    tables, choices
        See :func:`tongyuan.flows.optimum.optimum_tasks`.
    """
    plan, _ = load_plan(folder)
    made = with_optimum(plan, tables, **choices)
    write_excel(made, folder / PLAN)
    return made["task"].filter(pl.col("measure").is_not_null())
