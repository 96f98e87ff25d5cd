"""``tongyuan factors``: search, show, compare, import and check emission factors."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import Annotated, Any

import polars as pl
import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from tongyuan.cli.show import terminal
from tongyuan.ledger.write.write import write_csv
from tongyuan.reference import importers, quality
from tongyuan.reference.factors import library as shelves
from tongyuan.reference.language import preferred_language, say
from tongyuan.reference.shelf import Language, identify, title

ROOM = shelves.ROOM
STYLE = {"error": "bold red", "warning": "yellow", "notice": "cyan"}
NUMERIC = {"value", "value_canonical", "range"}
TITLED = {
    "process": "process",
    "product": "product",
    "technology": "technology",
    "control": "control",
    "region": "factor_region",
}
SEARCH = ("record_id", "process", "product", "technology", "region", "species", "value", "status")
COMPARE = (
    "record_id",
    "technology",
    "region",
    "species",
    "value",
    "value_canonical",
    "basis",
    "valid",
    "status",
)
SHOW = (
    "record_id",
    "topic",
    "kind",
    "process",
    "product",
    "technology",
    "control",
    "region",
    "species",
    "value",
    "range",
    "distribution",
    "basis",
    "class",
    "valid",
    "tier",
    "status",
    "locator",
    "note",
)

app = typer.Typer(no_args_is_help=True, help="排放因子库 · The factor library")

Text1 = Annotated[list[str] | None, typer.Argument(help="词语，中英文均可 · words, Chinese or English")]
SpeciesOption = Annotated[str | None, typer.Option("--species", "-s", help="物质 · species")]
ProcessOption = Annotated[str | None, typer.Option("--process", "-p", help="工艺过程 · process")]
ProductOption = Annotated[str | None, typer.Option("--product", "-f", help="燃料或产品 · fuel or product")]
LimitOption = Annotated[int, typer.Option("--limit", "-n", min=1, help="最多显示 · rows shown")]
UnverifiedOption = Annotated[
    bool, typer.Option("--unverified", help="含未核实记录 · with unverified records")
]


def _identify(name: str, text: str | None, language: Language) -> str | None:
    """Return the id behind `text` on shelf `name`, or end with a message when there is none."""
    if text is None or text == "":
        return text
    found = identify(name, text)
    if found is None:
        terminal(stderr=True).print(
            say(ROOM, "no_word", language, text=text, field=say(ROOM, f"col_{name}", language)), markup=False
        )
        raise typer.Exit(2)
    return found


def _number(value: object) -> str:
    return "" if value is None else f"{value:.6g}" if isinstance(value, float) else str(value)


def _cell(column: str, row: dict[str, Any], language: Language) -> str:
    if column == "range":
        return "" if row["lower"] is None else f"{_number(row['lower'])} – {_number(row['upper'])}"
    if column == "valid":
        start, end = row["valid_from"], row["valid_to"]
        return "" if start is None and end is None else f"{start or ''}–{end or ''}"
    value = row[column]
    if column == "value":
        return f"{_number(value)} {row['unit']}"
    if column == "value_canonical":
        return f"{_number(value)} {row['unit_canonical']}"
    if column in ("status", "kind"):
        return say(ROOM, f"{column}_{value}", language)
    if column in TITLED and value:
        return title(TITLED[column], str(value), language)
    return _number(value)


def _print(frame: pl.DataFrame, columns: Iterable[str], console: Console, language: Language) -> None:
    table = Table()
    for column in columns:
        table.add_column(
            say(ROOM, f"col_{column}", language),
            justify="right" if column in NUMERIC else "left",
            overflow="fold",
            min_width=20 if column == "record_id" else None,
        )
    for row in frame.iter_rows(named=True):
        table.add_row(*(Text(_cell(column, row, language)) for column in columns))
    console.print(table)


def _print_issues(issues: Iterable[quality.Issue], limit: int, console: Console, language: Language) -> None:
    table = Table(show_lines=True)
    for column in ("severity", "record_id", "row", "message", "next"):
        table.add_column(say(ROOM, f"col_{column}", language), overflow="fold")
    order = {"error": 0, "warning": 1, "notice": 2}
    for found in sorted(issues, key=lambda i: order[i.severity])[:limit]:
        table.add_row(
            Text(say(ROOM, f"severity_{found.severity}", language), style=STYLE[found.severity]),
            Text(found.record),
            Text("" if found.row is None else str(found.row)),
            Text(found.message(language)),
            Text(found.next_step(language)),
        )
    if table.row_count:
        console.print(table)


def _tally(issues: Iterable[quality.Issue]) -> tuple[int, int]:
    seen = Counter(found.severity for found in issues)
    return seen["error"], sum(seen.values()) - seen["error"]


@app.command("search")
def search(
    words: Text1 = None,
    species: SpeciesOption = None,
    process: ProcessOption = None,
    product: ProductOption = None,
    limit: LimitOption = 30,
    unverified: UnverifiedOption = False,
) -> None:
    """按词语、物质、工艺、燃料查找记录 · Find records by words, species, process or fuel."""
    language = preferred_language()
    console = terminal()
    frame = shelves.search(
        " ".join(words or []),
        species=_identify("species", species, language),
        process=_identify("process", process, language),
        product=_identify("product", product, language),
        include_unverified=unverified,
    )
    if frame.is_empty():
        console.print(say(ROOM, "nothing", language))
        raise typer.Exit(1)
    _print(frame.head(limit), SEARCH, console, language)
    console.print(say(ROOM, "found", language, count=frame.height))
    if frame.height > limit:
        console.print(say(ROOM, "shown_part", language, limit=limit))


@app.command("show")
def show(record_id: Annotated[str, typer.Argument(help="记录编号 · record id")]) -> None:
    """显示一条记录及其出处 · Show one record with its citation."""
    language = preferred_language()
    console = terminal()
    try:
        record = shelves.show(record_id)
    except KeyError:
        terminal(stderr=True).print(say(ROOM, "no_record", language, record=record_id), markup=False)
        raise typer.Exit(2) from None
    citation = record["citation"]
    table = Table(show_header=False)
    for column in SHOW:
        text = _cell(column, record, language)
        if text:
            table.add_row(say(ROOM, f"col_{column}", language), Text(text))
    cited = [
        str(citation[part])
        for part in ("title", "publisher", "year", "edition", "note")
        if citation.get(part)
    ]
    table.add_row(say(ROOM, "col_citation", language), Text(" · ".join(cited)))
    console.print(table)


@app.command("compare")
def compare(
    process: Annotated[str, typer.Argument(help="工艺过程 · process")],
    product: Annotated[str, typer.Argument(help="燃料或产品 · fuel or product")] = "",
    species: SpeciesOption = None,
    limit: LimitOption = 60,
) -> None:
    """并列比较所有可用因子 · Put every factor that could serve side by side."""
    language = preferred_language()
    console = terminal()
    frame = shelves.compare(
        _identify("process", process, language) or "",
        _identify("product", product, language) or "",
        _identify("species", species, language),
    )
    if frame.is_empty():
        console.print(say(ROOM, "nothing", language))
        raise typer.Exit(1)
    _print(frame.head(limit), COMPARE, console, language)
    console.print(say(ROOM, "found", language, count=frame.height))
    if frame.height > limit:
        console.print(say(ROOM, "shown_part", language, limit=limit))
    if (frame["status"] == "unverified").any():
        console.print(say(ROOM, "unverified_note", language))


@app.command("import")
def import_file(
    kind: Annotated[str, typer.Argument(help="emep | efdb | cost | gains | handbook | records")],
    path: Annotated[Path, typer.Argument(help="文件 · file")],
    output: Annotated[Path | None, typer.Option("--output", "-o", help="写出 CSV · CSV to write")] = None,
    limit: LimitOption = 30,
) -> None:
    """读入下载的因子文件并检查 · Read a downloaded factor file and check it."""
    language = preferred_language()
    console = terminal()
    refuse = terminal(stderr=True)
    if kind not in importers.kinds():
        refuse.print(
            say(ROOM, "no_kind", language, text=kind, known=", ".join(importers.kinds())), markup=False
        )
        raise typer.Exit(2)
    if not path.is_file():
        refuse.print(say(ROOM, "no_file", language, path=path), markup=False)
        raise typer.Exit(2)
    frame, issues = importers.read(kind, path)
    _print_issues(issues, limit, console, language)
    errors, others = _tally(issues)
    console.print(say(ROOM, "imported", language, count=frame.height, errors=errors, others=others))
    if output is not None:
        write_csv(frame, output)
        console.print(say(ROOM, "written", language, path=output), markup=False)
    if errors:
        raise typer.Exit(1)


@app.command("check")
def check(
    path: Annotated[
        Path | None, typer.Argument(help="因子表；不填则检查内置库 · factor table; default: the library")
    ] = None,
    limit: LimitOption = 30,
) -> None:
    """检查因子表或内置因子库 · Check a factor table, or the library itself."""
    if path is not None:
        import_file("records", path, None, limit)
        return
    language = preferred_language()
    console = terminal()
    frame = shelves.library(include_unverified=True)
    issues = quality.check(frame)
    errors, others = _tally(issues)
    if not errors:
        console.print(say(ROOM, "library_ok", language, count=frame.height))
        return
    _print_issues(issues, limit, console, language)
    console.print(say(ROOM, "library_issues", language, count=frame.height, errors=errors, others=others))
    raise typer.Exit(1)
