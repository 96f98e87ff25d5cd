"""``tongyuan programme``: the plan as living tasks: begin, check, collect, merge, track, assess, write."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from tongyuan.cli.door import group, offer
from tongyuan.reference.language import preferred_language, say

if TYPE_CHECKING:
    import polars as pl
    from rich.console import Console

    from tongyuan.ledger.finding import Finding

app = group("programme")

ROOM = "programme"
KINDS = (".xlsx", ".csv")
Folder = Annotated[Path, typer.Argument(help="programme_folder")]
Results = Annotated[
    Path | None,
    typer.Option("--results", "-r", help="results"),
]
Output = Annotated[Path | None, typer.Option("--output", "-o", help="programme_output")]
Year = Annotated[
    int | None,
    typer.Option(
        "--year",
        "-y",
        min=1900,
        max=2200,
        help="programme_year",
    ),
]


def _report(findings: list[Finding] | tuple[Finding, ...], console: Console) -> None:
    """Print findings; exit with 1 when any is an error."""
    from tongyuan.cli.show import print_findings

    language = preferred_language()
    if not findings:
        console.print(say(ROOM, "clean", language))
        return
    print_findings(findings, console, language)
    if any(f.severity == "error" for f in findings):
        raise typer.Exit(1)


def _show(name: str, frame: pl.DataFrame, columns: tuple[str, ...], console: Console) -> None:
    from tongyuan.cli.show import print_frame
    from tongyuan.ledger.table import table
    from tongyuan.ledger.write.write import worded

    language = preferred_language()
    titles = {c.name: c.title_en if language == "en" else c.title_zh for c in table(name).columns}
    titles[f"title_{language}"] = say("cli", "column_title", language)
    shown = worded(name, frame.select(columns), language)
    print_frame(shown, console, {c: titles[c] for c in columns})


def _unit(kind: str, unit: str) -> str:
    """Return the title of a region or department, an article as its number."""
    from tongyuan.reference.shelf import title

    return unit if kind == "article" else title(kind, unit, preferred_language())


def _year(year: int | None, folder: Path, results: Path | None = None) -> int:
    """Return the year named, else the one the plan is at, and say which that is."""
    if year is not None:
        return year
    from tongyuan.cli.show import terminal
    from tongyuan.flows.deploy.tasks import year_of

    chosen = year_of(folder, results)
    terminal().print(say(ROOM, "year_taken", preferred_language(), year=chosen), markup=False)
    return chosen


def _written(paths: list[Path], console: Console) -> None:
    from tongyuan.cli.show import give_files

    give_files(paths)
    for path in paths:
        console.print(say(ROOM, "written", preferred_language(), path=path), markup=False)


@offer(app)
def init(
    folder: Folder,
    region: Annotated[str, typer.Option(help="programme_region")] = "100000",
    plan: Annotated[str, typer.Option(help="plan")] = "",
    targets: Annotated[str, typer.Option(help="targets")] = "",
    start: Annotated[int | None, typer.Option(min=1900, max=2200, help="programme_start")] = None,
    deadline: Annotated[int | None, typer.Option(min=1900, max=2200, help="deadline")] = None,
    parent: Annotated[Path | None, typer.Option(help="parent")] = None,
    own: Annotated[bool, typer.Option("--own", help="own")] = False,
    results: Results = None,
) -> None:
    """Begin with the national plan or the one above."""
    from tongyuan.cli.show import print_findings, terminal
    from tongyuan.flows.deploy import deploy
    from tongyuan.flows.deploy.folder import results_of
    from tongyuan.ledger.finding import finding
    from tongyuan.reference.shelf import identify

    path = deploy.init(
        folder,
        identify("region", region) or region,
        plan=plan,
        targets=targets,
        start=start,
        deadline=deadline,
        parent=parent,
        own=own,
        language=preferred_language(),
    )
    if results is not None:
        deploy.add_optimum(folder, results_of(results), language=preferred_language())
    _written([path], terminal())
    if not deploy.has_measured_targets(folder):
        print_findings([finding(ROOM, "no_own_targets")], terminal(), preferred_language())


@offer(app)
def check(folder: Folder) -> None:
    """Check the plan, by itself and against its parent."""
    from tongyuan.cli.show import terminal
    from tongyuan.flows.ask.programme import check as ask

    _report(ask(folder).findings, terminal())


@offer(app)
def status(folder: Folder, results: Results = None, output: Output = None) -> None:
    """Observation, state and probability of every target."""
    from tongyuan.cli.show import give_rows, print_findings, terminal
    from tongyuan.flows.ask.programme import status as ask
    from tongyuan.ledger.write.write import write_csv, write_excel

    console = terminal()
    if output is not None and output.suffix not in KINDS:
        raise typer.BadParameter(".xlsx | .csv", param_hint="--output")
    answer = ask(folder, results)
    rows = answer["target_status"]
    title = f"title_{preferred_language()}"
    columns = (title, "year", "value", "unit", "observed_year", "observed", "state", "probability")
    if not give_rows({"target_status": rows}):
        _show("target_status", rows.filter(rows["comparator"] != "qualitative"), columns, console)
    if output is not None:
        if output.suffix == ".csv":
            write_csv(rows, output, name="target_status", language=preferred_language())
        else:
            write_excel(answer.tables, output, preferred_language())
        _written([output], console)
    if answer.findings:
        print_findings(answer.findings, console, preferred_language())


@offer(app)
def collect(
    folder: Folder,
    year: Year = None,
    department: Annotated[list[str] | None, typer.Option(help="department")] = None,
) -> None:
    """Write one protected workbook for every department."""
    from tongyuan.cli.show import terminal
    from tongyuan.flows.deploy import deploy

    chosen = _year(year, folder)
    _written(
        deploy.collect(folder, chosen, departments=department, language=preferred_language()), terminal()
    )


@offer(app)
def merge(
    folder: Folder,
    files: Annotated[list[Path], typer.Argument(help="files")],
    evidence: Annotated[Path | None, typer.Option(help="evidence")] = None,
) -> None:
    """Merge what departments filled in; name conflicts and bad cells."""
    from tongyuan.cli.show import give_rows, terminal
    from tongyuan.flows.ask.programme import merge as ask

    console = terminal()
    answer = ask(folder, files, evidence)
    give_rows(answer.tables, **answer.facts)
    console.print(say(ROOM, "merged", preferred_language(), **answer.facts))
    _report(answer.findings, console)


@offer(app)
def assess(folder: Folder, year: Year = None, results: Results = None) -> None:
    """Assess by the rules; every edition is kept."""
    import polars as pl

    from tongyuan.cli.show import give_rows, terminal
    from tongyuan.flows.ask.programme import assess as ask

    now = ask(folder, _year(year, folder, results), results)["assessment"]
    if not give_rows({"assessment": now}):
        titles = [_unit(kind, unit) for kind, unit in now.select("unit_kind", "unit").iter_rows()]
        shown = now.with_columns(pl.Series("unit", titles, dtype=pl.String))
        columns = ("unit_kind", "unit", "points", "maximum", "score", "grade", "coverage")
        _show("assessment", shown, columns, terminal())
    _written([folder / "assessment" / "assessment.xlsx"], terminal())


@offer(app)
def write(folder: Folder, year: Year = None, results: Results = None) -> None:
    """Write draft plan, bulletin and assessment report."""
    from tongyuan.cli.show import terminal
    from tongyuan.flows.deploy import deploy

    chosen, spoken = _year(year, folder, results), preferred_language()
    _written(deploy.write_documents(folder, chosen, results=results, language=spoken), terminal())
