"""The deploy flow (部署): a plan in a folder, its checks, workbooks for departments, assessment, documents.

A programme folder holds ``plan.xlsx`` (the four tables of a plan), ``parent.xlsx`` (the plan it derives from,
where that is not the national one), ``forms/`` (workbooks to fill in), ``merged/`` (what came back),
``assessment/`` (every edition) and ``documents/``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import polars as pl

from tongyuan.flows import documents
from tongyuan.flows.deploy.folder import (
    ASSESSED,
    DOCUMENTS,
    FORMS,
    PARENT,
    PLAN,
    REPORTED,
    history_of,
    load_plan,
    merged,
    own_table,
    region_of,
    results_of,
    rules_of,
)
from tongyuan.flows.plan.optimum import with_optimum
from tongyuan.ledger.finding import Bilingual, Finding, FindingError, finding
from tongyuan.ledger.read.lookup import close_names
from tongyuan.ledger.table import empty
from tongyuan.ledger.write.atomic import exchanging
from tongyuan.ledger.write.write import write_excel, write_parquet
from tongyuan.programme import assessment as scoring
from tongyuan.programme.check import check_derived, check_plan
from tongyuan.programme.collect import departments_of, write_workbooks
from tongyuan.programme.derive import derive
from tongyuan.programme.indicator import compute
from tongyuan.programme.local import PARK, left_out, level_of, province_of, said_otherwise
from tongyuan.programme.plan import (
    NATION,
    NATIONAL,
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
SHARED = ("%", "‰", "fraction", "µg/m3", "mg/m3")
"""Units of targets that a part of a region can share with the whole."""
LANGUAGES: tuple[Language, ...] = ("zh", "en")


def init(
    folder: Path,
    region: str = NATION,
    *,
    plan: str = "",
    targets: str = "",
    start: int | None = None,
    deadline: int | None = None,
    parent: Path | None = None,
    own: bool = False,
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
        shelf, or else what the plan above hands down (:func:`handed_down`).
    start, deadline
        Years for tasks without any.
    parent
        Programme folder of the plan above, such as the province's for a city; when not given, the plan a
        province would begin with for its cities, the national plan for others. A copy stays in the folder,
        and checks compare with it.
    own
        Whether `region` is a name of one's own, as parks and enterprises have.
    language
        Of headers and titles.

    Returns
    -------
    Path
        The workbook.
    """
    path = folder / PLAN
    if path.exists() or (parent is not None and (folder / PARENT).exists()):
        raise FindingError([finding(ROOM, "plan_exists", path=str(folder))])
    if not own and identify("region", region) is None:
        known = shelf("region").select("title_zh", "title_en").rows()
        near = close_names(region, known)
        raise FindingError([finding(ROOM, "unknown_region", name=region, near=near)])
    if start is not None and deadline is not None and start > deadline:
        raise FindingError([finding(ROOM, "start_after_deadline", start=start, deadline=deadline)])
    above = (
        load_plan(parent)[0] if parent is not None else plan_above(region) if province_of(region) else None
    )
    made = begin(region, plan=plan, targets=targets, start=start, deadline=deadline, parent=above)
    folder.mkdir(parents=True, exist_ok=True)
    if above is not None:
        write_excel(above, folder / PARENT, language)
    write_excel(made, path, language)
    return path


