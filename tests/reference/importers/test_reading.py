from __future__ import annotations

from pathlib import Path

import pytest

from tongyuan.reference import importers
from tongyuan.reference.importers.reading import number, read_table


def test_encodings(tmp_path: Path) -> None:
    for encoding in ("utf-8", "utf-8-sig", "gb18030"):
        path = tmp_path / f"{encoding}.csv"
        path.write_bytes("污染物 ,值\n二氧化硫, 1 \n".encode(encoding))
        frame, issues = read_table(path, ("污染物", "值"))
        assert issues == []
        assert frame is not None
        assert frame.row(0) == ("二氧化硫", "1")


@pytest.mark.parametrize(
    ("name", "content"), [("absent.csv", None), ("bad.xlsx", b"no workbook"), ("bad.csv", b"\xff\xff\xff")]
)
def test_unreadable_files_are_findings(tmp_path: Path, name: str, content: bytes | None) -> None:
    path = tmp_path / name
    if content is not None:
        path.write_bytes(content)
    frame, issues = read_table(path, ("a",))
    assert frame is None
    assert [i.check for i in issues] == ["file_unreadable"]


def test_numbers() -> None:
    assert number("1e-3") == 0.001
    assert number("0,05") is None
    assert number("") is None
    assert number("nan") is None
    assert number("inf") is None


def test_importers_by_name(tmp_path: Path) -> None:
    assert importers.kinds() == ("emep", "efdb", "cost", "gains", "handbook", "records")
    with pytest.raises(KeyError, match="no importer"):
        importers.read("meic", tmp_path / "x.csv")
    for kind in importers.kinds():
        frame, issues = importers.read(kind, tmp_path / "absent.csv")
        assert frame.height == 0
        assert [i.check for i in issues] == ["file_unreadable"]
