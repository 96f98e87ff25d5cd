"""The job ``webhook``: an address is told of a publication, again after a while until it says that it has it.

The address may be told twice, when the process ends between telling and noting: the header
``Tongyuan-Delivery`` is the same then, and the receiver keeps the first.
"""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

from tongyuan.client.signature import HEADER, sign
from tongyuan.office.address import UnsuitableError, allowed_networks, post
from tongyuan.office.operation import Office
from tongyuan.office.role import scope_of
from tongyuan.store import hook, people
from tongyuan.store.database import Session, reading
from tongyuan.store.job import Job, Later, add
from tongyuan.store.scope import Scope
from tongyuan.store.submission import places

PAUSES = tuple(timedelta(minutes=m) for m in (1, 5, 30, 120, 480, 1440))
"""How long after an attempt that failed the next is made; after the last the job has failed."""


class Told(NamedTuple):
    """How an attempt went: the status of the answer, or what went wrong."""

    status: int | None
    error: str


def announce(session: Session, organisation: str, event: str, content: Mapping[str, Any]) -> int:
    """Let a job wait for every webhook whose owner sees `organisation`; return how many there are."""
    known, count = places(session), 0
    for one in hook.standing(session):
        seen = scope_of(one.account, people.grants(session, one.account), known)
        if seen.reads is None or organisation in seen.reads:
            told = {"webhook": one.webhook, "event": event, "organisation": organisation, **content}
            add(session, organisation, "webhook", told)
            count += 1
    return count


def prepare(office: Office, job: Job) -> Told:
    """Tell the address, outside of any transaction."""
    with reading(office.engine, Scope.everything("webhook")) as session:
        found = hook.standing(session, job.content["webhook"])
        account = people.account_of(session, found[0].account) if found else None
    if not found or account is None or not account.active:
        return Told(None, "ended")
    told = {name: value for name, value in job.content.items() if name != "webhook"}
    body = json.dumps(told, ensure_ascii=False, sort_keys=True).encode()
    headers = {
        "Content-Type": "application/json",
        "User-Agent": "tongyuan",
        "Tongyuan-Delivery": str(job.job),
        HEADER: sign(found[0].secret, body, int(time.time())),
    }
    try:
        return Told(post(found[0].address, body, headers, allowed_networks()), "")
    except UnsuitableError as error:
        return Told(None, error.check)
    except OSError as error:
        return Told(None, type(error).__name__)


def effect(session: Session, office: Office, job: Job, told: Told) -> Mapping[str, Any] | Later:
    """Enter the attempt into the log; done, or to be tried again later."""
    done = told.status is not None and 200 <= told.status < 300
    error = told.error or ("" if done else "redirected" if 300 <= (told.status or 0) < 400 else "refused")
    attempts = hook.note(session, job.content["webhook"], job.job, job.content["event"], told.status, error)
    answer = {"status": told.status, "error": error, "attempts": attempts}
    if done or error == "ended":
        return answer
    if attempts > len(PAUSES):
        return Later(None, answer)
    return Later((datetime.now(UTC) + PAUSES[attempts - 1]).isoformat(timespec="microseconds"), answer)
