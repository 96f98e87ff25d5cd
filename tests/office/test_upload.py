from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest

from tongyuan.ledger.finding import FindingError
from tongyuan.ledger.read.read import read
from tongyuan.office.limit import Limit
from tongyuan.office.upload import file_name, parse

CSV = """地区,年份,工艺过程,燃料或产品,数值,单位
济南市,2025,火力发电,原煤,100,t
济南市,2025,火力发电,原煤,x,t
"""


@pytest.mark.parametrize(
    ("given", "name"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\lin\\账.xlsx", "账.xlsx"),
        ("/", "upload"),
        ("..", "upload"),
        ("a\0b\n.csv", "ab.csv"),
        ("x" * 500 + ".csv", "x" * 116 + ".csv"),
    ],
)
def test_a_name_names_no_place(given: str, name: str) -> None:
    assert file_name(given) == name


def test_a_file_is_read_as_the_reader_reads_it(tmp_path: Path) -> None:
    (tmp_path / "activity.csv").write_text(CSV, "utf-8")
    ours = parse("activity.csv", CSV.encode())
    theirs = read(tmp_path / "activity.csv")
    assert {n: f.to_dicts() for n, f in ours.tables.items()} == {
        n: f.to_dicts() for n, f in theirs.tables.items()
    }
    assert [f.message("zh") for f in ours.findings] == [f.message("zh") for f in theirs.findings]
    assert [f.place() for f in ours.findings] == [f.place() for f in theirs.findings]
    assert any(f.severity == "error" for f in ours.findings)


def test_another_kind_of_file_is_refused() -> None:
    with pytest.raises(FindingError) as refused:
        parse("a.exe", b"MZ")
    assert refused.value.findings[0].check == "upload_kind"


def test_a_reader_without_memory_is_ended_or_says_so() -> None:
    """How far it comes depends on what is loaded by then; it reads nothing, and memory is named."""
    try:
        reading = parse("activity.csv", CSV.encode() + b"\n" * 2**27, limit=Limit(2**26, 60))
    except FindingError as refused:
        told = refused.findings
    else:
        told = reading.findings
        assert not reading.tables
    assert {f.check for f in told} <= {"upload_limit", "too_many_cells"}
    assert told


def bomb() -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", b"<a/>")
        archive.writestr("xl/worksheets/sheet1.xml", b"0" * 300_000_000)
    return packed.getvalue()


def laughs() -> bytes:
    entities = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 10))
    text = f'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a0 "ha">{entities}]><workbook>&a9;</workbook>'
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("xl/workbook.xml", text)
    return packed.getvalue()


@pytest.mark.parametrize("content", [bomb(), laughs(), b"PK\x03\x04broken", b""], ids=len)
def test_bombs_and_broken_workbooks_are_told_and_not_unpacked(content: bytes) -> None:
    try:
        told = parse("a.xlsx", content).findings
    except FindingError as refused:
        told = refused.findings
    assert [f for f in told if f.severity == "error"]
