"""``tongyuan export``: an inventory in the forms that other systems read."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from tongyuan.cli.door import group, offer
from tongyuan.reference.language import preferred_language, say

app = group("export")

Folder = Annotated[Path, typer.Argument(help="export_folder")]
Output = Annotated[Path, typer.Option("--output", "-o", help="export_file")]
Region = Annotated[str, typer.Option("--region", help="export_region")]
Year = Annotated[int | None, typer.Option("--year", help="export_year")]


@offer(app)
def iamc(folder: Folder, output: Output) -> None:
    """Time series by region and variable, as pyam and scenario databases read them."""
    _give(folder, "iamc", output)


@offer(app)
def crt(folder: Folder, output: Output, region: Region = "", year: Year = None) -> None:
    """Greenhouse gases by category of the common reporting format."""
    _give(folder, "crt", output, region, year)


@offer(app)
def nfr(folder: Folder, output: Output, region: Region = "", year: Year = None) -> None:
    """Air pollutants by NFR code."""
    _give(folder, "nfr", output, region, year)


@offer(app)
def city(folder: Folder, output: Output, region: Region = "", year: Year = None) -> None:
    """Table of a city by GPC reference number, as CDP takes it."""
    _give(folder, "gpc", output, region, year)


def _give(folder: Path, form: str, output: Path, region: str = "", year: int | None = None) -> None:
    from tongyuan.cli.show import give_rows, print_findings, terminal
    from tongyuan.flows.ask.export import export, write

    language, console = preferred_language(), terminal()
    answer = export(folder, form, region, year, language)
    files = write(answer, form, output)
    if answer.findings:
        print_findings(answer.findings, console, language)
    if not give_rows(answer.tables, **answer.facts, written=[str(f) for f in files]):
        for path in files:
            console.print(say("synergy", "cli_written", language, path=path), markup=False)
