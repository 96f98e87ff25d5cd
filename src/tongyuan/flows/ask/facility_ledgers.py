"""Questions about the ledgers of enterprises: permit, tax, allowances, diagnosis, disclosure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import polars as pl

from tongyuan.flows.ask import Answer
from tongyuan.flows.facility.account import account_facilities
from tongyuan.flows.facility.ledgers import ledgers
from tongyuan.flows.source import Brought, Inputs
from tongyuan.ledger.finding import FindingError, finding
from tongyuan.reference.shelf import Language

MAIN = {
    "permit": ("permit_account", "permit_report"),
    "tax": ("tax_return", "tax_account"),
    "allowance": ("allowance_account",),
    "duties": ("duty",),
    "diagnose": ("diagnosis",),
}
"""Tables each question answers with; the first is shown."""


def every(workspace: Brought) -> Answer:
    """Return every ledger of the enterprises of `workspace`, with what they rest on.

    Raises
    ------
    FindingError
        If there are no enterprises, or a row cannot be accounted.
    """
    who = workspace.tables.get("facility")
    if who is None or who.is_empty():
        raise FindingError([finding("facility", "no_facilities")])
    made, found = account_facilities(workspace)
    inputs = Inputs(workspace.settings, workspace.tables, made=made, letters=workspace.letters)
    kept, more = ledgers(inputs)
    return Answer({**kept, **made}, (*found, *more))


def ask(workspace: Brought, question: str) -> Answer:
    """Return the answer to `question`: ``permit``, ``tax``, ``allowance``, ``duties`` or ``diagnose``."""
    whole = every(workspace)
    tables = {name: whole[name] for name in MAIN[question]}
    if question == "permit":
        latest = pl.col("month").max().over("facility", "year", "outlet", "species") == pl.col("month")
        account = tables["permit_account"]
        tables["permit_account"] = pl.concat([account.filter(latest), account.filter(~latest)])
    return Answer(tables, whole.findings)


def disclose(
    workspace: Brought,
    folder: Path,
    languages: Sequence[Language],
    *,
    facility: str = "",
    year: int | None = None,
) -> list[Path]:
    """Write the yearly disclosure of one enterprise, or of all, as Word and as workbook.

    Parameters
    ----------
    folder
        Where the files go; it is made.
    facility
        Id of the enterprise; all when empty.
    year
        Year; the last with data when None.

    Raises
    ------
    FindingError
        If there is no such enterprise, or no data.
    """
    from tongyuan.report.excel.document import workbook
    from tongyuan.report.facility.document.disclosure import disclosure
    from tongyuan.report.word.document import document

    whole = every(workspace)
    tables: Mapping[str, pl.DataFrame] = {**workspace.tables, **whole.tables}
    known = workspace.tables["facility"]["facility"].to_list()
    if facility and facility not in known:
        raise FindingError(
            [finding("facility.hour", "no_such_facility", facility=facility, known=", ".join(known[:5]))]
        )
    years = sorted({int(month[:4]) for month in whole["facility_emission"]["month"]})
    if not years or (year is not None and year not in years):
        said = ", ".join(map(str, years)) or "–"
        raise FindingError([finding("facility.hour", "no_such_year", year=year or "–", known=said)])
    chosen = year or years[-1]
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for name in [facility] if facility else known:
        for language in languages:
            blocks = disclosure(tables, name, chosen, language)
            stem = folder / f"disclosure.{name}.{chosen}.{language}"
            written.append(document(blocks, Path(f"{stem}.docx"), language))
            written.append(workbook(blocks, Path(f"{stem}.xlsx"), language))
    return written
