"""What whoever works on the machine of an office may do: people, organisations, folders brought in.

They hold the database itself, so what needs two people elsewhere they do alone; the trail names them.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import polars as pl

from tongyuan.flows.source import open_workspace
from tongyuan.ledger.finding import Bilingual, FindingError, finding
from tongyuan.ledger.run_set import RESULTS
from tongyuan.ledger.settings import Settings
from tongyuan.office import account as entering
from tongyuan.office.operation import Office
from tongyuan.office.place import OPERATOR
from tongyuan.office.role import roles
from tongyuan.office.workspace import KIND, bring, bring_runs
from tongyuan.reference.shelf import identify
from tongyuan.store import people
from tongyuan.store.database import Session, writing
from tongyuan.store.scope import Scope
from tongyuan.store.submission import add_organisation, organisations, submissions

EVERY = Scope.everything(OPERATOR, writes=True)

DEMO = (
    ("bureau", "province_bureau", "省厅经办 Bureau of the province"),
    ("city", "city_bureau", "市局经办 Bureau of a city"),
    ("park", "park", "园区经办 Park"),
    ("works", "enterprise", "企业填报人 Enterprise"),
    ("verifier", "verifier", "核查员 Verifier"),
    ("auditor", "auditor", "审计员 Auditor"),
)
"""People of an office that is to be looked at: account, role, title."""


def add_user(
    office: Office, name: str, role: str, *, organisation: str = "", region: str = "", title: str = ""
) -> str:
    """Add an account with a role, or the role to one that is there; return a new one's password.

    Raises
    ------
    FindingError
        If there is no such role, or it needs an organisation or a region that is not given or not known.
    """
    known = roles().get(role)
    if known is None or role == "public":
        allowed = ", ".join(r for r in roles() if r != "public")
        raise FindingError([finding("office", "role_unknown", role=role, allowed=allowed)])
    needed = {known.reads, known.writes}
    if "region" in needed and identify("region", region) is None:
        raise FindingError([finding("office", "role_region", role=known.title)])
    if needed & {"own", "children"} and not organisation:
        raise FindingError([finding("office", "role_organisation", role=known.title)])
    with writing(office.engine, EVERY) as session:
        if organisation and organisation not in set(organisations(session)["organisation"]):
            raise FindingError([finding("office", "not_there", what=organisation)])
        password = ""
        if people.account_of(session, name) is None:
            password = entering.new_password()
            made = people.Account(
                name, organisation or None, title or name, entering.hashed(password), None, True, True
            )
            people.add_account(session, made)
        place = identify("region", region) or "" if region else ""
        people.add_grant(session, name, role, organisation=organisation, region=place)
    return password


def new_organisation(office: Office, organisation: str, kind: str, region: str, title: str = "") -> None:
    """Add an organisation.

    Raises
    ------
    FindingError
        If the region is not known, or there is an organisation of that name.
    """
    code = identify("region", region)
    if code is None:
        raise FindingError([finding("office", "region_unknown", region=region)])
    with writing(office.engine, EVERY) as session:
        if organisation in set(organisations(session)["organisation"]):
            raise FindingError([finding("office", "organisation_known", name=organisation)])
        called = title or organisation
        add_organisation(session, organisation, kind=kind, region=code, title_zh=called, title_en=called)


@dataclass(frozen=True)
class Brought:
    """What came in from a folder: the organisation, the submission, its runs, and whether it is new."""

    organisation: str
    submission: int
    runs: tuple[str, ...]
    new: bool


def bring_folder(office: Office, folder: Path, organisation: str = "") -> Brought:
    """Bring the workspace in `folder` and its runs into the archive; again, its new runs alone.

    Parameters
    ----------
    organisation
        Whose it is; by default one named after the code of its region, made where there is none.

    Raises
    ------
    FindingError
        If the workspace has errors, or its region is no administrative one and no organisation is given.
    """
    workspace = open_workspace(folder)
    settings = workspace.settings
    period = str(max(settings.account.years, default=0) or _last_year(workspace.tables))
    with writing(office.engine, EVERY) as session:
        name = organisation or settings.region_id
        known = organisations(session)
        if name not in set(known["organisation"]):
            _add(session, name, settings)
        found = submissions(session).filter(organisation=name, kind=KIND, period=period)
        number = int(found["submission"][0]) if found.height else bring(session, name, workspace, period)
        runs = bring_runs(session, office.archive, folder / RESULTS, number)
    return Brought(name, number, tuple(runs), not found.height)


def _last_year(tables: object) -> int:
    assert isinstance(tables, dict)
    years = [int(f["year"].max()) for f in tables.values() if "year" in f.columns and f["year"].count()]
    return max(years, default=1)


def _add(session: Session, name: str, settings: Settings) -> None:
    code = identify("region", settings.region)
    if code is None:
        raise FindingError([finding("office", "region_unknown", region=settings.region)])
    own = settings.kind in ("province", "city") and name == code
    called = Bilingual.titled("region", code) if own else Bilingual(settings.name, settings.name)
    add_organisation(session, name, kind=settings.kind, region=code, title_zh=called.zh, title_en=called.en)


def people_to_look(office: Office, brought: Brought) -> dict[str, str]:
    """Add one person of every role, and a works with a city's bureau above it; return their passwords."""
    with writing(office.engine, EVERY) as session:
        region = organisations(session).row(
            by_predicate=pl.col("organisation") == brought.organisation, named=True
        )["region"]
        if people.account_of(session, DEMO[0][0]) is not None:
            return {}
    city = region[:2] + "0100" if region.endswith("0000") else region
    with writing(office.engine, EVERY) as session:
        if "works" not in set(organisations(session)["organisation"]):
            for name, kind, parent, zh, en in (
                ("zone", "park", None, "示例园区", "Example park"),
                ("works", "enterprise", "zone", "示例企业", "Example works"),
            ):
                add_organisation(
                    session, name, kind=kind, region=city, parent=parent, title_zh=zh, title_en=en
                )
    made = {}
    for name, role, title in DEMO:
        needed = {roles()[role].reads, roles()[role].writes}
        place = {"province_bureau": region[:2] + "0000", "city_bureau": city}.get(role, "")
        own = "" if not needed & {"own", "children"} else "zone" if role == "park" else "works"
        made[name] = add_user(office, name, role, organisation=own, region=place, title=title)
    return made
