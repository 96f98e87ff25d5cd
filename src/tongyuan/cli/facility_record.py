"""``tongyuan facility month | import | account | report``: records of enterprises and their carbon."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from tongyuan.cli import facility_ledgers
from tongyuan.cli.door import offer
from tongyuan.cli.facility import Folder, Output, _say, _show, say_written
from tongyuan.reference.language import preferred_language

app = facility_ledgers.app
HIDDEN = ("region", "outlet", "process", "origin", "scope", "factor_id", "counted", "note")
"""Columns that are written and not shown."""


@offer(app)
def month(
    output: Annotated[Path, typer.Argument(help="facility_month_file")],
    kind: Annotated[str, typer.Option("--kind", help="facility_kind")],
    facility: Annotated[str, typer.Option("--facility", help="facility_id")],
    of: Annotated[str, typer.Option("--month", help="facility_month")],
    before: Annotated[Path | None, typer.Option("--before", help="facility_before")] = None,
) -> None:
    """The workbook of a month to fill in."""
    from tongyuan.flows.ask.facility_record import month as ask

    ask(output, kind, facility, of, preferred_language(), before=before)
    say_written([output])


@offer(app, name="import")
def import_(
    file: Annotated[Path, typer.Argument(help="facility_record_file")],
    folder: Folder,
    facility: Annotated[str, typer.Option("--facility", help="facility_id")] = "",
    outlet: Annotated[str, typer.Option("--outlet", help="facility_outlet")] = "",
) -> None:
    """Hours of monitors into a workspace."""
    from tongyuan.cli.show import give_files, print_findings, terminal
    from tongyuan.flows.ask.facility_record import record
    from tongyuan.flows.source import open_workspace
    from tongyuan.ledger.write.atomic import replacing

    answer = record(file, open_workspace(folder), facility, outlet)
    if answer.findings:
        print_findings(answer.findings, terminal(), preferred_language())
    rows = answer["reading"]
    if rows.is_empty():
        raise typer.Exit(1)
    target = folder / "tables" / f"reading-{file.stem}.parquet"
    with replacing(target) as temporary:
        rows.write_parquet(temporary)
    give_files([target])
    _say("facility_imported", rows=rows.height, path=target)


@offer(app)
def account(folder: Folder, output: Output = None) -> None:
    """Carbon and pollutants of enterprises by month, with the method and the reason."""
    from tongyuan.flows.ask.facility_record import carbon
    from tongyuan.flows.source import open_workspace

    _show(carbon(open_workspace(folder)), "facility_emission", output, HIDDEN)


@offer(app)
def report(
    folder: Folder,
    output: Annotated[Path, typer.Option("--output", "-o", help="facility_disclose_output")],
    facility: Annotated[str, typer.Option("--facility", help="facility_one")] = "",
    year: Annotated[int | None, typer.Option("--year", help="facility_year")] = None,
) -> None:
    """The carbon report line by line as Word and as workbook."""
    from tongyuan.flows.ask.facility_record import report as ask
    from tongyuan.flows.source import open_workspace

    say_written(ask(open_workspace(folder), output, [preferred_language()], facility=facility, year=year))
