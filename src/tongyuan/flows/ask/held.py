"""What a question about synergy is asked of: a workspace, a folder of results, or a table of one's own."""

from __future__ import annotations

from pathlib import Path

import polars as pl

from tongyuan.flows.ask.synergy import ROOM, Held
from tongyuan.ledger.finding import FindingError, finding, require
from tongyuan.ledger.settings import SETTINGS, Settings
from tongyuan.reference.shelf import Language

OWN = ("observation", "published_total")
"""Tables of the workspace that results do not hold."""

FIGURES = (".svg", ".pdf", ".png")


def held(path: Path) -> Held:
    """Return what stands at `path`: the results of a folder with their workspace, or the table of a file.

    Raises
    ------
    FindingError
        If there is no table to ask about.
    """
    if not path.is_dir():
        return Held(sheet=sheet(path))
    from tongyuan.ledger.run_set import tables_of

    tables = tables_of(path)
    around = (path, *path.resolve().parents[:2])
    root = next((place for place in around if (place / SETTINGS).is_file()), None)
    settings, texts = Settings(name=path.name or "–", kind="city"), {}
    if root is not None:
        from tongyuan.flows.source import open_workspace

        workspace = open_workspace(root)
        settings, texts = workspace.settings, dict(workspace.texts)
        tables = {k: v for k, v in workspace.tables.items() if k in OWN} | tables
    if not {"emission", "published_total"} & set(tables):
        raise FindingError([finding(ROOM, "cli_no_table", path=path, wanted="emission")])
    return Held(tables, settings, texts)


def sheet(path: Path) -> pl.DataFrame:
    """Return the first table of a file, its first row as header, numbers as numbers.

    Raises
    ------
    FindingError
        If the file cannot be read or holds no table.
    """
    from tongyuan.ledger.read.sheet import sheets

    found, findings = sheets(path)
    require(findings)
    filled = [s for s in found if not s.hidden and s.grid.height > 1]
    if not filled:
        raise FindingError([finding(ROOM, "cli_no_table", path=path, wanted="CSV, xlsx, parquet")])
    grid = filled[0].grid.select(filled[0].columns)
    head = grid.row(0)
    body = grid.slice(1).select(
        pl.col(letter).str.strip_chars().alias(str(title).strip())
        for letter, title in zip(grid.columns, head, strict=True)
        if title is not None and str(title).strip()
    )
    columns = []
    for column in body.get_columns():
        empty = column.replace("", None)
        number = empty.str.replace_all(",", "").cast(pl.Float64, strict=False)
        columns.append(number if number.null_count() == empty.null_count() else column)
    return pl.DataFrame(columns)


def index_text(path: Path) -> str:
    """Return the text of an index system of one's own.

    Raises
    ------
    FindingError
        If the file cannot be read.
    """
    try:
        return path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError):
        raise FindingError([finding("flows", "index_unreadable", path=path)]) from None


def draw(tables: dict[str, pl.DataFrame], main: str, output: Path, language: Language) -> None:
    """Write the figure of an answer, as journals want it: rank bands or scores, coordinates, waterfalls.

    Raises
    ------
    FindingError
        If its table has no figure.
    """
    from tongyuan.report.picture.publication import save
    from tongyuan.report.synergy.chapter.synergy import figure_blocks

    blocks = figure_blocks(tables, main, language)
    if not blocks:
        raise FindingError([finding(ROOM, "cli_no_figure", path=output)])
    save(blocks, output)
