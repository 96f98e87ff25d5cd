"""Telling an address elsewhere something: signed, to public addresses alone unless others are allowed.

The name is looked up once, every address it has is checked, and the connection goes to the one that was
checked; redirections are not followed.
"""

from __future__ import annotations

import http.client
import ipaddress
import os
import socket
import ssl
from collections.abc import Mapping, Sequence
from urllib.parse import SplitResult, urlsplit

ALLOWED = "TONGYUAN_WEBHOOK_ALLOW"
"""Setting that names networks of one's own to which webhooks may go: ``10.0.0.0/8, 127.0.0.1/32``."""

TIMEOUT = 10.0
"""How long another server may take to answer [s]."""

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Network = ipaddress.IPv4Network | ipaddress.IPv6Network


class UnsuitableError(ValueError):
    """Raised when nothing may be sent to an address; `check` names why."""

    def __init__(self, check: str) -> None:
        self.check = check
        super().__init__(check)


def allowed_networks(text: str | None = None) -> tuple[Network, ...]:
    """Return the networks of one's own that are allowed, from the setting when no text is given."""
    told = os.environ.get(ALLOWED, "") if text is None else text
    return tuple(ipaddress.ip_network(part.strip(), strict=False) for part in told.split(",") if part.strip())


def parts_of(address: str) -> SplitResult:
    """Return the parts of an address that something could be sent to.

    Raises
    ------
    UnsuitableError
        ``address`` if it is none of ``https`` or ``http``, or holds a name and password.
    """
    try:
        parts = urlsplit(address)
        port = parts.port
    except ValueError:
        raise UnsuitableError("address") from None
    plain = parts.hostname is not None and port != 0 and not parts.username and not parts.fragment
    if parts.scheme not in ("http", "https") or not plain or any(c.isspace() for c in address):
        raise UnsuitableError("address")
    return parts


def checked(parts: SplitResult, networks: Sequence[Network]) -> Address:
    """Return the address of the server to connect to.

    Raises
    ------
    UnsuitableError
        ``unknown`` if the name is not known; ``internal`` if one of its addresses is not public and not
        allowed; ``open`` if it would be told in the clear over a public network.
    """
    try:
        found = socket.getaddrinfo(parts.hostname, parts.port or _port(parts), type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        raise UnsuitableError("unknown") from None
    addresses = [ipaddress.ip_address(str(one[4][0]).partition("%")[0]) for one in found]
    for address in addresses:
        own = any(address in network for network in networks if network.version == address.version)
        inner = getattr(address, "ipv4_mapped", None) or address
        if not own and (not inner.is_global or inner.is_multicast):
            raise UnsuitableError("internal")
        if not own and parts.scheme == "http":
            raise UnsuitableError("open")
    return addresses[0]


def _port(parts: SplitResult) -> int:
    return parts.port or (443 if parts.scheme == "https" else 80)


def post(address: str, body: bytes, headers: Mapping[str, str], networks: Sequence[Network]) -> int:
    """Send `body` to an address and return the status of the answer, which is not read.

    Raises
    ------
    UnsuitableError
        If nothing may be sent there.
    OSError
        If it cannot be reached in time, or its certificate does not hold.
    """
    parts = parts_of(address)
    where = str(checked(parts, networks))
    line = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    held = socket.create_connection((where, _port(parts)), timeout=TIMEOUT)
    try:
        if parts.scheme == "https":
            held = ssl.create_default_context().wrap_socket(held, server_hostname=parts.hostname)
        asking = http.client.HTTPConnection(str(parts.hostname), _port(parts), timeout=TIMEOUT)
        asking.sock = held
        asking.request("POST", line, body, dict(headers))
        return asking.getresponse().status
    except http.client.HTTPException as error:
        raise OSError(str(error)) from error
    finally:
        held.close()
