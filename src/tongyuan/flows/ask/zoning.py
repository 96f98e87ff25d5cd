"""Questions about zoning: verdicts of a workspace, its offsets, the carbon of a project, layers read."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl

from tongyuan.flows.ask import Answer
from tongyuan.flows.source import Brought, open_workspace
from tongyuan.flows.zoning.cases import given
from tongyuan.flows.zoning.screen import zoning
from tongyuan.ledger.finding import FindingError, finding, require
from tongyuan.ledger.table import table
from tongyuan.ledger.write.atomic import write_with
from tongyuan.reference.shelf import Language
from tongyuan.zoning.capacity.review import energy_review
from tongyuan.zoning.zone.shape import Shapes, project_shapes, rings, zone_shapes

VERDICTS = ("verdict", "verdict_rule", "verdict_flip")
OFFSETS = ("offset_admission", "offset_use", "offset_short", "offset_price")


def screen(path: Path) -> Answer:
    """Return verdicts, rule by rule, and what would change them, of the projects of the workspace at `path`.

    Raises
    ------
    FindingError
        If the workspace cannot be read or has no projects.
    """
    return _of(path, VERDICTS)


def offsets(path: Path) -> Answer:
    """Return which projects the reductions at hand admit, from which source, what is short, and the prices.

    Raises
    ------
    FindingError
        If the workspace cannot be read or has no projects that need reductions.
    """
    return _of(path, OFFSETS)


def everything(path: Path) -> Answer:
    """Return every table of the room for the workspace at `path`.

    Raises
    ------
    FindingError
        If the workspace cannot be read or brings nothing of zoning.
    """
    return _of(path, None)


def carbon_chapter(
    workspace: Brought, folder: Path, languages: Sequence[Language], project: str = ""
) -> list[Path]:
    """Write the carbon chapter of one project of a workspace, or of all, as Word and as workbook.

    Parameters
    ----------
    folder
        Where the files go; it is made.
    project
        Id of the project; all when empty.

    Raises
    ------
    FindingError
        If there is no such project, or none at all.
    """
    from tongyuan.report.excel.document import workbook
    from tongyuan.report.word.document import document
    from tongyuan.report.zoning.document.carbon_chapter import carbon_chapter as chapter

    known = given(workspace.tables, "project")["project"].to_list()
    if not known:
        raise FindingError([finding("zoning", "no_projects", path=folder)])
    if project and project not in known:
        raise FindingError([finding("zoning", "project_none", name=project, known=", ".join(known[:5]))])
    tables = {**workspace.tables, **of_workspace(workspace).tables}
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for count, one in enumerate(known, 1):
        if project and one != project:
            continue
        for language in languages:
            blocks = chapter(tables, one, language)
            named = "".join(c if c.isalnum() or c in "-_" else "_" for c in one)
            path = folder / f"carbon.{count:03d}.{named}.{language}.docx"
            written.append(document(blocks, path, language))
            written.append(workbook(blocks, path.with_suffix(".xlsx"), language))
    return written


def layer(file: Path, kind: str, output: Path) -> Answer:
    """Write table ``zone`` of a layer of polygons to `output` as CSV; return how many zones it has.

    Raises
    ------
    FindingError
        If the file is no layer of CGCS2000 with codes, the kind is none, or the output cannot be written.
    """
    from tongyuan.zoning.zone.layer import read_layer

    kinds = next(c.choices for c in table("zone").columns if c.name == "kind")
    if kind not in kinds:
        raise FindingError([finding("zoning", "layer_kind", kind=kind, known=", ".join(kinds))])
    zone = read_layer(file, kind)
    write_with(output, lambda temporary: zone.write_csv(temporary, include_bom=True))
    return Answer({}, facts={"count": zone.height})


def of_workspace(workspace: Brought, names: tuple[str, ...] | None = None, path: object = "") -> Answer:
    """Return the tables of the room (all without `names`) for a workspace that is open.

    Raises
    ------
    FindingError
        If there is nothing to tell.
    """
    made, found = zoning(workspace)
    kept = {name: frame for name, frame in made.items() if names is None or name in names}
    if not kept:
        raise FindingError([*found, finding("zoning", "no_projects", path=path or "–")])
    return Answer(kept, found)


def review(energy: float, coal: float, day: date, *, higher: float | None, key_field: bool) -> Answer:
    """Return who reviews the energy of a project (:func:`tongyuan.zoning.capacity.review.energy_review`)."""
    body = energy_review(energy, coal, day, higher=higher, key_field=key_field)
    return Answer({"review": pl.DataFrame({"body": [body]})}, facts={"body": body})


def _of(path: Path, names: tuple[str, ...] | None) -> Answer:
    return of_workspace(open_workspace(path), names, path)


def places(workspace: Brought) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Return zones (``zone``, ``title``, ``kind``, ``class``) and projects (``project``, ``title``) on a map.

    Each has ``rings``, lists of longitude and latitude [°, CGCS2000] (of a point one ring of one); what
    lies nowhere is left out.

    Raises
    ------
    FindingError
        If a boundary is none.
    """
    zone, project = (given(workspace.tables, name) for name in ("zone", "project"))
    if zone["boundary"].drop_nulls().is_empty():
        return [], []
    zones, shapes, wrong = zone_shapes(zone)
    sites, points, more = project_shapes(project)
    require([*wrong, *more])
    return (
        _with_rings(zones.select("zone", "title", "kind", "class"), shapes),
        _with_rings(sites.select("project", "title"), points),
    )


def _with_rings(frame: pl.DataFrame, shapes: Shapes) -> list[dict[str, Any]]:
    return [row | {"rings": rings(one)} for row, one in zip(frame.to_dicts(), shapes, strict=True)]
