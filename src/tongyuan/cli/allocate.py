"""``tongyuan allocate``: an inventory on a grid, and the files that chemistry models read."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from tongyuan.cli.door import group, offer
from tongyuan.reference.language import preferred_language, say

app = group("allocate")

ROOM = "cli"
ROWS = 40
Output = Annotated[Path | None, typer.Option("--output", "-o", help="impact_output")]
DAY = ["%Y-%m-%d"]


@offer(app)
def cells(
    folder: Annotated[Path, typer.Argument(help="facility_folder")],
    output: Output = None,
) -> None:
    """Emissions of a workspace on its grid, and what no cell holds."""
    from tongyuan.cli.show import give_rows, print_findings, print_frame, terminal
    from tongyuan.flows.ask.allocation import allocate as ask
    from tongyuan.flows.source import open_workspace
    from tongyuan.ledger.table import table
    from tongyuan.ledger.write.write import worded, write_excel

    language, console = preferred_language(), terminal()
    answer = ask(open_workspace(folder))
    if answer.findings:
        print_findings(answer.findings, console, language)
    if not give_rows(answer.tables):
        for name in ("allocation_balance", "model_emission"):
            titles = {c.name: c.title_en if language == "en" else c.title_zh for c in table(name).columns}
            shown = worded(name, answer[name].head(ROWS), language)
            print_frame(shown.select(s.name for s in shown if s.null_count() < shown.height), console, titles)
    if output is not None:
        write_excel(dict(answer.tables), output, language)
        console.print(say("synergy", "cli_written", language, path=output), markup=False)


@offer(app)
def write(
    folder: Annotated[Path, typer.Argument(help="facility_folder")],
    form: Annotated[str, typer.Option("--format", "-f", help="allocate_format")] = "cf",
    output: Annotated[Path, typer.Option("--output", "-o", help="allocate_output")] = Path("grid"),
    first: Annotated[datetime | None, typer.Option("--from", formats=DAY, help="allocate_from")] = None,
    last: Annotated[datetime | None, typer.Option("--to", formats=DAY, help="allocate_to")] = None,
) -> None:
    """Write files for CMAQ, WRF-Chem, HEMCO, SMOKE or by CF."""
    from tongyuan.cli.show import give_rows, print_findings, terminal
    from tongyuan.flows.ask.allocation import write_grid as ask
    from tongyuan.flows.source import open_workspace

    language, console = preferred_language(), terminal()
    days = [day.date() if day else None for day in (first, last)]
    answer = ask(open_workspace(folder), form, output, *days)
    if answer.findings:
        print_findings(answer.findings, console, language)
    files = [str(path) for path in answer.facts["files"]]
    if not give_rows(answer.tables, files=files):
        for path in files:
            console.print(say("synergy", "cli_written", language, path=path), markup=False)
