"""Files spoilt at random, and what of their numbers a person could still see."""

from __future__ import annotations

import io
import random
import re
import zipfile
from collections import Counter
from pathlib import Path


def parts_changed(data: bytes, chance: random.Random) -> bytes:
    """Return a workbook in which the text of one part is changed, with a checksum that fits."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        parts = {i.filename: archive.read(i) for i in archive.infolist()}
    name = chance.choice([n for n in parts if n.endswith(("xml", "rels"))])
    parts[name] = changed(parts[name], chance)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for key, part in parts.items():
            archive.writestr(key, part)
    return out.getvalue()


WORDS = (
    b"XFD1048576", b"L9999999", b"-1", b"1e999", b"NaN", "①".encode(), "²".encode(), b"\x00", b"\xff\xfe",
    b'"', b"<", b">", b"&#x0;", b"&amp;", b"]]>", b"<!--", b"<!DOCTYPE a [<!ENTITY b 'c'>]>", b"'", b";",
    b",", b"\n", b"\r", b"\t", b"  ", b"=", b"[", b"]]", b"99999999999999999999", b"0.1e-400", b' hidden="1"',
    b' r="A1"', b' t="e"',
)  # fmt: skip


def changed(data: bytes, chance: random.Random) -> bytes:
    """Return `data` with a few bytes flipped, lost, repeated, moved, put in or cut off."""
    spoilt = bytearray(data)
    for _ in range(chance.choice([1, 1, 2, 5, 30])):
        at = chance.randrange(len(spoilt) or 1)
        way = chance.randrange(7)
        if way == 0 and spoilt:
            spoilt[at] ^= 1 << chance.randrange(8)
        elif way == 1:
            del spoilt[at : at + chance.randrange(1, 24)]
        elif way == 2:
            spoilt[at:at] = spoilt[at : at + chance.randrange(1, 60)]
        elif way == 3:
            spoilt[at:at] = chance.choice(WORDS)
        elif way == 4 and chance.random() < 0.2:
            del spoilt[at:]
        elif way == 5:
            end = at + chance.randrange(1, 30)
            piece = spoilt[at:end]
            del spoilt[at:end]
            spoilt[chance.randrange(len(spoilt) + 1) :][:0] = piece
        else:
            spoilt[at : at + 1] = chance.choice(WORDS)[:1]
    return bytes(spoilt)


def visible(path: Path, data: bytes) -> str:
    """Return the text that a person could see in a changed file."""
    if path.suffix == ".xlsx":
        try:
            with zipfile.ZipFile(io.BytesIO(data)) as archive:
                data = b"".join(archive.read(n) for n in archive.namelist())
        except Exception:
            return ""
    return data.decode("utf-8", "replace")


def written(value: float, seen: Counter[float]) -> int:
    """Return how often a number stands in a text, per cent or not."""
    return seen[value] + seen[round(value * 100, 9)]


def numbers(text: str) -> list[str]:
    """Return every number that stands in `text`, and not at the end of a word."""
    return re.findall(r"(?<![0-9.A-Za-z_])[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]{1,3})?", text)
