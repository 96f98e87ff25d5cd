"""Entering the office: the only thing done before it is known who asks."""

from __future__ import annotations

from tongyuan.ledger.finding import finding
from tongyuan.office.account import EntryError, fitting, sign_in
from tongyuan.office.operation import Office, Refused, refusing
from tongyuan.store.database import reading, writing
from tongyuan.store.scope import Scope, is_name


def enter(office: Office, account: str, password: str, code: str = "") -> str:
    """Return the token of a person who entered; a failed attempt is kept.

    Raises
    ------
    Refused
        401 if name, password or code is wrong; 429 if one has to wait after many failures;
        503 if the machine fails.
    """
    if not is_name(account):
        raise Refused(401, finding("office", "entry_wrong"))
    token, refused, scope = "", None, Scope(account)
    try:
        with refusing(), reading(office.engine, scope) as session:
            fits = fitting(session, account, password)
        with refusing(), writing(office.engine, scope) as session:
            try:
                token = sign_in(session, account, fits, code)
            except EntryError as error:
                refused = error  # the attempt is kept
    except EntryError as error:
        refused = error
    if refused is not None:
        status = 429 if refused.check == "wait" else 401
        raise Refused(status, finding("office", f"entry_{refused.check}", **refused.values))
    return token
