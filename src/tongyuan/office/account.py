"""Entering and leaving: passwords, back-off after failures, a second factor, tokens that can be revoked."""

from __future__ import annotations

import hashlib
import secrets
from datetime import UTC, datetime, timedelta
from typing import Any

import pyotp
from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from tongyuan.store import people
from tongyuan.store.database import Session

FREE_TRIES = 5
"""How many attempts may fail before the next one has to wait."""

LONGEST_WAIT = timedelta(hours=1)
"""The wait doubles from one second on with every further failure, up to this."""

STAY = timedelta(hours=12)
"""How long an entry lasts."""

SHORTEST = 10
"""How many characters a password has at least."""

_hasher = PasswordHasher()
_NOBODY = _hasher.hash(secrets.token_urlsafe(16))


class EntryError(ValueError):
    """Raised when somebody may not enter; `check` names why: ``wrong``, ``wait`` or ``weak``."""

    def __init__(self, check: str, **values: Any) -> None:
        self.check, self.values = check, values
        super().__init__(check)


def digest_of(token: str) -> str:
    """Return what the archive holds of a token."""
    return hashlib.sha256(token.encode()).hexdigest()


def new_password() -> str:
    """Return a password for one use."""
    return secrets.token_urlsafe(12)


def hashed(password: str) -> str:
    """Return the argon2id digest of a password.

    Raises
    ------
    EntryError
        If it is shorter than ten characters or of one character alone.
    """
    if len(password) < SHORTEST or len(set(password)) < 4:
        raise EntryError("weak", shortest=SHORTEST)
    return _hasher.hash(password)


def wait_of(failed: int, latest: str, now: datetime) -> timedelta:
    """Return how long the next attempt has to wait after `failed` ones, the latest at that time."""
    if failed < FREE_TRIES:
        return timedelta()
    pause = min(timedelta(seconds=2 ** min(failed - FREE_TRIES, 20)), LONGEST_WAIT)
    return max(datetime.fromisoformat(latest) + pause - now, timedelta())


def fitting(session: Session, name: str, password: str) -> str:
    """Return the digest of an account that the password fits, or nothing; it takes long and writes nothing.

    An account that is not there takes as long as one whose password is wrong.

    Raises
    ------
    EntryError
        If too many attempts failed.
    """
    wait = wait_of(*people.failures(session, name), datetime.now(UTC))
    if wait:
        raise EntryError("wait", seconds=int(wait.total_seconds()) + 1)
    account = people.account_of(session, name)
    try:
        right: bool = _hasher.verify(account.password if account else _NOBODY, password)
    except (VerificationError, InvalidHashError):
        right = False
    return account.password if right and account is not None else ""


def sign_in(session: Session, name: str, fits: str, code: str = "") -> str:
    """Enter; return the token that the person carries from now on.

    An account that is not there is told the same as a wrong password. The attempt is noted in the session
    that is handed over, so keep it when this raises.

    Parameters
    ----------
    fits
        What :func:`fitting` found; it holds as long as the account still has that digest.

    Raises
    ------
    EntryError
        If name, password or code of the second factor is wrong, or too many attempts failed.
    """
    now = datetime.now(UTC)
    wait = wait_of(*people.failures(session, name), now)
    if wait:
        raise EntryError("wait", seconds=int(wait.total_seconds()) + 1)
    account = people.account_of(session, name)
    right = bool(fits) and account is not None and account.active and account.password == fits
    if right and account is not None and account.second_factor:
        right = pyotp.TOTP(account.second_factor).verify(code, valid_window=1)
    people.attempt(session, name, passed=bool(right))
    if not right:
        raise EntryError("wrong")
    token = secrets.token_urlsafe(32)
    people.enter(session, digest_of(token), name, (now + STAY).isoformat(timespec="microseconds"))
    return token


def change_password(session: Session, name: str, old: str, new: str) -> None:
    """Change one's own password; every entry of the account ends.

    Raises
    ------
    EntryError
        If the old one is wrong or the new one weak or the same.
    """
    account = people.account_of(session, name)
    try:
        if account is None or not _hasher.verify(account.password, old):
            raise EntryError("wrong")
    except (VerificationError, InvalidHashError):
        raise EntryError("wrong") from None
    if new == old:
        raise EntryError("weak", shortest=SHORTEST)
    people.change_account(session, name, "account.password", password=hashed(new), must_change=False)
    people.leave(session, name)


def begin(session: Session) -> dict[str, str]:
    """Make the first administrators where there is no account; return their passwords for one use.

    They are two, since a role is granted by two people.
    """
    if people.accounts(session).height:
        return {}
    passwords = {name: new_password() for name in ("admin", "admin2")}
    for name, password in passwords.items():
        people.add_account(
            session,
            people.Account(name, None, "系统管理员 Administrator", hashed(password), None, True, True),
        )
        people.add_grant(session, name, "administrator")
    return passwords
