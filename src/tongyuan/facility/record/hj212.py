"""HJ 212 messages: frames and their check, packets put together, resends recognised, hours as readings.

A frame is ``##``, four digits of length, the data segment, four hexadecimal digits of check, and a line end.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from tongyuan.ledger.finding import Finding, finding

ROOM = "facility"
HOUR, MINUTE, DAY, REAL_TIME = "2061", "2051", "2031", "2011"
SYSTEMS = {"31": "air", "32": "water"}
FLAGS = frozenset("NFMSDCTB")
SEGMENT_MAX = 1024
"""Longest data segment of a frame [characters]; HJ 212-2017, as read in open implementations."""
_POLYNOMIAL = 0xA001
_HEAD = re.compile(r"([A-Za-z]+)=([^;&]*)")
_PACKETED = 2
"""Bit of Flag that says that packet number and count stand in the segment."""


def crc(segment: bytes) -> str:
    """Return the check of a data segment: four upper-case hexadecimal digits.

    Parameters
    ----------
    segment
        Bytes between the length and the check.

    References
    ----------
    HJ 212-2017 appendix A: register FFFF; for every byte ``(register >> 8) XOR byte``, then eight shifts with
    XOR A001 when the bit shifted out was 1. It is not the check of Modbus, which keeps the high byte.
    """
    register = 0xFFFF
    for byte in segment:
        register = (register >> 8) ^ byte
        for _ in range(8):
            out = register & 1
            register >>= 1
            if out:
                register ^= _POLYNOMIAL
    return f"{register:04X}"


@dataclass(frozen=True)
class Message:
    """One message, its packets put together.

    `values` maps a factor as it was sent to its fields (``Avg``, ``ZsAvg``, ``Cou``, ``Flag`` …); `number` is
    the place of its first frame in the file.
    """

    number: int
    mn: str
    request: str
    command: str
    system: str
    time: datetime | None
    values: Mapping[str, Mapping[str, str]]
    raw: str


@dataclass
class _Reader:
    file: str
    findings: list[Finding] = field(default_factory=list)

    def note(self, check: str, number: int, **values: Any) -> None:
        self.findings.append(finding(ROOM, check, file=self.file, row=number, **values))


def messages(data: bytes, file: str = "") -> tuple[list[Message], list[Finding]]:
    """Return the messages of a stream, and everything that is wrong with it.

    Parameters
    ----------
    data
        The stream as it was recorded; text between frames (times of a log, say) is passed over.
    file
        What findings call it; their row is the number of the frame.

    Returns
    -------
    tuple of messages and findings
        A frame whose length or check is wrong yields no message. Packets of one request are put together in
        their order; one that never came is said. A message that was sent again alike is left out; one that
        was sent again with other figures goes before the first, and is said.
    """
    reader = _Reader(file)
    frames = list(_frames(data, reader))
    if not frames and not reader.findings:
        reader.note("hj212_none", 1)
    return _latest(_whole(frames, reader), reader), reader.findings


def _frames(data: bytes, reader: _Reader) -> Iterable[tuple[int, str]]:
    at = number = 0
    while (at := data.find(b"##", at)) >= 0:
        number += 1
        digits = data[at + 2 : at + 6]
        if not re.fullmatch(rb"\d{4}", digits):
            reader.note("hj212_length_unread", number, value=_text(digits))
            at += 2
            continue
        length = int(digits)
        begin, end = at + 6, at + 6 + length
        segment, check = data[begin:end], data[end : end + 4]
        if len(check) < 4:
            reader.note("hj212_cut_off", number, expected=length, found=max(len(data) - begin - 4, 0))
            at += 2
            continue
        if b"##" in segment:
            reader.note("hj212_length", number, expected=length, found=segment.find(b"##"))
            at = begin + segment.find(b"##")
            continue
        right = crc(segment)
        if check.decode("latin-1").upper() != right:
            reader.note("hj212_check", number, found=_text(check), right=right)
            at = begin
            continue
        if data[end + 4 : end + 6] not in (b"\r\n", b"") and data[end + 4 : end + 5] != b"\n":
            reader.note("hj212_line_end", number)
        if length > SEGMENT_MAX:
            reader.note("hj212_long", number, length=length, limit=SEGMENT_MAX)
        at = end + 4
        yield number, segment.decode("utf-8", "replace")


def _text(data: bytes) -> str:
    return data.decode("latin-1").encode("unicode_escape").decode()[:20]


def _whole(frames: list[tuple[int, str]], reader: _Reader) -> list[Message]:
    """Put packets together, and read each message."""
    found: list[Message] = []
    open_: dict[tuple[str, str, str], dict[int, tuple[int, str]]] = {}
    counts: dict[tuple[str, str, str], int] = {}
    done: dict[tuple[str, str, str], dict[int, str]] = {}
    for number, segment in frames:
        head, between, rest = segment.partition("CP=&&")
        body, closed, _ = rest.rpartition("&&")
        fields = dict(_HEAD.findall(head))
        missing = [name for name in ("MN", "CN") if not fields.get(name)]
        if missing or not between or not closed:
            reader.note("hj212_segment", number, missing=", ".join(missing) or "CP=&&…&&")
            continue
        flag = fields.get("Flag", "0")
        if not (flag.isdigit() and int(flag) & _PACKETED) and "PNUM" not in fields:
            found += _message(number, fields, body, segment, reader)
            continue
        count, packet = fields.get("PNUM", ""), fields.get("PNO", "")
        if not (count.isdigit() and packet.isdigit() and 1 <= int(packet) <= int(count)):
            reader.note("hj212_packet", number, packet=packet or "–", count=count or "–")
            continue
        key = (fields["MN"], fields.get("QN", ""), fields["CN"])
        if done.get(key, {}).get(int(packet)) == body:
            continue
        parts = open_.setdefault(key, {})
        parts.setdefault(int(packet), (number, body))
        counts[key] = int(count)
        if len(parts) == int(count):
            whole = ";".join(parts[n][1].strip(";") for n in sorted(parts) if parts[n][1])
            first = min(place for place, _ in parts.values())
            found += _message(first, fields, whole, segment, reader)
            done[key] = {n: part for n, (_, part) in open_.pop(key).items()}
    for key, parts in open_.items():
        gone = [str(n) for n in range(1, counts[key] + 1) if n not in parts]
        first = min(place for place, _ in parts.values())
        reader.note("hj212_packet_missing", first, mn=key[0], count=counts[key], missing=", ".join(gone))
    return sorted(found, key=lambda message: message.number)


def _message(number: int, fields: Mapping[str, str], body: str, raw: str, reader: _Reader) -> list[Message]:
    values: dict[str, dict[str, str]] = {}
    time: datetime | None = None
    for group in (part for part in body.split(";") if part.strip()):
        for item in group.split(","):
            name, equals, value = item.strip().partition("=")
            if not equals or not name.strip():
                reader.note("hj212_item", number, item=item.strip()[:40])
            elif name == "DataTime":
                time = _time(value)
                if time is None:
                    reader.note("hj212_time", number, value=value[:20])
                    return []
            elif "-" in name:
                code, _, kind = name.partition("-")
                kept = values.setdefault(code, {})
                if kind in kept and kept[kind] != value:
                    reader.note("hj212_twice", number, item=name)
                kept[kind] = value.strip()
    if fields["CN"] in (HOUR, MINUTE, DAY, REAL_TIME) and time is None:
        reader.note("hj212_no_time", number, command=fields["CN"])
        return []
    return [
        Message(
            number, fields["MN"], fields.get("QN", ""), fields["CN"], fields.get("ST", ""), time, values, raw
        )
    ]  # fmt: skip


def _time(text: str) -> datetime | None:
    if not re.fullmatch(r"\d{14}", text):
        return None
    try:
        return datetime.strptime(text, "%Y%m%d%H%M%S")
    except ValueError:
        return None


def _latest(found: list[Message], reader: _Reader) -> list[Message]:
    """Leave out what was sent again alike; let what was sent again changed go before."""
    kept: dict[tuple[str, str, datetime | None, str], Message] = {}
    for message in found:
        key = (message.mn, message.command, message.time, message.request if message.time is None else "")
        before = kept.get(key)
        if before is None:
            kept[key] = message
        elif before.values == message.values:
            continue
        elif not set(before.values) & set(message.values):
            kept[key] = Message(**{**message.__dict__, "values": {**before.values, **message.values}})
        else:
            reader.note(
                "hj212_resent",
                message.number,
                first=before.number,
                mn=message.mn,
                time=str(message.time or ""),
            )
            kept[key] = Message(**{**message.__dict__, "values": {**before.values, **message.values}})
    return list(kept.values())


__all__ = ["DAY", "FLAGS", "HOUR", "MINUTE", "REAL_TIME", "SYSTEMS", "Message", "crc", "messages"]
