"""``tongyuan public``: a static site for the public."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from tongyuan.cli.door import group, offer
from tongyuan.reference.language import preferred_language, say

app = group("public")


@offer(app)
def build(
    folder: Annotated[Path, typer.Argument(help="facility_folder")],
    output: Annotated[Path, typer.Argument(help="public_output")],
    day: Annotated[datetime | None, typer.Option("--date", formats=["%Y-%m-%d"], help="public_date")] = None,
) -> None:
    """Write the site: what the region emits, targets, disclosures, feedback, and pages to teach with."""
    from tongyuan.cli.show import give_rows, terminal
    from tongyuan.flows.ask.public import build as ask

    pages = ask(folder, output, day.date() if day else None)
    if not give_rows({}, written=[str(p) for p in pages]):
        for page in pages:
            terminal().print(say("synergy", "cli_written", preferred_language(), path=page), markup=False)
