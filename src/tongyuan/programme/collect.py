"""Collecting progress: a workbook for every department, and many filled ones merged with their conflicts."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

import polars as pl

from tongyuan.ledger.finding import Bilingual, Finding, FindingError, finding
from tongyuan.ledger.read.read import read
from tongyuan.ledger.table import PLACE, conform, empty, table
from tongyuan.ledger.write.form import write_form
from tongyuan.programme.plan import PlanLike
from tongyuan.reference.shelf import Language
from tongyuan.reference.shelf import title as shelf_title

ROOM = "programme"
COLLECTED = ("progress", "indicator_observation", "evidence")
"""Tables a department's workbook has."""

SPARE_EVIDENCE = 60


class Merged(NamedTuple):
    """Tables merged from workbooks, the cells in conflict, and everything found on the way.

    Rows of ``tables`` and the rows behind ``merge_conflict`` together are all rows that were read; ``read``
    names the files that hold a form.
    """

    tables: dict[str, pl.DataFrame]
    merge_conflict: pl.DataFrame
    held: dict[str, pl.DataFrame]
    findings: tuple[Finding, ...]
    read: tuple[str, ...] = ()


def departments_of(plan: PlanLike, *, supporting: bool = True) -> list[str]:
    """Return the departments of a plan: leads, and those that support, in order of appearance."""
    found: dict[str, None] = {}
    for lead, others in plan["task"].select("lead", "departments").iter_rows():
        if lead:
            found[lead] = None
        if supporting:
            found |= dict.fromkeys(others or ())
    return list(found)


def department_title(department: str, language: Language) -> str:
    """Return the name of a department, or the text itself for one that is not on the shelf."""
    return shelf_title("department", department, language)


def tasks_of(plan: PlanLike, department: str) -> pl.DataFrame:
    """Return the tasks that `department` leads or supports."""
    supports = pl.col("departments").list.contains(department).fill_null(False)
    return plan["task"].filter((pl.col("lead") == department) | supports)


def write_workbooks(
    plan: PlanLike,
    folder: Path,
    *,
    year: int,
    region: str,
    departments: Sequence[str] | None = None,
    language: Language = "zh",
) -> list[Path]:
    """Write one protected workbook for every department, with its tasks and its indicators to fill in.

    Parameters
    ----------
    plan
        Tables of a plan.
    folder
        Where the workbooks go.
    year
        Year reported on.
    region
        Region whose indicators are reported.
    departments
        Which departments; every one of the plan when not given.
    language
        Of the workbooks; both are read alike.

    Returns
    -------
    list of Path

    Raises
    ------
    FindingError
        If one of them is there already: a form that a department has filled in is never written over.
    """
    chosen = departments or departments_of(plan)
    paths = {
        department: folder / f"{number:02d}_{_file_name(department_title(department, language))}.xlsx"
        for number, department in enumerate(chosen, start=1)
    }
    taken = [path for path in paths.values() if path.exists()]
    if taken:
        raise FindingError([finding("ledger", "file_exists", file=p.name, path=str(p)) for p in taken])
    folder.mkdir(parents=True, exist_ok=True)
    name = plan["task"]["plan"][0] if plan["task"].height else ""
    for department, path in paths.items():
        tasks = tasks_of(plan, department)
        text = "text_en" if language == "en" else "text_zh"
        progress = tasks.select(
            pl.lit(name).alias("plan"),
            "task",
            pl.coalesce(text, "text_zh").alias("text"),
            pl.lit(department).alias("department"),
            pl.lit(year, dtype=pl.Int64).alias("year"),
        )
        led = set(tasks.filter(pl.col("lead") == department)["task"])
        mine = (pl.col("lead") == department) | pl.col("task").is_in(list(led))
        own = plan["indicator"].filter(mine & (pl.col("direction") != "qualitative"))
        reported = own.select(
            "indicator",
            pl.lit(region).alias("region"),
            pl.lit(str(year)).alias("period"),
            "unit",
            pl.lit(department).alias("department"),
            pl.coalesce("title_en" if language == "en" else "title_zh", "title_zh").alias("note"),
        )
        tables = {
            "progress": conform("progress", progress),
            "indicator_observation": conform("indicator_observation", reported).drop(
                "printed", "lower", "upper", "comparable"
            ),
            "evidence": empty("evidence"),
        }
        write_form(
            path,
            tables,
            locked={
                "progress": ("plan", "task", "text", "department", "year"),
                "indicator_observation": ("indicator", "region", "period", "unit", "department", "note"),
            },
            language=language,
            spare={"evidence": SPARE_EVIDENCE},
        )
    return list(paths.values())


def _file_name(text: str) -> str:
    """Return `text` as every file system accepts it."""
    return re.sub(r'[<>:"/\\|?*\x00-\x1f]', "_", text).strip(" .") or "_"


