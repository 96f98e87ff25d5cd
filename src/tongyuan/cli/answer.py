"""Showing an answer: its findings, its tables on the terminal or for a machine, all of them in a workbook."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path
from typing import TYPE_CHECKING

from tongyuan.reference.language import preferred_language, say

if TYPE_CHECKING:
    from tongyuan.flows.ask import Answer

ROWS = 60
"""Rows of a table on the terminal."""


def give(answer: Answer, output: Path | None = None, names: Collection[str] = (), rows: int = ROWS) -> None:
    """Print the tables of an answer (those of `names`, if any) and write all, or hand them to a machine.

    Columns without a value, and sources, are left out on the terminal.
    """
    from tongyuan.cli.show import give_rows, print_findings, print_frame, terminal
    from tongyuan.ledger.table import table
    from tongyuan.ledger.write.write import worded, write_excel

    language, console = preferred_language(), terminal()
    if answer.findings:
        print_findings(answer.findings, console, language)
    if not give_rows(answer.tables, **answer.facts):
        for name in [n for n in answer.tables if not names or n in names]:
            titles = {c.name: c.title_en if language == "en" else c.title_zh for c in table(name).columns}
            shown = worded(name, answer[name].drop("source", strict=False).head(rows), language)
            print_frame(shown.select(s.name for s in shown if s.null_count() < shown.height), console, titles)
    if output is not None:
        write_excel(dict(answer.tables), output, language)
        console.print(say("synergy", "cli_written", language, path=output), markup=False)
