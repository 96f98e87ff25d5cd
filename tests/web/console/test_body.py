from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tongyuan.web.console.body import read

FORM = "application/x-www-form-urlencoded"


def multipart(*parts: tuple[str, str, bytes]) -> tuple[str, bytes]:
    body = b"".join(
        b'--XyZ\r\nContent-Disposition: form-data; name="%s"%s\r\n\r\n%s\r\n'
        % (name.encode(), f'; filename="{file}"'.encode() if file else b"", content)
        for name, file, content in parts
    )
    return 'multipart/form-data; boundary="XyZ"', body + b"--XyZ--\r\n"


def test_fields_come_as_they_were_typed() -> None:
    sent = read(FORM, b"a=1&a=2&b=%E5%8E%82&c=")
    assert sent.fields == {"a": ["1", "2"], "b": ["厂"], "c": [""]}
    assert (sent.one("a"), sent.one("none", "x")) == ("2", "x")
    assert read("", b"").fields == {}


@given(st.binary(max_size=300).filter(lambda b: b"--XyZ" not in b))
def test_a_file_comes_byte_by_byte(content: bytes) -> None:
    kind, body = multipart(("version", "", b"3"), ("content", "账.xlsx", content))
    sent = read(kind, body)
    assert sent.one("version") == "3"
    assert sent.files == {"content": ("账.xlsx", content)}


def test_a_file_that_was_not_chosen_is_none() -> None:
    kind, body = multipart(("content", "", b""))
    assert read(kind, body).files == {}


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("application/json", b"{}"),
        ("", b"x"),
        ("multipart/form-data", b"--x--"),
        ("multipart/form-data; boundary=x", b"--x\r\nnothing"),
        ("multipart/form-data; boundary=x", b"--x\r\nContent-Type: a\r\n\r\n1\r\n--x--\r\n"),
        (FORM, b"&".join(b"a=1" for _ in range(5000))),
    ],
)
def test_what_is_no_whole_form_is_refused(kind: str, body: bytes) -> None:
    with pytest.raises(ValueError):  # noqa: PT011
        read(kind, body)
