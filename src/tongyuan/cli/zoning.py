"""``tongyuan zoning``: verdicts on projects, reductions matched to them, every table of the room."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from tongyuan.cli.door import group, offer
from tongyuan.reference.language import preferred_language, say

if TYPE_CHECKING:
    from tongyuan.flows.ask import Answer

app = group("zoning")

Folder = Annotated[Path, typer.Argument(help="facility_folder")]
Output = Annotated[Path | None, typer.Option("--output", "-o", help="impact_output")]


@offer(app)
def screen(folder: Folder, output: Output = None) -> None:
    """Verdict on every project, rule by rule, and what would change it."""
    from tongyuan.flows.ask.zoning import screen as ask

    _give(ask, folder, output)


@offer(app)
def offsets(folder: Folder, output: Output = None) -> None:
    """Which projects the reductions at hand admit."""
    from tongyuan.flows.ask.zoning import offsets as ask

    _give(ask, folder, output)


@offer(app)
def tables(folder: Folder, output: Output = None) -> None:
    """Every table of zoning: faults of the layers, headroom, exit list, land."""
    from tongyuan.flows.ask.zoning import everything as ask

    _give(ask, folder, output)


@offer(app)
def carbon(
    folder: Folder,
    output: Annotated[Path, typer.Option("--output", "-o", help="facility_disclose_output")],
    project: Annotated[str, typer.Option("--project", help="zoning_project")] = "",
) -> None:
    """The carbon chapter of projects as Word and as workbook."""
    from tongyuan.cli.facility import say_written
    from tongyuan.flows.ask.zoning import carbon_chapter as ask
    from tongyuan.flows.source import open_workspace

    say_written(ask(open_workspace(folder), output, [preferred_language()], project))


@offer(app)
def layer(
    file: Annotated[Path, typer.Argument(help="zoning_file")],
    output: Annotated[Path, typer.Option("--output", "-o", help="zoning_output")],
    kind: Annotated[str, typer.Option(help="zoning_kind")] = "unit",
) -> None:
    """Read a GeoPackage, GeoJSON or shapefile as table zone."""
    from tongyuan.cli.show import terminal
    from tongyuan.flows.ask.zoning import layer as ask

    answer = ask(file, kind, output)
    text = say("cli", "zoning_layer", preferred_language(), count=answer.facts["count"], path=output)
    terminal().print(text, markup=False)


def _give(ask: Callable[[Path], Answer], folder: Path, output: Path | None) -> None:
    from tongyuan.cli.show import give_rows, print_findings, print_frame, terminal
    from tongyuan.ledger.table import table
    from tongyuan.ledger.write.write import worded, write_excel

    language, console = preferred_language(), terminal()
    answer = ask(folder)
    if answer.findings:
        print_findings(answer.findings, console, language)
    if not give_rows(answer.tables):
        for name, frame in answer.tables.items():
            titles = {c.name: c.title_en if language == "en" else c.title_zh for c in table(name).columns}
            shown = worded(name, frame, language)
            print_frame(shown.select(s.name for s in shown if s.null_count() < shown.height), console, titles)
    if output is not None:
        write_excel(dict(answer.tables), output, language)
        console.print(say("synergy", "cli_written", language, path=output), markup=False)
