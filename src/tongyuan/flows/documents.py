"""Official documents of a plan, each as Word and as a workbook of the same figures."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl

from tongyuan.programme.plan import PlanLike
from tongyuan.reference.shelf import Language, identify
from tongyuan.reference.shelf import title as shelf_title
from tongyuan.report.base.block import Block, TableBlock
from tongyuan.report.programme.words import department, words

if TYPE_CHECKING:
    from tongyuan.report.word.letter import Letter

NAMES = ("plan", "bulletin", "assessment")
"""Files of the documents: 实施方案, 进展通报, 考核报告."""


def write(
    plan: PlanLike,
    tables: Mapping[str, pl.DataFrame],
    region: str,
    year: int,
    folder: Path,
    language: Language,
) -> list[Path]:
    """Write draft plan and, where there are targets and an assessment, progress bulletin and its report.

    Parameters
    ----------
    plan
        Tables of the plan.
    tables
        ``target_status``, ``indicator_observation``, ``progress``, ``assessment``, ``assessment_line``,
        ``assessment_rule`` and tables of an inventory, as far as they exist.
    region
        Id of the region of the plan.
    year
        Year reported on; the plan has the targets from here on.
    folder
        Where the files go.
    language
        Of the documents.

    Returns
    -------
    list of Path
        ``plan.zh.docx``, ``plan.zh.xlsx`` and so on.
    """
    # libraries of documents are loaded when one is written
    from tongyuan.report.excel.document import workbook
    from tongyuan.report.programme.document import assessment, implementation, progress
    from tongyuan.report.word.document import document

    name = shelf_title("region", region, language)
    made: dict[str, list[Block]] = {
        "plan": implementation.implementation_plan(
            plan, name, language, since=year, tables=tables, place=region
        ),
    }
    if tables.get("target_status", pl.DataFrame()).height:
        made["bulletin"] = progress.progress_bulletin(tables, name, year, language)
    more: dict[str, list[TableBlock]] = {}
    if "assessment" in tables:
        made["assessment"] = assessment.assessment_report(tables, name, language)
        more["assessment"] = assessment.all_lines(tables, language)
    written = []
    for key, blocks in made.items():
        path = folder / f"{key}.{language}.docx"
        letter = letter_of(region, name, language) if language == "zh" else None
        written.append(document(blocks, path, language, letter=letter))
        written.append(workbook([*blocks, *more.get(key, ())], path.with_suffix(".xlsx"), language))
    return written


def letter_of(region: str, name: str, language: Language) -> Letter:
    """Return the fields of an official paper of the environment department of a region, to be filled.

    That of a park is its management's.
    """
    from tongyuan.report.word.letter import Letter

    own = identify("region", region) is None
    issuer = name + (words("management", language) if own else department("environment", language, region))
    signed = {k: words(f"letter_{k}", language) for k in ("number", "to", "date", "copies", "printed")}
    head = words("letter_head", language, issuer=issuer)
    return Letter(
        issuer=head, signature=issuer, printer=words("letter_printer", language, issuer=issuer), **signed
    )


def listed(paths: Sequence[Path], folder: Path, language: Language) -> pl.DataFrame:
    """Return the documents of one language as table ``document``: title, file (below `folder`), content."""
    rows = [
        {
            "title": words(f"name_{path.name.partition('.')[0]}", language),
            "file": path.relative_to(folder).as_posix(),
            "content": words(f"kind_{path.suffix[1:]}", language),
        }
        for path in paths
        if f".{language}." in path.name
    ]
    return pl.DataFrame(rows, schema={"title": pl.String, "file": pl.String, "content": pl.String})