def begin(
    region: str,
    *,
    plan: str = "",
    targets: str | pl.DataFrame = "",
    start: int | None = None,
    deadline: int | None = None,
    parent: Plan | None = None,
) -> Plan:
    """Return the plan `region` begins with: the national plan, or one derived from it or from `parent`.

    In a derived plan the region's own departments stand for those of the State Council, and tasks of the
    State, and those due before `start`, are left out or said otherwise (:mod:`tongyuan.programme.local`).
    The plan above a city is its province's. A park has the targets it is given and no other.
    """
    if region == NATION:
        return national_plan()
    local = _local(region, targets) if isinstance(targets, str) else targets
    above = parent or plan_above(region)
    if local is None and level_of(region) == PARK:
        local = empty("programme_target")
    if local is None:
        above = {**above, "programme_target": handed_down(above["programme_target"])}
    rows = shelf("department").filter(pl.col("local") != "").select("department", "local").iter_rows()
    return derive(
        above,
        region,
        plan or region,
        targets=local,
        owners=dict(rows),
        drop=[*left_out(above, region), *passed(above["task"], start)],
        adapt=said_otherwise(above, region),
        start=start,
        deadline=deadline,
    )


def passed(tasks: pl.DataFrame, start: int | None) -> list[str]:
    """Return the tasks that were due before a plan starts: they are not deployed again."""
    return tasks.filter(pl.col("deadline") < (start or 0))["task"].to_list()


def plan_above(region: str) -> Plan:
    """Return the plan that a region begins from: that of its province for a city, else the national plan."""
    province = province_of(region)
    return begin(province) if province else national_plan()


def handed_down(targets: pl.DataFrame) -> pl.DataFrame:
    """Return the targets of the plan above that a region without its own begins with.

    Words always; shares and concentrations of another region than the nation. An amount of the whole nation
    or province (tonnes, kilowatts) and a share of its industry are not those of a part of it.
    """
    shared = pl.col("unit").fill_null("").is_in(SHARED) & (pl.col("region") != NATION)
    return targets.filter((pl.col("comparator") == "qualitative") | shared)


def _local(region: str, targets: str) -> pl.DataFrame | None:
    if targets:
        try:
            return targets_of(targets)
        except KeyError:
            known = ", ".join(sorted(set(shelf("programme_target")["plan"])))
            raise FindingError([finding(ROOM, "no_targets", name=targets, known=known)]) from None
    own = targets_in(region)
    return own if own.height else None


def has_measured_targets(folder: Path) -> bool:
    """Return whether the plan in `folder` has any target that figures can judge."""
    targets = load_plan(folder)[0]["programme_target"]
    return not targets.filter(pl.col("comparator") != "qualitative").is_empty()


def check(folder: Path) -> list[Finding]:
    """Return what is wrong with the plan in `folder`, by itself and against the plan it derives from."""
    plan, found = load_plan(folder)
    parent = load_plan(folder, PARENT)[0] if (folder / PARENT).is_file() else None
    return [*found, *checked(plan, parent)]


def checked(plan: Plan, parent: Plan | None = None) -> list[Finding]:
    """Return what is wrong with a plan, by itself and against `parent` or the national plan."""
    own = plan["task"]["plan"].drop_nulls().to_list()
    if own and own[0] == NATIONAL:
        return check_plan(plan)
    return check_derived(parent or national_plan(), plan)


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

    Tables ``assessment_rule`` and ``veto`` in the folder, as ``.csv`` or ``.xlsx``, go before the rules
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
        veto=own_table(folder, "veto"),
        rules=rules_of(folder),
        history=history_of(target),
    )
    every = {"assessment": result.assessment, "assessment_line": result.assessment_line}
    with exchanging(target) as draft:
        write_parquet(every, draft)
        write_excel(every, draft / "assessment.xlsx")
    return result


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


def add_optimum(
    folder: Path, tables: Mapping[str, pl.DataFrame], *, language: Language = "zh", **choices: Any
) -> pl.DataFrame:
    """Add the tasks of a least-cost plan to the plan in `folder` and return them.

    Parameters
    ----------
    folder
        A programme folder.
    tables, choices
        See :func:`tongyuan.flows.plan.optimum.optimum_tasks`.
    language
        Of headers and titles.
    """
    plan, _ = load_plan(folder)
    made = with_optimum(plan, tables, **choices)
    write_excel(made, folder / PLAN, language)
    return made["task"].filter(pl.col("measure").is_not_null())
