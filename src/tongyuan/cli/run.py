"""``tongyuan run``, ``demo``, ``brief``, ``explain``, ``diff``, ``methods``, ``doctor``: results, reasons."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from tongyuan.cli.door import offer
from tongyuan.reference.language import catalogue, preferred_language, say

if TYPE_CHECKING:
    from rich.console import Console

DRAFTED = "plan_drafted"
"""The notice that a run tells on the terminal: the plan is not one the user wrote."""


def _run(folder: Path, console: Console, only: Sequence[str] = ()) -> None:
    from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

    from tongyuan.cli.show import give_rows, print_findings
    from tongyuan.flows.run import run as run_workspace
    from tongyuan.flows.run import stages

    language = preferred_language()
    titles = stages(only)
    order = list(titles)
    bar = Progress(
        SpinnerColumn(), TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn(), console=console
    )
    with bar:
        task = bar.add_task("", total=len(order))

        def stage(name: str) -> None:
            if name in titles:
                bar.update(task, description=getattr(titles[name], language), completed=order.index(name))

        done = run_workspace(folder, stage, only)
        bar.update(task, completed=len(order))
    serious = [f for f in done.findings if f.severity != "notice"]
    if serious:
        print_findings(serious, console, language)
    for drafted in (f for f in done.findings if f.check == DRAFTED):
        said = f"{drafted.message(language)} {drafted.next_step(language)}"
        console.print(said, markup=False, soft_wrap=True)
    give_rows({}, results=str(done.folder), reports={k: str(p) for k, p in done.reports.items()})
    report = done.reports.get(language) or next(iter(done.reports.values()))
    told = [("results", done.folder), ("done", report)]
    if done.documents:
        told.insert(1, ("documents", done.documents[0].parent))
    for key, value in told:
        console.print(say("cli", key, language, folder=value, report=value), markup=False, soft_wrap=True)


def run(
    folder: Annotated[Path, typer.Argument(help="compare_folder")] = Path("."),
    only: Annotated[
        list[str] | None,
        typer.Option("--only", help="only"),
    ] = None,
) -> None:
    """Check, account, plan, deploy, assess, and write."""
    from tongyuan.cli.show import refuse, terminal
    from tongyuan.flows.run import flows
    from tongyuan.ledger.settings import SETTINGS

    unknown = sorted(set(only or ()) - set(flows()))
    if unknown:
        words = {"unknown": ", ".join(unknown), "known": ", ".join(flows())}
        refuse("cli", "unknown_flow", preferred_language(), **words)
    if not (folder / SETTINGS).is_file():
        refuse("cli", "not_a_workspace", preferred_language(), path=folder)
    _run(folder, terminal(), tuple(only or ()))


def demo(
    folder: Annotated[Path, typer.Argument(help="folder")] = Path("demo"),
    world: Annotated[
        str,
        typer.Option(help="world"),
    ] = "province",
) -> None:
    """Copy an embedded example and run it."""
    from tongyuan.cli.show import refuse, terminal
    from tongyuan.flows.ask.world import copy_world, worlds

    known = worlds()
    if world not in known:
        refuse("cli", "unknown_world", preferred_language(), world=world, known=", ".join(known))
    copy_world(world, folder, preferred_language())
    _run(folder, terminal())
    console, language = terminal(), preferred_language()
    console.print(say("cli", "demo_serve", language, folder=folder), markup=False, soft_wrap=True)


def explain(
    folder: Annotated[Path, typer.Argument(help="run_folder")],
    species: Annotated[str, typer.Argument(help="species")],
    year: Annotated[int | None, typer.Option(help="year")] = None,
    region: Annotated[str | None, typer.Option(help="region")] = None,
    process: Annotated[str | None, typer.Option(help="process")] = None,
    top: Annotated[int, typer.Option(min=1, help="top")] = 10,
    scope: Annotated[str, typer.Option(help="scope")] = "direct",
) -> None:
    """Walk from a total back to factor records and workbook cells."""
    from tongyuan.cli.show import give_rows, print_lines, terminal
    from tongyuan.flows.ask import results
    from tongyuan.ledger.figure.lineage import explain_text

    language = preferred_language()
    console = terminal()
    tables, letters = results.results(folder)
    answer = results.explain(
        tables, species, region=region, year=year, process=process, top=top, scope=scope, letters=letters
    )
    if give_rows(answer.tables):
        return
    if answer["explain"].is_empty():
        console.print(say("cli", "nothing_to_explain", language), markup=False)
        raise typer.Exit(1)
    print_lines(explain_text(answer["explain"], language, scope), console)


def diff(
    before: Annotated[Path, typer.Argument(help="before")],
    after: Annotated[Path, typer.Argument(help="after")],
    species: Annotated[str | None, typer.Option(help="run_species")] = None,
    top: Annotated[int, typer.Option(min=1, help="run_top")] = 20,
    scope: Annotated[str, typer.Option(help="scope")] = "direct",
) -> None:
    """Why a number changed: activity, factor, method, control."""
    import polars as pl

    from tongyuan.cli.show import give_rows, print_frame, terminal
    from tongyuan.flows.ask import results
    from tongyuan.reference.shelf import title

    language = preferred_language()
    console = terminal()
    answer = results.diff(results.results(before)[0], results.results(after)[0], species, scope)
    summed = answer["diff"]
    if give_rows({"diff": summed}):
        return
    if summed.is_empty():
        console.print(say("cli", "no_change", language), markup=False)
        return
    names = {c: say("cli", f"change_{c}", language) for c in summed.columns if f"change_{c}" in _words()}
    names |= {c: say("cli", f"column_{c}", language) for c in ("year", "species", "unit")}
    moved = [c for c in summed.columns if not summed[c].dtype.is_float() or (summed[c].abs() > 0).any()]
    named = pl.col("species").map_elements(lambda s: title("species", s, language), return_dtype=pl.String)
    shown = summed.head(top).select(moved).with_columns(pl.col("year").cast(pl.String), named)
    console.print(say("cli", "diff_scope", language, scope=say("ledger", f"scope_{scope}", language)))
    print_frame(shown, console, names)
    if summed.height > top:
        console.print(say("cli", "diff_more", language, count=summed.height - top), markup=False)


def brief(
    folder: Annotated[Path, typer.Argument(help="compare_folder")] = Path("."),
    output: Annotated[Path, typer.Option("--output", "-o", help="brief_output")] = Path("brief.png"),
    slides: Annotated[bool, typer.Option("--slides", help="slides")] = False,
) -> None:
    """Write the first page of the report as one picture, or the report as slides."""
    from tongyuan.cli.show import give_rows, terminal
    from tongyuan.flows.ask.brief import brief as write

    language = preferred_language()
    console = terminal()
    made = write(folder, output, language, slides=slides)
    give_rows({}, file=str(made))
    if made.suffix != output.suffix:
        console.print(say("cli", "no_chromium", language, kind=output.suffix), markup=False, soft_wrap=True)
    console.print(say("cli", "brief_written", language, path=made), markup=False, soft_wrap=True)


def _words() -> Mapping[str, object]:
    return catalogue("cli")


def methods(
    text: Annotated[str, typer.Argument(help="text")] = "",
) -> None:
    """List the accounting methods with their sources."""
    import polars as pl

    from tongyuan.cli.show import give_rows, print_frame, terminal
    from tongyuan.flows.ask.catalogue import methods as ask
    from tongyuan.reference.shelf import shelf

    language = preferred_language()
    shown = ask(text)["method"]
    if give_rows({"method": shown}):
        return
    names = {c: say("cli", f"column_{c}", language) for c in ("name", "source")}
    names[f"title_{language}"] = say("cli", "column_title", language)
    cited = dict(shelf("source").select("id", "title").iter_rows())
    listed = shown.select(f"title_{language}", pl.col("source").replace(cited), "name")
    print_frame(listed, terminal(), names)


def register(app: typer.Typer) -> None:
    """Add the commands of this module to `app`."""
    for command in (run, demo, brief, explain, diff, methods):
        offer(app)(command)
