"""``tongyuan serve``: the console and the programming interface of an office, on this machine."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from tongyuan.cli.door import offer
from tongyuan.reference.language import preferred_language, say

if TYPE_CHECKING:
    from tongyuan.office.operation import Office

PLACE = Path("office")
PORT = 8466

Folder = Annotated[Path, typer.Option("--office", help="office_folder")]
Database = Annotated[str, typer.Option("--database", envvar="TONGYUAN_DATABASE", help="office_database")]


def opened(folder: Path, database: str) -> Office:
    """Return the office in `folder`; where its parts are not installed, say so and end with 2."""
    from tongyuan.cli.show import terminal

    try:
        from tongyuan.office.place import open_office
    except ModuleNotFoundError as missing:
        said = say("cli", "office_missing", preferred_language(), name=missing.name or "")
        terminal(stderr=True).print(said, markup=False)
        raise typer.Exit(2) from None
    return open_office(folder, database)


def passwords(made: dict[str, str]) -> None:
    """Print accounts with their passwords for one use; they are not kept anywhere."""
    from tongyuan.cli.show import give_rows, terminal

    if not made:
        return
    language, console = preferred_language(), terminal()
    give_rows({}, passwords=made)
    console.print(say("cli", "office_passwords", language), markup=False, soft_wrap=True)
    for name, password in made.items():
        console.print(f"  {name}  {password}", markup=False, highlight=False)


def serve(
    folder: Annotated[Path, typer.Argument(help="office_folder")] = PLACE,
    database: Database = "",
    host: Annotated[str, typer.Option(help="serve_host")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=1, max=65535, help="serve_port")] = PORT,
) -> None:
    """Serve the console of an office until Ctrl+C."""
    from tongyuan.cli.show import terminal

    office = opened(folder, database)
    from tongyuan.office.place import first_passwords
    from tongyuan.web.serve import serve as serve_office

    language, console = preferred_language(), terminal()
    passwords(first_passwords(office))
    address = f"http://{'[' + host + ']' if ':' in host else host}:{port}/"
    if host not in ("127.0.0.1", "localhost", "::1"):
        console.print(say("cli", "serve_open", language, host=host), markup=False, soft_wrap=True)

    def ready() -> None:
        console.print(say("cli", "serve_ready", language, address=address), markup=False, soft_wrap=True)

    serve_office(office, host, port, ready)


def register(app: typer.Typer) -> None:
    """Add the command to the top level of `app`."""
    offer(app)(serve)
