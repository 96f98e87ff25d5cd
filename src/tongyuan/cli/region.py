"""``tongyuan region``: several workspaces as one region."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from tongyuan.cli.answer import give
from tongyuan.cli.door import group, offer

app = group("region")

Folders = Annotated[list[Path], typer.Argument(help="region_folders")]
Output = Annotated[Path | None, typer.Option("--output", "-o", help="impact_output")]


@offer(app, "sum")
def total(
    folders: Folders,
    parent: Annotated[Path | None, typer.Option("--parent", help="region_parent")] = None,
    within: Annotated[str, typer.Option("--within", help="region_within")] = "",
    run: Annotated[Path | None, typer.Option("--run", help="region_run")] = None,
    output: Output = None,
) -> None:
    """Sum of the runs of several workspaces beside the parent's own inventory."""
    from tongyuan.flows.ask.region import total as ask

    give(ask(folders, parent, within, run), output, ("region_balance",))


@offer(app)
def overlap(folders: Folders, output: Output = None) -> None:
    """Regions that stand in two of the workspaces."""
    from tongyuan.flows.ask.region import twice as ask

    give(ask(folders), output)


@offer(app)
def transfer(
    folders: Folders,
    source: Annotated[Path, typer.Option("--by", help="region_by")],
    output: Output = None,
) -> None:
    """Pollution and carbon that pass between the regions."""
    from tongyuan.flows.ask.region import transfer as ask

    give(ask(folders, source), output)


@offer(app)
def share(
    folders: Folders,
    link: Annotated[Path | None, typer.Option("--link", help="join_link")] = None,
    pool: Annotated[list[str] | None, typer.Option("--pool", help="region_pool")] = None,
    output: Output = None,
) -> None:
    """What a joint plan saves, and who should pay whom."""
    from tongyuan.flows.ask.region import share as ask

    give(ask(folders, link, tuple(pool or ())), output)
