"""``tongyuan office``: people, organisations and folders brought in; copies, and proof of the trail."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from tongyuan.cli.door import group, offer
from tongyuan.cli.office.serve import PLACE, Database, Folder, opened, passwords
from tongyuan.reference.language import preferred_language, say

app = group("office")


def _tell(key: str, **values: object) -> None:
    from tongyuan.cli.show import give_rows, terminal

    give_rows({}, **values)
    told = {name: _listed(value) for name, value in values.items()}
    terminal().print(say("cli", key, preferred_language(), **told), markup=False, soft_wrap=True)


def _listed(value: object) -> object:
    return (", ".join(map(str, value)) or "–") if isinstance(value, list | tuple) else value


@offer(app)
def user(
    name: Annotated[str, typer.Argument(help="office_user")],
    role: Annotated[str, typer.Option(help="office_role")],
    organisation: Annotated[str, typer.Option(help="office_organisation")] = "",
    region: Annotated[str, typer.Option(help="office_region")] = "",
    title: Annotated[str, typer.Option(help="office_title")] = "",
    office: Folder = PLACE,
    database: Database = "",
) -> None:
    """Add an account with a role, or a role to an account."""
    place = opened(office, database)
    from tongyuan.office.operator import add_user

    made = add_user(place, name, role, organisation=organisation, region=region, title=title)
    _tell("office_user_done", account=name, role=role)
    passwords({name: made} if made else {})


@offer(app)
def organisation(
    name: Annotated[str, typer.Argument(help="office_organisation")],
    region: Annotated[str, typer.Option(help="office_region")],
    kind: Annotated[str, typer.Option(help="office_kind")] = "enterprise",
    title: Annotated[str, typer.Option(help="office_title")] = "",
    office: Folder = PLACE,
    database: Database = "",
) -> None:
    """Add an organisation."""
    place = opened(office, database)
    from tongyuan.office.operator import new_organisation

    new_organisation(place, name, kind, region, title)
    _tell("office_organisation_done", organisation=name)


@offer(app, "import")
def bring(
    folder: Annotated[Path, typer.Argument(help="facility_folder")],
    organisation: Annotated[str, typer.Option(help="office_organisation")] = "",
    people: Annotated[bool, typer.Option("--people", help="office_people")] = False,
    office: Folder = PLACE,
    database: Database = "",
) -> None:
    """Bring a workspace with its runs into the archive."""
    place = opened(office, database)
    from tongyuan.office.operator import bring_folder, people_to_look
    from tongyuan.office.place import first_passwords

    brought = bring_folder(place, folder, organisation)
    _tell(
        "office_import_done" if brought.new else "office_import_runs",
        organisation=brought.organisation,
        submission=brought.submission,
        runs=list(brought.runs),
    )
    if people:
        passwords(first_passwords(place) | people_to_look(place, brought))


@offer(app)
def backup(
    folder: Annotated[Path, typer.Argument(help="office_copy")],
    office: Folder = PLACE,
    database: Database = "",
) -> None:
    """Copy database and published runs while they are used."""
    place = opened(office, database)
    from tongyuan.office.place import back_up

    _tell("office_backup_done", path=str(folder), **back_up(place, folder))


@offer(app)
def restore(
    folder: Annotated[Path, typer.Argument(help="office_copy")],
    office: Folder = PLACE,
    database: Database = "",
) -> None:
    """Bring a copy into an empty office and prove it by its digests."""
    place = opened(office, database)
    from tongyuan.office.place import restore as restore_copy

    _tell("office_restore_done", **restore_copy(folder, place))


@offer(app)
def export(
    name: Annotated[str, typer.Argument(help="office_organisation")],
    folder: Annotated[Path, typer.Argument(help="office_away")],
    office: Folder = PLACE,
    database: Database = "",
) -> None:
    """Write all that an organisation has to a folder, for another office."""
    place = opened(office, database)
    from tongyuan.office.place import send_away

    _tell("office_export_done", path=str(folder), **send_away(place, name, folder))


@offer(app)
def accept(
    folder: Annotated[Path, typer.Argument(help="office_away")],
    office: Folder = PLACE,
    database: Database = "",
) -> None:
    """Bring in an organisation that another office wrote, proved by its digests."""
    place = opened(office, database)
    from tongyuan.office.place import take_in

    _tell("office_accept_done", **take_in(place, folder))


@offer(app)
def verify(
    number: Annotated[int, typer.Option(min=0, help="office_number")] = 0,
    digest: Annotated[str, typer.Option(help="office_digest")] = "",
    office: Folder = PLACE,
    database: Database = "",
) -> None:
    """Verify the chain of the trail and every published run."""
    place = opened(office, database)
    from tongyuan.office.place import verify as verify_office

    found = verify_office(place, (number, digest) if number else None)
    wrong = [f"{n} {fault}" for n, fault in found["faults"]] + list(found["changed"])
    _tell("office_verify_wrong" if wrong else "office_verify_done", **(found | {"faults": wrong}))
    if wrong:
        raise typer.Exit(1)