def merge(paths: Sequence[Path]) -> Merged:
    """Merge filled workbooks into tables.

    Malformed cells are named by file, sheet and cell: numbers that cannot be read are empty, unknown
    words stay as they are, and the rest of the row is kept. Rows nobody has filled in are left out. Where
    one item (same key) was reported differently, every version is held back and listed cell by cell in
    ``merge_conflict``; identical repetitions count once.

    Parameters
    ----------
    paths
        Workbooks as :func:`write_workbooks` makes them, filled in; CSV and Parquet also do.

    Returns
    -------
    Merged
    """
    reading = read(*paths, unique=False)
    tables: dict[str, pl.DataFrame] = {}
    held: dict[str, pl.DataFrame] = {}
    rows: list[dict[str, str | None]] = []
    found: list[Finding] = []
    files: set[str] = set()
    for name in COLLECTED:
        frame = reading.tables.get(name, empty(name).with_columns(pl.lit("").alias(PLACE)))
        files |= {str(place).partition("|")[0] for place in frame[PLACE].drop_nulls()}
        filled = _filled(name, frame)
        good, bad = _split(name, filled)
        tables[name], held[name] = good, bad
        _told(name, bad, reading.letters, rows, found)
    schema = empty("merge_conflict").schema
    conflict = (
        conform("merge_conflict", pl.DataFrame(rows, schema=schema)) if rows else empty("merge_conflict")
    )
    kept = [f for f in reading.findings if f.check not in ("no_rows", "empty_sheet")]
    told = {f.file for f in kept if f.severity == "error"}
    strange = [p.name for p in paths if p.name not in files | told]
    found += [finding(ROOM, "not_a_form", file=name) for name in strange]
    return Merged(tables, conflict, held, (*kept, *found), tuple(sorted(files)))


_GIVEN = {
    "progress": ("plan", "task", "text", "department", "year"),
    "indicator_observation": ("indicator", "region", "period", "unit", "department", "comparable", "note"),
    "evidence": ("evidence", "department"),
}
_KEYS = {
    "progress": ("plan", "task", "department", "year"),
    "indicator_observation": ("indicator", "region", "period"),
    "evidence": ("evidence", "department"),
}


def _filled(name: str, frame: pl.DataFrame) -> pl.DataFrame:
    asked = [c.name for c in table(name).columns if c.name not in _GIVEN[name]]
    return frame.filter(pl.any_horizontal(pl.col(c).is_not_null() for c in asked))


def _split(name: str, frame: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Return the rows that agree with all others of their key, once each, and the rows that do not."""
    keys = list(_KEYS[name])
    content = [c.name for c in table(name).columns if c.name not in (*keys, "department")]
    once = frame.unique([*keys, *content], keep="first", maintain_order=True)
    count = pl.len().over(keys)
    return once.filter(count == 1), once.filter(count > 1)


def _told(
    name: str, frame: pl.DataFrame, letters: Mapping[str, Mapping[str, str]],
    rows: list[dict[str, str | None]], found: list[Finding],
) -> None:  # fmt: skip
    keys = list(_KEYS[name])
    content = [c for c in table(name).columns if c.name not in (*keys, "department", "text")]
    definition = table(name)
    for key, group in frame.group_by(keys, maintain_order=True):
        item = " · ".join(str(part) for part in key if part not in (None, ""))
        places = [_place(row, letters) for row in group[PLACE].to_list()]
        for column in content:
            values = group[column.name].to_list()
            if len({str(v) for v in values}) < 2:
                continue
            cells = [f"{p[3].get(column.name, '')}{p[2]}" for p in places]
            for value, place, cell in zip(values, places, cells, strict=True):
                told = None if value is None else str(value)
                rows.append(
                    {"table": name, "key": item, "column": column.name, "value": told, "file": place[0],
                     "sheet": place[1], "cell": cell}
                )  # fmt: skip
            others = "; ".join(
                f"{p[0]} {p[1]}!{c} = {'–' if v is None else v}"
                for p, c, v in zip(places, cells, values, strict=True)
            )
            first = places[0]
            title = Bilingual(column.title_zh, column.title_en)
            kind = Bilingual(definition.title_zh, definition.title_en)
            found.append(
                finding(
                    ROOM, "merge_conflict", file=first[0], sheet=first[1], row=int(first[2] or 0) or None,
                    column=first[3].get(column.name, ""), table=kind, item=item, title=title, places=others,
                )
            )  # fmt: skip


def _place(place: str, letters: Mapping[str, Mapping[str, str]]) -> tuple[str, str, str, Mapping[str, str]]:
    file, _, rest = (place or "").partition("|")
    sheet, _, row = rest.rpartition("|")
    return file, sheet, row, letters.get(f"{file}|{sheet}", {})
