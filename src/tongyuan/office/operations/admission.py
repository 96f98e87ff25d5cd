"""Admission of projects: which projects submissions hold, and the verdicts on those of one as a page."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Any

import polars as pl
from pydantic import Field

from tongyuan.flows.ask import zoning
from tongyuan.ledger.finding import Finding, FindingError, finding
from tongyuan.ledger.workspace import Workspace
from tongyuan.office.operation import Answer, Desk, Operation, Request, Serial
from tongyuan.office.operations.submission import SEES
from tongyuan.office.outline import laid, path_of
from tongyuan.office.workspace import workspace_of
from tongyuan.reference.shelf import Language
from tongyuan.reference.told import plain
from tongyuan.report.base.block import Paragraph, Section, TableBlock
from tongyuan.report.chapters import sections_of
from tongyuan.report.html.document import render_sections
from tongyuan.store.database import AbsentError
from tongyuan.store.record import rows
from tongyuan.store.submission import head_of, standing

TOLD = ("project", "title", "region", "industry", "filed", "start")
"""Columns of a project that are listed."""


class Nothing(Request):
    """Asks nothing more."""


class Verdicts(Request):
    """A submission with projects, one of them or all, and the language of the page."""

    submission: Serial
    project: str = Field("", max_length=64)
    language: Language = "zh"


def _list(desk: Desk, _: Nothing) -> Answer:
    found, _total = standing(desk.session)
    heads = found.select("submission", "organisation", "period", "state")
    projects = rows(desk.session, "project").rename({"_submission": "submission"})
    return heads.join(projects.select("submission", *TOLD), on="submission", maintain_order="right").select(
        "submission", "project", "title", pl.exclude("submission", "project", "title")
    )


@dataclass(frozen=True)
class _Standing:
    """A version of a submission, as the workspace it is: one version always has the same verdicts."""

    database: str
    submission: int
    version: int
    workspace: Workspace = field(compare=False, repr=False)


@lru_cache(maxsize=4)
def _made(at: _Standing) -> tuple[Mapping[str, pl.DataFrame], tuple[Finding, ...], dict[str, Any] | None]:
    try:
        answer = zoning.of_workspace(at.workspace)
    except FindingError as error:
        raise FindingError([_plainer(one) for one in error.findings]) from None
    return answer.tables, answer.findings, _map(at.workspace)


def _plainer(one: Finding) -> Finding:
    """Return what the office says of a submission without projects, which has no folder."""
    return finding("office", "no_projects") if one.check == "zoning.no_projects" else one


def _page(desk: Desk, asked: Verdicts) -> Answer:
    head = head_of(desk.session, asked.submission)
    where = str(desk.session.connection.engine.url)
    workspace = workspace_of(desk.session, head.submission)
    tables, found, drawn = _made(_Standing(where, head.submission, head.version, workspace))
    verdict = tables.get("verdict", pl.DataFrame(schema=["project", "title", "verdict"]))
    if asked.project:
        if asked.project not in verdict["project"]:
            raise AbsentError(asked.project)
        tables = {
            name: frame.filter(project=asked.project) for name, frame in tables.items()
            if "project" in frame.columns
        }  # fmt: skip
        others = set(verdict["project"]) - {asked.project}
        found = tuple(one for one in found if one.values.get("name") not in others)
    sections = [_opened(one, asked.project) for one in sections_of("zoning", tables, asked.language)]
    html, charts = render_sections(sections, asked.language)
    return {
        "html": html, "charts": charts, "map": drawn, "findings": plain(found),
        "projects": verdict.select("project", "title", "verdict").to_dicts(),
    }  # fmt: skip


def _opened(section: Section, project: str) -> Section:
    """Return a chapter with its verdicts open; of one project with all tables, and without sums."""
    if not project:
        tables = [place for place, one in enumerate(section.blocks, 1) if isinstance(one, TableBlock)]
        return replace(section, shown=tables[0]) if section.key == "verdict" and tables else section
    return replace(section, shown=None, blocks=[b for b in section.blocks if not isinstance(b, Paragraph)])


def _map(workspace: Workspace) -> dict[str, Any] | None:
    """Return zones as outlines and projects as points on one sheet; None where nothing is placed."""
    zones, projects = zoning.places(workspace)
    rings = {f"zone {row['zone']}": row.pop("rings") for row in zones}
    rings |= {f"project {row['project']}": row.pop("rings") for row in projects}
    sheet = laid(rings)
    if sheet is None:
        return None
    for row in zones:
        row["outline"] = path_of(sheet.rings[f"zone {row['zone']}"])
    for row in projects:
        points = [point for ring in sheet.rings[f"project {row['project']}"] for point in ring]
        row["x"], row["y"] = (round(sum(part) / len(points), 1) for part in zip(*points, strict=True))
    return {"height": sheet.height, "zones": zones, "projects": projects}


OPERATIONS = (
    Operation("admission.list", SEES, Nothing, _list, answers="rows"),
    Operation("admission.page", SEES, Verdicts, _page),
)
