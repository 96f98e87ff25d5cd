"""Questions about enterprises: what the checks say, what the evidence says, whom to inspect."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import polars as pl

from tongyuan.facility.check.answer import answer_findings, answered
from tongyuan.facility.check.evaluate import COUNT, FINDING, evaluate
from tongyuan.facility.check.shelf import SEVERITIES, checks, chosen
from tongyuan.facility.evidence.collect import collect
from tongyuan.facility.evidence.visit import SHARE, sites, visits
from tongyuan.flows.ask import Answer
from tongyuan.ledger.finding import Finding, FindingError, finding, require
from tongyuan.ledger.table import table, tables_of
from tongyuan.reference.language import catalogue
from tongyuan.reference.shelf import Language

ROOM = "facility"
VISITED = 0.1
"""Share of the enterprises that the plan of a run visits; ``tongyuan facility inspect --days`` says
otherwise."""
PREFIX = "suspicion_"


def opened(folder: Path) -> dict[str, pl.DataFrame]:
    """Return the tables of a workspace about enterprises, with those of its newest results.

    Raises
    ------
    FindingError
        If the workspace cannot be read or holds no enterprises.
    """
    from tongyuan.flows.source import open_workspace
    from tongyuan.ledger.run_set import latest, read_set

    workspace = open_workspace(folder)
    require(workspace.findings)
    tables = dict(workspace.tables)
    newest = latest(folder)
    if newest is not None:
        made, _ = read_set(newest)
        results = tables_of(room="facility", role="result") - tables_of(writer="facility_check")
        tables |= {name: frame for name, frame in made.items() if name in results}
    _required(tables)
    return tables


def _required(tables: Mapping[str, pl.DataFrame]) -> None:
    if tables.get("facility", pl.DataFrame()).is_empty():
        raise FindingError([finding(ROOM, "no_facilities")])


def check(
    tables: Mapping[str, pl.DataFrame], codes: Sequence[str] = (), *, unverified: bool = False
) -> Answer:
    """Return the findings of the checks (``check_finding``) and how many rows each looked at
    (``check_count``).

    Parameters
    ----------
    codes
        Codes or groups of checks; all that are on when empty.
    unverified
        Whether checks whose threshold is from memory are on too.

    Raises
    ------
    FindingError
        If a code is unknown, there are no enterprises, or a waiver gives no reason.
    """
    _required(tables)
    try:
        which = chosen(unverified=unverified, codes=tuple(codes))
    except KeyError as unknown:
        known = "、".join(sorted({c.group for c in checks().values()}))
        raise FindingError([finding(ROOM, "check_unknown", name=unknown.args[0], known=known)]) from None
    answers = tables.get("finding_answer", pl.DataFrame())
    told = _answers(answers)
    found, counted = evaluate(tables, which)
    order = pl.col("severity").replace_strict(SEVERITIES, list(range(len(SEVERITIES))), return_dtype=pl.Int64)
    ties = ("rows", "observed", "expected")  # views are joined and summed in no order of their own
    found = answered(found, answers).with_columns(pl.col("observed", "expected").round_sig_figs(12))
    found = found.sort(order, "facility", "code", "subject", "period", *ties)
    return Answer(
        {"check_finding": _formed("check_finding", found), "check_count": _formed("check_count", counted)},
        tuple(told),
    )


def evidence(tables: Mapping[str, pl.DataFrame]) -> Answer:
    """Return the suspicions in order (``suspicion``) and the reconciled measurements (``reconciled``).

    Raises
    ------
    FindingError
        If there are no enterprises.
    """
    _required(tables)
    made = collect(tables)
    answers = tables.get("finding_answer", pl.DataFrame())
    told = _answers(answers)
    found = answered(made["suspicion"], answers, "kind").sort("rank")
    return Answer({"suspicion": _formed("suspicion", found), "reconciled": made["reconciled"]}, tuple(told))


def inspect(
    tables: Mapping[str, pl.DataFrame],
    days: float,
    *,
    visit: float = 1.0,
    random_share: float = SHARE,
    seed: int = 0,
) -> Answer:
    """Return whom to visit with so many inspector-days (``inspection_plan``), with the evidence on those.

    Parameters
    ----------
    days, visit
        Inspector-days in all and of one visit.
    random_share, seed
        Share of the days for the random part, and the seed of its draw.

    Raises
    ------
    FindingError
        If there are no enterprises, or days or share are out of range.
    """
    shown = evidence(tables)
    checked = check({**tables, "suspicion": shown["suspicion"]})
    made, told = _planned(tables, shown, checked, days, visit, random_share, seed)
    require(told)
    of_plan = {
        name: frame.join(made.select("facility"), on="facility", how="semi", maintain_order="left")
        for name, frame in {**shown.tables, **checked.tables}.items()
        if "facility" in frame.columns
    }
    return Answer({"inspection_plan": made, **of_plan}, (*_once(shown, checked), *told))


def everything(tables: Mapping[str, pl.DataFrame]) -> Answer:
    """Return what a run writes: findings, counts, suspicions, reconciled values and an inspection plan."""
    shown = evidence(tables)
    checked = check({**tables, "suspicion": shown["suspicion"]})
    days = math.ceil(VISITED * tables["facility"].height)
    made, told = _planned(tables, shown, checked, days, 1.0, SHARE, 0)
    return Answer(
        {**checked.tables, **shown.tables, "inspection_plan": made}, (*_once(shown, checked), *told)
    )


def _planned(
    tables: Mapping[str, pl.DataFrame],
    shown: Answer,
    checked: Answer,
    days: float,
    visit: float,
    share: float,
    seed: int,
) -> tuple[pl.DataFrame, list[Finding]]:
    frame = sites(tables, shown["suspicion"], checked["check_finding"])
    made, told = visits(frame, days, days=visit, random_share=share, seed=seed)
    called = tables["facility"].select("facility", "name").unique("facility", keep="first")
    named = made.drop("name", strict=False).join(called, on="facility", how="left", maintain_order="left")
    return _formed("inspection_plan", named), told


def _once(*answers: Answer) -> list[Finding]:
    every = [f for answer in answers for f in answer.findings]
    return [f for k, f in enumerate(every) if f not in every[:k]]


def _answers(answers: pl.DataFrame) -> list[Finding]:
    if answers.is_empty():
        return []
    kinds = {key.removeprefix(PREFIX) for key in catalogue(ROOM) if key.startswith(PREFIX)}
    found = answer_findings(answers, set(checks()) | kinds)
    require(found)
    return found


def _formed(name: str, frame: pl.DataFrame) -> pl.DataFrame:
    """Return a frame in the form of table `name`."""
    form = table(name).dtypes
    return frame.select(
        (pl.col(c) if c in frame.columns else pl.lit(None).alias(c)).cast(t) for c, t in form.items()
    )


def listed() -> Answer:
    """Return every check: code, severity, status, title, what should be so, tolerance and legal basis."""
    rows = [
        {
            "code": c.code,
            "severity": c.severity,
            "status": c.status,
            "text_zh": f"{c.title_zh}：{c.sentence_zh}",
            "text_en": f"{c.title_en}: {c.sentence_en}",
            "legal_basis": c.legal_basis,
            "tolerance": float(c.tolerance) if c.tolerance else None,
        }
        for c in checks().values()
    ]
    return Answer({"check_finding": pl.DataFrame(rows, schema_overrides={**FINDING, **COUNT})})


def simulated(
    count: int, *, seed: int = 0, year: int = 2025, hours: bool = False, altered: bool = False
) -> dict[str, pl.DataFrame]:
    """Return the tables of `count` simulated plants, hourly readings for a single one; some changed if
    asked for."""
    return simulated_world(count, seed=seed, year=year, hours=hours, altered=altered)[0]


def simulated_world(
    count: int, *, seed: int = 0, year: int = 2025, hours: bool = False, altered: bool = False
) -> tuple[dict[str, pl.DataFrame], pl.DataFrame]:
    """Return the tables of simulated plants and the list of what was changed in them (empty where
    nothing was)."""
    from tongyuan.facility.simulate.meter import metered
    from tongyuan.facility.simulate.tables import province, tables_of_year
    from tongyuan.facility.simulate.world import COLUMNS, changed

    if count == 1:
        made = tables_of_year(metered(seed=seed, year=year), "SIM0000", hours=hours)
    else:
        made = province(count, seed=seed, year=year)
    return changed(made, seed=seed) if altered else (made, pl.DataFrame(schema=COLUMNS))


SETTINGS_TEXT = """# {note}
name = "{name}"
kind = "province"
language = "{language}"
region = "山东省"
tables = ["tables/*"]

