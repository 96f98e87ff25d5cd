"""Entering the office: the only thing done before it is known who asks."""

from __future__ import annotations

from tongyuan.ledger.finding import finding
from tongyuan.office.account import EntryError, sign_in
from tongyuan.office.operation import NOBODY, Office, Refused
from tongyuan.store.database import writing
from tongyuan.store.scope import Scope


def enter(office: Office, account: str, password: str, code: str = "") -> str:
    """Return the token of a person who entered; a failed attempt is kept.

    Raises
    ------
    Refused
        401 if name, password or code is wrong; 429 if one has to wait after many failures.
    """
    token, refused = "", None
    with writing(office.engine, Scope(account or NOBODY)) as session:
        try:
            token = sign_in(session, account, password, code)
        except EntryError as error:
            refused = error
    if refused is not None:
        status = 429 if refused.check == "wait" else 401
        raise Refused(status, finding("office", f"entry_{refused.check}", **refused.values))
    return token
