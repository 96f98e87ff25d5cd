"""``tongyuan factors``: search, show, compare, import and check emission factors."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from tongyuan.cli.door import group, offer
from tongyuan.reference.language import Language, preferred_language, say

if TYPE_CHECKING:
    import polars as pl
    from rich.console import Console

    from tongyuan.reference.finding import Finding

ROOM = "reference.factors"
STYLE = {"error": "bold red", "warning": "yellow", "notice": "cyan"}
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

app = group("factors")

Text1 = Annotated[list[str] | None, typer.Argument(help="text1")]
SpeciesOption = Annotated[str | None, typer.Option("--species", "-s", help="speciesoption")]
ProcessOption = Annotated[str | None, typer.Option("--process", "-p", help="processoption")]
ProductOption = Annotated[str | None, typer.Option("--product", "-f", help="productoption")]
LimitOption = Annotated[int, typer.Option("--limit", "-n", min=1, help="limitoption")]
UnverifiedOption = Annotated[bool, typer.Option("--unverified", help="unverifiedoption")]


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
        from tongyuan.reference.shelf import title

        return title(TITLED[column], str(value), language)
    return _number(value)


def _print(frame: pl.DataFrame, columns: Sequence[str], console: Console, language: Language) -> None:
    import polars as pl

    from tongyuan.cli.show import print_frame

    rows = [[_cell(column, row, language) for column in columns] for row in frame.iter_rows(named=True)]
    heads = {column: say(ROOM, f"col_{column}", language) for column in columns}
    print_frame(pl.DataFrame(rows, schema=dict.fromkeys(heads, pl.String), orient="row"), console, heads)


def _print_issues(issues: Iterable[Finding], limit: int, console: Console, language: Language) -> None:
    from rich.table import Table
    from rich.text import Text

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


def _tally(issues: Iterable[Finding]) -> tuple[int, int]:
    seen = Counter(found.severity for found in issues)
    return seen["error"], sum(seen.values()) - seen["error"]


@offer(app, "search")
def search(
    words: Text1 = None,
    species: SpeciesOption = None,
    process: ProcessOption = None,
    product: ProductOption = None,
    limit: LimitOption = 30,
    unverified: UnverifiedOption = False,
) -> None:
    """Find records by words, species, process or fuel."""
    from tongyuan.flows.ask.factors import search as ask

    answer = ask(
        words or [],
        species=species or "",
        process=process or "",
        product=product or "",
        unverified=unverified,
    )
    _list(answer["factor"], SEARCH, limit)


def _list(frame: pl.DataFrame, columns: Sequence[str], limit: int) -> None:
    """Print records and how many there are; end with 1 where there is none."""
    from tongyuan.cli.show import give_rows, terminal

    language = preferred_language()
    console = terminal()
    give_rows({"factor": frame})
    if frame.is_empty():
        console.print(say(ROOM, "nothing", language))
        raise typer.Exit(1)
    _print(frame.head(limit), columns, console, language)
    console.print(say(ROOM, "found", language, count=frame.height))
    if frame.height > limit:
        console.print(say(ROOM, "shown_part", language, limit=limit))
    if (frame["status"] == "unverified").any():
        console.print(say(ROOM, "unverified_note", language))


@offer(app, "show")
def show(record_id: Annotated[str, typer.Argument(help="record_id")]) -> None:
    """Show one record with its citation."""
    from rich.table import Table
    from rich.text import Text

    from tongyuan.cli.show import give_rows, terminal
    from tongyuan.flows.ask.factors import show as ask

    language = preferred_language()
    console = terminal()
    record = ask(record_id)
    if give_rows({}, factor=[record]):
        return
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


@offer(app, "compare")
def compare(
    process: Annotated[str, typer.Argument(help="factors_process")],
    product: Annotated[str, typer.Argument(help="product")] = "",
    species: SpeciesOption = None,
    limit: LimitOption = 60,
) -> None:
    """Put every factor that could serve side by side."""
    from tongyuan.flows.ask.factors import compare as ask

    _list(ask(process, product, species or "")["factor"], COMPARE, limit)


@offer(app, "import")
def import_file(
    kind: Annotated[str, typer.Argument(help="kind")],
    path: Annotated[Path, typer.Argument(help="import_path")],
    output: Annotated[Path | None, typer.Option("--output", "-o", help="output")] = None,
    limit: LimitOption = 30,
) -> None:
    """Read a downloaded factor file and check it."""
    _import(kind, path, output, limit)


def _import(kind: str, path: Path, output: Path | None, limit: int) -> None:
    from tongyuan.cli.show import give_files, give_rows, terminal
    from tongyuan.flows.ask.factors import read
    from tongyuan.ledger.write.write import write_csv

    language = preferred_language()
    console = terminal()
    answer, issues = read(kind, path)
    give_rows(answer.tables, issues=_issues(issues))
    _print_issues(issues, limit, console, language)
    errors, others = _tally(issues)
    frame = answer["factor"]
    console.print(say(ROOM, "imported", language, count=frame.height, errors=errors, others=others))
    if output is not None:
        write_csv(frame, output)
        give_files([output])
        console.print(say(ROOM, "written", language, path=output), markup=False)
    if errors:
        raise typer.Exit(1)


def _issues(issues: Iterable[Finding]) -> list[dict[str, Any]]:
    """Return issues as rows for a machine."""
    return [
        {
            "severity": i.severity, "check": i.check, "record": i.record, "row": i.row,
            "message_zh": i.message("zh"), "message_en": i.message("en"),
        }
        for i in issues
    ]  # fmt: skip


@offer(app, "check")
def check(
    path: Annotated[Path | None, typer.Argument(help="factors_path")] = None,
    limit: LimitOption = 30,
) -> None:
    """Check a factor table, or the library itself."""
    if path is not None:
        _import("records", path, None, limit)
        return
    from tongyuan.cli.show import give_rows, terminal
    from tongyuan.flows.ask.factors import check as ask

    language = preferred_language()
    console = terminal()
    answer, issues = ask()
    count = answer["factor"].height
    give_rows({}, count=count, issues=_issues(issues))
    errors, others = _tally(issues)
    if not errors:
        console.print(say(ROOM, "library_ok", language, count=count))
        return
    _print_issues(issues, limit, console, language)
    console.print(say(ROOM, "library_issues", language, count=count, errors=errors, others=others))
    raise typer.Exit(1)
