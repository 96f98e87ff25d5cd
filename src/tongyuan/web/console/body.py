"""What a form of a page sends: fields, and files where it has one."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import parse_qsl

MOST = 2_000
"""Most fields of a form."""


@dataclass(frozen=True)
class Sent:
    """The fields of a form, a list for each name, and its files as name and content."""

    fields: Mapping[str, list[str]] = field(default_factory=dict)
    files: Mapping[str, tuple[str, bytes]] = field(default_factory=dict)

    def one(self, name: str, default: str = "") -> str:
        """Return the last value of a field."""
        return self.fields.get(name, [default])[-1]


def read(kind: str, content: bytes) -> Sent:
    """Return what the body of a request holds; its size was bounded before.

    Raises
    ------
    ValueError
        If it is no form, or not a whole one.
    """
    if not content:
        return Sent()
    media, _, rest = kind.partition(";")
    if media.strip().lower() == "application/x-www-form-urlencoded":
        pairs = parse_qsl(content.decode("utf-8"), keep_blank_values=True, max_num_fields=MOST)
        return Sent(_listed(pairs))
    found = re.search(r'boundary="?([^";]{1,200})"?', rest)
    if media.strip().lower() == "multipart/form-data" and found:
        return _parts(content, b"--" + found[1].encode("latin-1"))
    raise ValueError("not a form")


def _listed(pairs: list[tuple[str, str]]) -> dict[str, list[str]]:
    fields: dict[str, list[str]] = {}
    for name, value in pairs:
        fields.setdefault(name, []).append(value)
    return fields


def _parts(content: bytes, boundary: bytes) -> Sent:
    pieces = (b"\r\n" + content).split(b"\r\n" + boundary)
    if len(pieces) < 2 or not pieces[-1].startswith(b"--") or len(pieces) > MOST:
        raise ValueError("a form that is cut off")
    pairs: list[tuple[str, str]] = []
    files: dict[str, tuple[str, bytes]] = {}
    for piece in pieces[1:-1]:
        head, between, body = piece.removeprefix(b"\r\n").partition(b"\r\n\r\n")
        told = head.decode("utf-8")
        name = re.search(r'[;\s]name="([^"]*)"', told)
        if not between or name is None:
            raise ValueError("a part of a form without a name")
        file = re.search(r'filename="([^"]*)"', told)
        if file is None:
            pairs.append((name[1], body.decode("utf-8")))
        elif file[1]:
            files[name[1]] = (file[1], body)
    return Sent(_listed(pairs), files)
