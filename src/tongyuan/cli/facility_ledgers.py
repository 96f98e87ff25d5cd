"""``tongyuan facility permit | tax | allowance | duties | diagnose | disclose``: the ledgers."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from tongyuan.cli.door import offer
from tongyuan.cli.facility import Folder, Output, _show, say_written
from tongyuan.cli.facility import app as app
from tongyuan.reference.language import Language, catalogue, preferred_language, say

if TYPE_CHECKING:
    import polars as pl

WORDS = "facility.allowance"
HIDDEN = {
    "permit": (
        "facility",
        "year",
        "emission",
        "hours_exempt",
        "forecast_low",
        "forecast_high",
        "method",
        "note",
    ),
    "tax": ("facility", "number", "item", "mass", "equivalent_kg", "due_before", "due_day"),
    "allowance": ("facility", "line", "rule"),
    "duties": ("duty", "source", "locator", "note"),
    "diagnose": ("facility", "peers", "peer_low", "peer_high", "source"),
}
"""Columns that are written and not shown."""


def _ask(folder: Path, question: str, output: Path | None) -> None:
    from tongyuan.flows.ask.facility_ledgers import MAIN, ask
    from tongyuan.flows.source import open_workspace

    other = "zh" if preferred_language() == "en" else "en"
    hidden = (*HIDDEN[question], f"title_{other}", f"note_{other}")
    words = _allowance_words if question == "allowance" else None
    _show(ask(open_workspace(folder), question), MAIN[question][0], output, hidden, words)


def _allowance_words(account: pl.DataFrame, language: Language) -> pl.DataFrame:
    """Return the lines of allowances with the words of their stage and of what stands for a number."""
    import polars as pl

    known = catalogue(WORDS)
    prefix = {"status": "stage_", "note": "text_"}
    keys = {
        name: [t for t in account[name].unique() if f"{start}{t}" in known] for name, start in prefix.items()
    }
    return account.with_columns(
        pl.col(name).replace({t: say(WORDS, f"{start}{t}", language) for t in keys[name]})
        for name, start in prefix.items()
    )


@offer(app)
def permit(folder: Folder, output: Output = None) -> None:
    """Tonnes so far against the permit, hours above it, the end of the year."""
    _ask(folder, "permit", output)


@offer(app)
def tax(folder: Folder, output: Output = None) -> None:
    """The return of the environmental tax, line by line."""
    _ask(folder, "tax", output)


@offer(app)
def allowance(folder: Folder, output: Output = None) -> None:
    """Allowances due, held and lacking, and the cheapest way to comply."""
    _ask(folder, "allowance", output)


@offer(app)
def duties(folder: Folder, output: Output = None) -> None:
    """What is due by which day: returns, reports, records, surrender."""
    _ask(folder, "duties", output)


@offer(app)
def diagnose(folder: Folder, output: Output = None) -> None:
    """Distances to limits, levels and peers."""
    _ask(folder, "diagnose", output)


@offer(app)
def disclose(
    folder: Folder,
    output: Annotated[Path, typer.Option("--output", "-o", help="facility_disclose_output")],
    facility: Annotated[str, typer.Option("--facility", help="facility_one")] = "",
    year: Annotated[int | None, typer.Option("--year", help="facility_year")] = None,
) -> None:
    """The yearly disclosure as Word and as workbook."""
    from tongyuan.flows.ask.facility_ledgers import disclose as ask
    from tongyuan.flows.source import open_workspace

    say_written(ask(open_workspace(folder), output, [preferred_language()], facility=facility, year=year))