[account]
years = [{year}]
"""
NAME = {"zh": "模拟企业（示例）", "en": "Simulated enterprises (example)"}
NOTE_TEXT = {
    "zh": "全部为模拟的示例企业，不是任何真实企业的数据",
    "en": "simulated enterprises throughout, an example; data of no real enterprise",
}


def write_simulated(
    folder: Path, count: int, language: Language, *, seed: int = 0, year: int = 2025, hours: bool = False,
    altered: bool = False,
) -> Path:  # fmt: skip
    """Write a workspace of simulated enterprises; what was changed in them is listed in ``altered.csv``.

    Raises
    ------
    FindingError
        If the folder holds anything, or cannot be written.
    """
    from tongyuan.ledger.write.atomic import cannot_write, write_text, write_with

    try:
        if folder.exists() and not folder.is_dir():
            raise FindingError([finding("ledger", "not_a_folder", file=folder.name, path=folder)])
        held = sorted(p.name for p in folder.iterdir()) if folder.is_dir() else []
        if held:
            words: dict[str, Any] = {"path": folder, "count": len(held), "name": held[0]}
            raise FindingError([finding("ledger", "folder_not_example", file=folder.name, **words)])
        (folder / "tables").mkdir(parents=True, exist_ok=True)
    except OSError as reason:
        raise cannot_write(folder, reason) from None
    tables, changes = simulated_world(count, seed=seed, year=year, hours=hours, altered=altered)
    for name, frame in tables.items():
        write_with(folder / "tables" / f"{name}.parquet", frame.write_parquet)
    if changes.height:
        write_with(folder / "altered.csv", changes.write_csv)
    note, name = NOTE_TEXT[language], NAME[language]
    text = SETTINGS_TEXT.format(note=note, name=name, language=language, year=year)
    write_text(folder / "tongyuan.toml", text)
    return folder
