"""``tongyuan doctor``, ``bundle`` and ``mcp``: what is there, what goes elsewhere, who else may ask."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from tongyuan.cli.door import offer
from tongyuan.cli.office.serve import PLACE, Database, Folder, opened
from tongyuan.reference.language import preferred_language, say


def doctor(
    office: Annotated[Path | None, typer.Option("--office", help="doctor_office")] = None,
    database: Database = "",
) -> None:
    """Look at this computer and, where one is named, at an office: what is there and what is missing."""
    from tongyuan.cli.show import give_rows, terminal
    from tongyuan.flows.ask.catalogue import doctor as ask

    language, console = preferred_language(), terminal()
    known = ask()
    if known["office"] and (office is not None or database):
        from tongyuan.office.place import look

        known |= look(office or PLACE, database)
    for key, found in known.items():
        state = found or say("cli", f"doctor_{key}_missing", language)
        give_rows({}, **{key: found})
        console.print(f"{say('cli', f'doctor_{key}', language)}: {state}", markup=False, soft_wrap=True)


def bundle(folder: Annotated[Path, typer.Argument(help="bundle_folder")] = Path("bundle")) -> None:
    """Make a bundle for a machine without network."""
    from tongyuan.cli.show import give_rows, terminal
    from tongyuan.web.deploy.bundle import bundle as make

    made = make(folder)
    size = round(sum(path.stat().st_size for path in folder.rglob("*") if path.is_file()) / 1e6)
    give_rows({}, wheels=list(made), bytes=size * 10**6)
    told = say("cli", "bundle_done", preferred_language(), wheels=len(made), size=size, folder=folder)
    terminal().print(told, markup=False, soft_wrap=True)


def mcp(
    office: Folder = PLACE,
    database: Database = "",
    token: Annotated[str, typer.Option("--token", envvar="TONGYUAN_TOKEN", help="mcp_token")] = "",
) -> None:
    """Answer an assistant over the standard streams of this process."""
    from tongyuan.cli.show import terminal

    language, console = preferred_language(), terminal(stderr=True)
    place = opened(office, database)
    try:
        from tongyuan.web.assistant import converse
    except ModuleNotFoundError as missing:
        said = say("cli", "mcp_missing", language, name=missing.name or "")
        console.print(said, markup=False, soft_wrap=True)
        raise typer.Exit(2) from None
    if not token:
        console.print(say("cli", "mcp_token", language), markup=False, soft_wrap=True)
        raise typer.Exit(2)
    converse(place, token, language)


def register(app: typer.Typer) -> None:
    """Add the commands to the top level of `app`."""
    for command in (doctor, bundle, mcp):
        offer(app)(command)
