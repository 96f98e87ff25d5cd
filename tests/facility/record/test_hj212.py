"""HJ 212 frames: the check of appendix A, packets, resends, and everything that is wrong with a stream."""

from __future__ import annotations

import random
from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tongyuan.facility.record.hj212 import crc, messages

FRAMES = {
    "H212-01": "##0101QN=20160801085857223;ST=32;CN=1062;PW=100000;MN=010000A8900016F000169DC0;Flag=5;"
    "CP=&&RtdInterval=30&&1C80\r\n",
    "H212-02": "##0178ST=32;CN=2011;PW=123456;MN=0873HHMZWSLH02;CP=&&DataTime=20160103133030;060-Rtd=3.0943,"
    "060-Flag=N;011-Rtd=18.0412,011-Flag=N;001-Rtd=8.2137,001-Flag=N;B01-Rtd=10.9890,B01-Flag=N&&A9C1\r\n",
    "H212-05": "##0077QN=20120416225111069;ST=91;CN=9021;PW=122333;MN=88888880000006;Flag=1;CP=&&&&4100\r\n",
    "H212-06": "##0357QN=20261001100000123;ST=31;CN=2061;PW=123456;MN=TY00000000000001;Flag=5;"
    "CP=&&DataTime=20261001090000;a21002-Avg=38.2,a21002-ZsAvg=33.5,a21002-Cou=4.58,a21002-Flag=N;"
    "a21026-Avg=17.9,a21026-ZsAvg=15.7,a21026-Cou=2.15,a21026-Flag=N;a34013-Avg=2.31,a34013-ZsAvg=2.03,"
    "a34013-Cou=0.277,a34013-Flag=N;a19001-Avg=4.12,a19001-Flag=N;a00000-Cou=120000,a00000-Flag=N&&E7C1\r\n",
}  # fmt: skip


def frame(segment: str) -> bytes:
    data = segment.encode()
    return b"##%04d" % len(data) + data + crc(data).encode() + b"\r\n"


def hour(body: str, *, time: str = "20260101080000", mn: str = "M1", extra: str = "") -> bytes:
    return frame(f"QN=1;ST=31;CN=2061;PW=1;MN={mn};Flag=5{extra};CP=&&DataTime={time};{body}&&")


@pytest.mark.parametrize("name", sorted(FRAMES))
def test_frames_as_published(name: str) -> None:
    text = FRAMES[name]
    assert crc(text[6 : 6 + int(text[2:6])].encode()) == text[-6:-2]
    found, wrong = messages(text.encode())
    assert len(found) == 1
    assert wrong == []


def test_the_check_is_not_that_of_modbus() -> None:
    """Plain Modbus gives 0759 for H212-01: refused, and so is a change of one character (vector H212-07)."""
    good = FRAMES["H212-01"]
    for bad in (good.replace("1C80", "0759"), good.replace("RtdInterval=30", "RtdInterval=31")):
        found, wrong = messages(bad.encode())
        assert found == []
        assert [f.check for f in wrong] == ["hj212_check"]


def test_an_hour_is_read_with_its_fields_and_time() -> None:
    (message,), _ = messages(FRAMES["H212-06"].encode())
    assert message.time == datetime(2026, 10, 1, 9)
    assert message.values["a21002"] == {"Avg": "38.2", "ZsAvg": "33.5", "Cou": "4.58", "Flag": "N"}
    assert (message.system, message.command, message.mn) == ("31", "2061", "TY00000000000001")


def packets(count: int = 2) -> list[bytes]:
    bodies = ["DataTime=20260101080000;a21026-Avg=10,a21026-Flag=N", "a21002-Avg=20,a21002-Flag=N"]
    return [
        frame(f"QN=7;ST=31;CN=2061;PW=1;MN=M1;Flag=7;PNUM={count};PNO={n};CP=&&{body}&&")
        for n, body in enumerate(bodies, 1)
    ]


@pytest.mark.parametrize("order", [(0, 1), (1, 0), (0, 0, 1, 1)])
def test_packets_are_put_together_in_any_order(order: tuple[int, ...]) -> None:
    parts = packets()
    found, wrong = messages(b"".join(parts[n] for n in order))
    assert [set(m.values) for m in found] == [{"a21026", "a21002"}]
    assert wrong == []


def test_a_packet_that_never_came_is_said() -> None:
    found, wrong = messages(packets()[0])
    assert found == []
    assert [f.check for f in wrong] == ["hj212_packet_missing"]
    assert wrong[0].values["missing"] == "2"


def test_what_is_resent_alike_is_one_message_and_what_is_changed_is_said() -> None:
    same = hour("a21026-Avg=10,a21026-Flag=N")
    found, wrong = messages(same * 3)
    assert len(found) == 1
    assert wrong == []
    found, wrong = messages(same + hour("a21026-Avg=11,a21026-Flag=N"))
    assert [m.values["a21026"]["Avg"] for m in found] == ["11"]
    assert [f.check for f in wrong] == ["hj212_resent"]
    assert wrong[0].row == 2


def test_factors_of_one_hour_in_two_messages_are_one_hour() -> None:
    found, wrong = messages(hour("a21026-Avg=10") + hour("a21002-Avg=20"))
    assert [set(m.values) for m in found] == [{"a21026", "a21002"}]
    assert wrong == []


