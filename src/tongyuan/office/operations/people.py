"""Accounts and roles: kept by administrators, changed by two of them where it gives power."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Annotated

from pydantic import Field

from tongyuan.ledger.finding import finding
from tongyuan.office import account as entering
from tongyuan.office.account import EntryError, digest_of
from tongyuan.office.operation import Answer, Desk, Operation, Refused, Request, Serial, approve
from tongyuan.office.role import roles
from tongyuan.store import people, work
from tongyuan.store.database import widened
from tongyuan.store.submission import add_organisation, organisations

Name = Annotated[str, Field(min_length=1, max_length=64, pattern=r"^[\w.\-]+$")]
Text = Annotated[str, Field(min_length=1, max_length=200)]

EVERY = frozenset(roles()) - {"public"}
ADMINISTRATOR = frozenset({"administrator"})
ENTERED: frozenset[str] = frozenset()


class Nothing(Request):
    """Asks nothing more."""


class NewOrganisation(Request):
    """An organisation to add."""

    organisation: Name
    kind: Name
    region: Annotated[str, Field(pattern=r"^\d{6}$")]
    title_zh: Text
    title_en: Text
    parent: Name | None = None


class NewAccount(Request):
    """An account to add; the password for one use is told in the answer."""

    account: Name
    title: Text
    organisation: Name | None = None


class AccountName(Request):
    """One account."""

    account: Name


class Passwords(Request):
    """One's old and new password."""

    old: str
    new: str


class NewGrant(Request):
    """A role for an account: of an organisation, or of a region where the role has one."""

    account: Name
    role: str
    organisation: str = ""
    region: str = Field("", pattern=r"^(\d{6})?$")
    until: datetime | None = None


class GrantNumber(Request):
    """The number of a grant."""

    grant: Serial


class Decision(Request):
    """A decision on a proposal."""

    proposal: Serial
    approved: bool
    reason: str = ""


class Delegation(Request):
    """One's own role, for somebody else during one's absence."""

    account: Name
    role: str
    until: datetime


def _add_organisation(desk: Desk, asked: NewOrganisation) -> Answer:
    if not any(asked.region.startswith(region) for region in desk.regions):
        raise PermissionError(asked.region)
    add_organisation(widened(desk.session, asked.organisation), **asked.model_dump())
    return {"organisation": asked.organisation}


def _organisations(desk: Desk, _: Nothing) -> Answer:
    return organisations(desk.session)


def _add_account(desk: Desk, asked: NewAccount) -> Answer:
    password = entering.new_password()
    account = people.Account(
        asked.account, asked.organisation, asked.title, entering.hashed(password), None, True, True
    )
    people.add_account(desk.session, account)
    return {"account": asked.account, "password": password}


def _close(desk: Desk, asked: AccountName) -> Answer:
    people.change_account(desk.session, asked.account, "account.close", active=False)
    return {"account": asked.account, "entries": people.leave(desk.session, asked.account)}


def _accounts(desk: Desk, _: Nothing) -> Answer:
    return people.accounts(desk.session)


def _change_password(desk: Desk, asked: Passwords) -> Answer:
    try:
        entering.change_password(desk.session, desk.person, asked.old, asked.new)
    except EntryError as error:
        raise Refused(422, finding("office", f"entry_{error.check}", **error.values)) from None
    return {"account": desk.person}


def _leave(desk: Desk, _: Nothing) -> Answer:
    token = digest_of(desk.token) if desk.token else None
    return {"entries": people.leave(desk.session, desk.person, token)}


def _grant(desk: Desk, asked: NewGrant) -> Answer:
    role = roles().get(asked.role)
    needed = {role.reads, role.writes} if role else set()
    if role is None or role.role == "public":
        raise Refused(
            422, finding("office", "role_unknown", role=asked.role, allowed=", ".join(sorted(EVERY)))
        )
    if "region" in needed and len(asked.region.rstrip("0")) < 2:
        raise Refused(422, finding("office", "role_region", role=role.title))
    if needed & {"own", "children"} and not asked.organisation:
        raise Refused(422, finding("office", "role_organisation", role=role.title))
    until = asked.until.astimezone(UTC).isoformat(timespec="microseconds") if asked.until else None
    number = people.add_grant(
        desk.session,
        asked.account,
        asked.role,
        organisation=asked.organisation,
        region=asked.region,
        until=until,
    )
    return {"grant": number}


def _end_grant(desk: Desk, asked: GrantNumber) -> Answer:
    people.end_grant(desk.session, asked.grant)
    return {"grant": asked.grant}


def _decide(desk: Desk, asked: Decision) -> Answer:
    if asked.approved:
        return approve(desk, asked.proposal, asked.reason)
    work.decide(desk.session, asked.proposal, "refused", asked.reason)
    return {"proposal": asked.proposal}


def _proposals(desk: Desk, _: Nothing) -> Answer:
    return work.proposals(desk.session)


def _delegate(desk: Desk, asked: Delegation) -> Answer:
    own = [
        g for g in people.grants(desk.session, desk.person) if g.role == asked.role and g.delegated_by is None
    ]
    if not own or asked.account == desk.person:
        raise PermissionError(asked.role)
    until = asked.until.astimezone(UTC).isoformat(timespec="microseconds")
    if asked.until.astimezone(UTC) <= datetime.now(UTC):
        raise Refused(422, finding("office", "time_passed", moment=until))
    made = [
        people.add_grant(
            desk.session, asked.account, g.role,
            organisation=g.organisation, region=g.region, until=until, delegated_by=desk.person,
        )
        for g in own
    ]  # fmt: skip
    return {"grants": made}


BUREAUS = frozenset({"city_bureau", "province_bureau"})

OPERATIONS = (
    Operation(
        "organisation.add",
        BUREAUS,
        NewOrganisation,
        _add_organisation,
        changes=True,
    ),
    Operation("organisation.list", EVERY, Nothing, _organisations, answers="rows"),
    Operation("account.add", ADMINISTRATOR, NewAccount, _add_account, changes=True, secret=True),
    Operation("account.close", ADMINISTRATOR, AccountName, _close, changes=True),
    Operation("account.list", ADMINISTRATOR, Nothing, _accounts, answers="rows"),
    Operation(
        "account.change_password",
        ENTERED,
        Passwords,
        _change_password,
        changes=True,
    ),
    Operation("entry.end", ENTERED, Nothing, _leave, changes=True),
    Operation(
        "grant.add",
        ADMINISTRATOR,
        NewGrant,
        _grant,
        changes=True,
        pause=timedelta(hours=1),
    ),
    Operation("grant.end", ADMINISTRATOR, GrantNumber, _end_grant, changes=True),
    Operation(
        "grant.delegate",
        EVERY - {"administrator", "auditor"},
        Delegation,
        _delegate,
        changes=True,
    ),
    Operation(
        "proposal.decide",
        ADMINISTRATOR | BUREAUS,
        Decision,
        _decide,
        changes=True,
    ),
    Operation("proposal.list", ADMINISTRATOR | BUREAUS, Nothing, _proposals, answers="rows"),
)
