"""What a programme folder holds: the plan, what came back from departments, rules, every edition kept."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import polars as pl

from tongyuan.ledger.finding import Finding, FindingError, finding, require
from tongyuan.ledger.read.read import read
from tongyuan.ledger.run_set import tables_of
from tongyuan.ledger.table import PLACE, empty
from tongyuan.ledger.write.atomic import exchanging, settle
from tongyuan.ledger.write.write import write_excel, write_parquet
from tongyuan.programme import assessment as scoring
from tongyuan.programme.collect import COLLECTED, Merged, merge
from tongyuan.programme.evidence import fill_hashes, verify
from tongyuan.programme.plan import NATION, NATIONAL, TABLES, Plan

ROOM = "programme"
PROGRAMME = "programme"
"""Folder of a workspace with a programme of its own."""

PLAN, PARENT = "plan.xlsx", "parent.xlsx"
FORMS, MERGED, ASSESSED, DOCUMENTS = "forms", "merged", "assessment", "documents"
EARLIER = "earlier"
"""Folder inside ``merged`` with what was merged before."""

KINDS = (".csv", ".xlsx")
"""Files a table of one's own may be in."""

HISTORY = ("assessment", "assessment_line")
"""Tables of all editions of assessments."""

EDITION = ("plan", "period", "edition")
"""Columns that name an edition."""

REPORTED = ("progress", "evidence")
"""Tables of departments that no run has."""


def load_plan(folder: Path, name: str = PLAN) -> tuple[Plan, list[Finding]]:
    """Return the plan in the workbook `name` of `folder` and what reading it found.

    Raises
    ------
    FindingError
        If there is no plan, or it has errors that forbid going on.
    """
    path = folder / name
    if not path.is_file():
        raise FindingError([finding(ROOM, "no_plan", path=str(folder), name=name)])
    reading = read(path, unique=False)
    found = [f for f in reading.findings if f.check not in ("no_rows", "empty_sheet")]
    require(found if not reading.tables else (f for f in found if f.check == "no_header"))
    made = {table: reading.tables.get(table, empty(table)).drop(PLACE, strict=False) for table in TABLES}
    return made, found


def region_of(plan: Plan) -> str:
    """Return the region most targets of a plan are of; without targets the one its tasks are called by."""
    regions = plan["programme_target"]["region"].drop_nulls()
    if regions.len():
        return str(regions.mode().sort()[0])
    names = plan["task"]["plan"].drop_nulls().unique(maintain_order=True).to_list()
    return next((str(name) for name in names if name != NATIONAL), NATION)


def merge_into(folder: Path, files: Sequence[Path], *, evidence: Path | None = None) -> Merged:
    """Merge filled workbooks into ``folder/merged`` (Parquet and one Excel with the conflicts).

    Files named as evidence get their SHA-256 from the folder `evidence` where they have none, and are checked
    against it where they have one. What was merged before is kept in ``merged/earlier/``; when no file can be
    read nothing is written.
    """
    load_plan(folder)
    if not files:
        raise FindingError([finding(ROOM, "no_forms")])
    result = merge(files)
    if not result.read:
        raise FindingError(result.findings)
    tables = dict(result.tables)
    found = list(result.findings)
    if evidence is not None:
        tables["evidence"] = fill_hashes(tables["evidence"], evidence)
        found += verify(tables["evidence"], evidence)
    kept = {name: frame.drop(PLACE, strict=False) for name, frame in tables.items()}
    held = {f"held_{name}": frame for name, frame in result.held.items() if frame.height}
    every = kept | {"merge_conflict": result.merge_conflict} | held
    with exchanging(folder / MERGED, EARLIER) as target:
        write_parquet(every, target)
        write_excel(every, target / "merged.xlsx")
    return result._replace(tables=tables, findings=tuple(found))