def test_a_log_with_words_between_the_messages_is_read() -> None:
    data = (
        b"2026-01-01 08:01:02 recv: "
        + hour("a21026-Avg=10")
        + b"\r\n2026-01-01 ok\r\n"
        + hour("a21026-Avg=1")
    )
    found, _ = messages(data)
    assert len(found) == 1


BAD: dict[str, tuple[bytes, str]] = {
    "empty": (b"", "hj212_none"),
    "words": (b"hello", "hj212_none"),
    "letters for a length": (b"##01A1" + hour("a=1")[6:], "hj212_length_unread"),
    "three digits": (b"##012;QN=1", "hj212_length_unread"),
    "no length": (b"##", "hj212_length_unread"),
    "cut in the segment": (hour("a21026-Avg=10")[:40], "hj212_cut_off"),
    "cut in the check": (hour("a21026-Avg=10")[:-4], "hj212_cut_off"),
    "length too long": (b"##9999" + hour("a21026-Avg=10")[6:], "hj212_cut_off"),
    "length too short": (b"##0010" + hour("a21026-Avg=10")[6:], "hj212_check"),
    "another begins inside": (b"##0100QN=1" + hour("a21026-Avg=10") + b"x" * 50, "hj212_length"),
    "lower-case check of another": (hour("a21026-Avg=10")[:-6] + b"beef\r\n", "hj212_check"),
    "no MN": (frame("ST=31;CN=2061;CP=&&DataTime=20260101080000&&"), "hj212_segment"),
    "no CN": (frame("ST=31;MN=M1;CP=&&DataTime=20260101080000&&"), "hj212_segment"),
    "no CP": (frame("ST=31;CN=2061;MN=M1;DataTime=20260101080000"), "hj212_segment"),
    "CP not closed": (frame("ST=31;CN=2061;MN=M1;CP=&&DataTime=20260101080000"), "hj212_segment"),
    "no time": (frame("ST=31;CN=2061;MN=M1;CP=&&a21026-Avg=1&&"), "hj212_no_time"),
    "30 February": (hour("a21026-Avg=1", time="20260230080000"), "hj212_time"),
    "25 o'clock": (hour("a21026-Avg=1", time="20260101250000"), "hj212_time"),
    "time of 12 digits": (hour("a21026-Avg=1", time="202601010800"), "hj212_time"),
    "time in words": (hour("a21026-Avg=1", time="today"), "hj212_time"),
    "item without a value": (hour("a21026-Avg"), "hj212_item"),
    "rubbish between": (hour("%%%"), "hj212_item"),
    "a factor twice": (hour("a21026-Avg=1,a21026-Avg=2"), "hj212_twice"),
    "packet 3 of 2": (
        frame("QN=7;ST=31;CN=2061;MN=M1;Flag=7;PNUM=2;PNO=3;CP=&&DataTime=20260101080000&&"), "hj212_packet"
    ),
    "packet in words": (frame("QN=7;ST=31;CN=2061;MN=M1;Flag=7;PNUM=two;PNO=1;CP=&&&&"), "hj212_packet"),
    "packet without a count": (frame("QN=7;ST=31;CN=2061;MN=M1;Flag=7;CP=&&&&"), "hj212_packet"),
    "no line end": (hour("a21026-Avg=1")[:-2] + b"tail of another log line", "hj212_line_end"),
    "too long": (hour(";".join(f"a2{n:04d}-Avg=1" for n in range(100))), "hj212_long"),
    "bytes": (bytes(range(256)) + b"##", "hj212_length_unread"),
}  # fmt: skip


@pytest.mark.parametrize("name", sorted(BAD))
def test_what_is_wrong_is_named_with_its_message(name: str) -> None:
    data, check = BAD[name]
    _, wrong = messages(data, "a.txt")
    assert check in [f.check for f in wrong]
    for found in wrong:
        assert found.file == "a.txt"
        assert found.row is not None
        for language in ("zh", "en"):
            assert found.message(language)  # type: ignore[arg-type]
            assert found.next_step(language)  # type: ignore[arg-type]


def test_good_messages_around_a_bad_one_are_read() -> None:
    good, other = hour("a21026-Avg=1", time="20260101070000"), hour("a21026-Avg=2", time="20260101090000")
    swallowed = {"length too long", "another begins inside", "cut in the segment", "cut in the check"}
    for name, (data, _) in BAD.items():
        found, _ = messages(good + data + b"\r\n" + other)
        hours = {m.time.hour for m in found if m.time}
        assert 7 in hours, name
        assert 9 in hours or name in swallowed, name


@given(st.binary(max_size=300))
def test_any_bytes_are_read_without_failing(data: bytes) -> None:
    messages(data)
    messages(b"##" + data)


@given(st.integers(0, 10_000), st.integers(0, 300))
def test_a_changed_byte_is_always_noticed(seed: int, at: int) -> None:
    data = bytearray(hour("a21026-Avg=17.9,a21026-Flag=N"))
    place = 6 + at % (len(data) - 12)
    data[place] ^= 1 + random.Random(seed).randrange(255)
    found, wrong = messages(bytes(data))
    assert not found
    assert wrong
