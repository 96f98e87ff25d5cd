"""Workspaces as Python users meet them: a folder, an example, or tables at hand."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from importlib.resources import as_file, files
from pathlib import Path
from typing import Any, TypeAlias

import polars as pl

from tongyuan.face.results import Results, no_table
from tongyuan.face.table import as_polars, refuse
from tongyuan.flows.source import open_workspace
from tongyuan.ledger import example as shipped
from tongyuan.ledger import workspace as folders
from tongyuan.ledger.branch import Kind
from tongyuan.ledger.examine import examine
from tongyuan.ledger.finding import Finding, require
from tongyuan.ledger.read.read import read_frame
from tongyuan.ledger.settings import Settings, changed
from tongyuan.ledger.table import names, tables_of
from tongyuan.ledger.table import table as definition
from tongyuan.ledger.waive import waived
from tongyuan.ledger.workspace import Workspace
from tongyuan.reference.language import preferred_language
from tongyuan.reference.shelf import Language

Source: TypeAlias = str | Path | Workspace | Results | Mapping[str, Any]
"""What a question takes: a folder, a workspace, results, or tables by name."""

STEEL = "steel"
"""Teaching example that is a plan only."""


def init(
    folder: str | Path,
    kind: Kind = "province",
    *,
    name: str = "",
    region: str = "",
    language: Language | None = None,
) -> Path:
    """Make a new workspace: settings and a workbook to fill in; return the workbook.

    Parameters
    ----------
    folder
        A new folder, or one without ``tongyuan.toml``.
    kind
        ``province``, ``city``, ``park`` or ``enterprise``; decides which tables the workbook has.
    name, region
        Go into the settings; the name is that of the folder when not given.

    Examples
    --------
    >>> from tempfile import mkdtemp
    >>> ty.init(mkdtemp(), "park", name="Steel park", region="日照市", language="en").name
    'data.xlsx'
    """
    return folders.init(
        Path(folder), kind, name=name, region=region, language=language or preferred_language()
    )


def load(folder: str | Path) -> Workspace:
    """Return everything the workspace in `folder` holds: settings, checked tables, findings.

    Raises
    ------
    FindingError
        With every finding at once, if one of them is an error.

    Examples
    --------
    >>> from tempfile import mkdtemp
    >>> folder = mkdtemp()
    >>> workbook = ty.init(folder, "city", region="青岛市")
    >>> ty.load(folder).settings.region_id
    '370200'
    """
    return open_workspace(Path(folder))


def check(what: Source) -> tuple[Finding, ...]:
    """Return every finding on a folder, a workspace or tables; raises for none of them.

    A folder is checked as ``tongyuan check`` does: its cells, its tables, and what only accounting can tell.

    Examples
    --------
    >>> wrong = {"activity": {"region": ["山东省"], "year": [2021], "process": ["energy.power"],
    ...          "product": ["coking coall"], "value": [1.0], "unit": ["t"]}}
    >>> [(f.severity, f.check) for f in ty.check(wrong)]
    [('error', 'unknown_reference')]
    """
    from tongyuan.ledger.finding import FindingError

    if isinstance(what, str | Path):
        from tongyuan.flows.check import check as check_folder

        return check_folder(Path(what))[1]
    try:
        return opened(what).findings
    except FindingError as error:
        return error.findings


def workspace(
    tables: Mapping[str, Any],
    name: str = "notebook",
    kind: Kind = "province",
    *,
    region: str = "",
    settings: Mapping[str, Any] | None = None,
) -> Workspace:
    """Return a workspace of tables at hand, checked as those of a file are.

    Parameters
    ----------
    tables
        Tables of the ledger by name: polars, pandas, pyarrow or anything with the Arrow PyCapsule interface,
        a mapping of columns, or a list of rows. Columns are ids or titles of either language; a table without
        the column of sources gets ``notebook`` as the source of its rows.
    name, kind, region
        As in ``tongyuan.toml``.
    settings
        Further settings by dotted name, as ``{"account.gwp_set": "AR6"}``.

    Raises
    ------
    FindingError
        With every finding at once, if one of them is an error.

    Examples
    --------
    >>> coal = {"region": ["山东省"], "year": [2021], "process": ["energy.power"], "product": ["烟煤"],
    ...         "value": [100.0], "unit": ["万吨"]}
    >>> made = ty.workspace({"activity": coal}, name="one plant", kind="enterprise")
    >>> made.tables["activity"].select("region", "product", "value", "unit").row(0)
    ('370000', 'bituminous', 100.0, '万吨')
    """
    chosen = changed(Settings(name=name, kind=kind, region=region), settings or {})
    plan, found, read = tables_of(room="pathway", role="input"), list[Finding](), dict[str, pl.DataFrame]()
    for table, given in tables.items():
        if table not in names():
            raise no_table(table, names())
        frame = _sourced(table, as_polars(table, given))
        if table in plan:
            read[table] = frame
            continue
        read[table], wrong = read_frame(table, frame, file=table)
        found += wrong
    own = {table: frame for table, frame in read.items() if table not in plan}
    kept = waived([*found, *examine(own, {})], chosen.account.waive)
    require(kept)
    return Workspace(Path(), chosen, read, tuple(kept))


def _sourced(table: str, frame: pl.DataFrame) -> pl.DataFrame:
    """Return a frame with the column ``source`` where its table wants one and it has none."""
    column = next((c for c in definition(table).columns if c.name == "source"), None)
    if column is None or {"source", column.title_zh, column.title_en} & set(frame.columns):
        return frame
    return frame.with_columns(pl.lit("notebook").alias("source"))


def examples() -> dict[str, str]:
    """Return the example worlds by name, with the name each has in its settings.

    Examples
    --------
    >>> [name for name in ty.examples() if name.startswith("p")]
    ['park', 'park_chemicals', 'province']
    """
    worlds = {name: example(name).settings.name for name in shipped.examples()}
    return worlds | {STEEL: example(STEEL).settings.name}


def example(name: str = "minimal") -> Workspace:
    """Return an example world: ``minimal``, ``province``, ``cities``, ``park``, or the plan ``steel``.

    Raises
    ------
    FindingError
        If there is no such example.

    Examples
    --------
    >>> sorted(ty.example("minimal").tables)
    ['activity', 'control', 'purchased_energy']
    """
    if name == STEEL:
        from tongyuan.flows.ask.plan.tables import teaching_tables

        costs = {"plan.discount_rate": 0.05, "plan.base_year": 2025}
        return workspace(teaching_tables(), "steel", "park", settings=costs)
    if name not in shipped.examples():
        raise refuse("no_example", name=name, known=", ".join([*shipped.examples(), STEEL]))
    with as_file(files("tongyuan.ledger") / "examples" / name) as folder:
        return open_workspace(folder)


def opened(what: Source, settings: Mapping[str, Any] | None = None) -> Workspace:
    """Return what a question is put to as a workspace, with `settings` in place of its own.

    Raises
    ------
    FindingError
        If it is none, or has errors.
    """
    if isinstance(what, str | Path):
        found = load(what)
    elif isinstance(what, Workspace):
        found = what
    elif isinstance(what, Results):
        found = what.origin
    elif isinstance(what, Mapping):
        return workspace(what, settings=settings)
    else:
        raise refuse("not_comparable", kind=type(what).__name__)
    return found if not settings else replace(found, settings=changed(found.settings, settings))


def with_factor(found: Workspace, factor: Any) -> Workspace:
    """Return a workspace with further factor records of one's own.

    Parameters
    ----------
    factor
        Rows of table ``factor``: at least ``process``, ``species``, ``value``, ``unit``. What is not given is
        filled in: an emission factor, measured in the region of the workspace.

    Raises
    ------
    FindingError
        If a record cannot be used.

    Examples
    --------
    >>> own = {"process": "energy.power", "product": "bituminous", "species": "SO2",
    ...        "value": 3.0, "unit": "kg/t"}
    >>> changed = ty.with_factor(ty.example("minimal"), own)
    >>> changed.tables["factor"].select("record_id", "region", "value", "unit").row(0)
    ('notebook-1', '370000', 3.0, 'kg/t')
    """
    rows = as_polars("factor", factor)
    held = found.tables["activity"]["region"].unique().to_list() if "activity" in found.tables else []
    region = held[0] if len(held) == 1 else found.settings.region_id or "CN"
    usual = {
        "kind": "emission_factor", "region": region, "status": "measured",
        "source": "notebook", "locator": "notebook",
    }  # fmt: skip
    absent = [pl.lit(value).alias(name) for name, value in usual.items() if name not in rows.columns]
    rows = rows.with_columns(absent)
    if "record_id" not in rows.columns:
        rows = rows.with_columns(pl.format("notebook-{}", pl.int_range(1, pl.len() + 1)).alias("record_id"))
    frame, wrong = read_frame("factor", rows, file="factor")
    require([*wrong, *examine({"factor": frame}, {})])
    every = [found.tables["factor"], frame] if "factor" in found.tables else [frame]
    return replace(found, tables={**found.tables, "factor": pl.concat(every, how="diagonal_relaxed")})