def merged(folder: Path) -> dict[str, pl.DataFrame]:
    """Return the tables that were merged last, empty where nothing was.

    Raises
    ------
    FindingError
        If some of the tables are there and others are not.
    """
    target = folder / MERGED
    settle(target, EARLIER)
    return _whole(target, COLLECTED, "merged_incomplete") or {name: empty(name) for name in COLLECTED}


def _whole(folder: Path, names: Sequence[str], check: str) -> dict[str, pl.DataFrame]:
    """Return the tables `names` of `folder`, none of them or all; some of them are a finding."""
    missing = [name for name in names if not (folder / f"{name}.parquet").is_file()]
    if missing and (len(missing) < len(names) or any(folder.glob("*.parquet"))):
        listed = ", ".join(f"{name}.parquet" for name in missing)
        raise FindingError([finding(ROOM, check, file=folder.name, path=str(folder), missing=listed)])
    return {} if missing else {name: _parquet(folder / f"{name}.parquet") for name in names}


def results_of(path: Path | None) -> dict[str, pl.DataFrame]:
    """Return the tables a run left in a workspace or results folder, with its observations; none for None."""
    if path is None:
        return {}
    tables = tables_of(path)
    if not tables:
        raise FindingError([finding(ROOM, "no_results", path=str(path))])
    return tables


def _parquet(path: Path) -> pl.DataFrame:
    """Return the table in a Parquet file; a damaged one is named."""
    try:
        return pl.read_parquet(path)
    except (pl.exceptions.PolarsError, OSError) as error:
        raise FindingError([finding(ROOM, "damaged_table", file=str(path))]) from error


def programme_of(path: Path) -> tuple[dict[str, pl.DataFrame], list[Finding], list[Path]]:
    """Return the tables of the programme in ``path/programme``, what reading it found, and its files.

    The plan, the plan it derives from (``parent.task`` and so on), what departments reported, rules and
    vetoes of its own, and the editions kept. Nothing where there is no programme.
    """
    folder = path / PROGRAMME
    if not (folder / PLAN).is_file():
        return {}, [], []
    plan, found = load_plan(folder)
    tables = plan | merged(folder)
    if (folder / PARENT).is_file():
        tables |= {f"parent.{name}": frame for name, frame in load_plan(folder, PARENT)[0].items()}
    for name in ("assessment_rule", "veto"):
        own = own_table(folder, name)
        tables |= {} if own is None else {name: own}
    history = history_of(folder / ASSESSED)
    tables |= {} if history is None else history._asdict()
    files = [*folder.glob("*"), *(folder / MERGED).glob("*.parquet"), *(folder / ASSESSED).glob("*.parquet")]
    used = [p for p in files if p.is_file() and not p.name.startswith(("~$", "."))]
    return tables, found, used


def rules_of(folder: Path) -> pl.DataFrame:
    """Return the scoring rules of a programme folder, those shipped where it has none of its own."""
    own = own_table(folder, "assessment_rule")
    return scoring.default_rules() if own is None else own


def own_table(folder: Path, name: str) -> pl.DataFrame | None:
    """Return the table `name` that `folder` has as a CSV file or workbook of that name, None without one."""
    path = next((p for kind in KINDS if (p := folder / f"{name}{kind}").is_file()), None)
    if path is None:
        return None
    reading = read(path, unique=False)
    require(reading.findings)
    frame = reading.tables.get(name, empty(name))
    return frame.drop(PLACE, strict=False)


def history_of(folder: Path) -> scoring.Assessment | None:
    """Return every edition of every assessment kept in `folder`, None when there is none.

    Raises
    ------
    FindingError
        If the two tables are not both there, or do not hold the same editions.
    """
    settle(folder)
    found = _whole(folder, HISTORY, "history_incomplete")
    if not found:
        return None
    editions, lines = (set(found[name].select(EDITION).unique().iter_rows()) for name in HISTORY)
    if lines != editions:
        raise FindingError([finding(ROOM, "history_uneven", file=folder.name, path=str(folder))])
    return scoring.Assessment(*found.values())
