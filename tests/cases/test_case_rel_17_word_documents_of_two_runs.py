"""The same content gives a Word document of the same bytes, whenever it is written."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

from tongyuan.report.base.block import Block, Column, Heading, Paragraph, TableBlock
from tongyuan.report.word.document import document

BLOCKS: dict[str, list[Block]] = {
    "text": [Heading("方案", 0), Heading("总则"), Paragraph("正文。")],
    "table": [
        Heading("方案", 0),
        TableBlock("表", (Column("部门"), Column("数", numeric=True)), [["甲", "1"]]),
    ],
    "empty": [],
}


@pytest.mark.parametrize("name", BLOCKS)
@pytest.mark.parametrize("language", ["zh", "en"])
def test_two_documents_are_the_same_bytes(
    name: str, language: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = document(BLOCKS[name], tmp_path / "a.docx", language)  # type: ignore[arg-type]
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1700000000")
    second = document(BLOCKS[name], tmp_path / "b.docx", language)  # type: ignore[arg-type]
    assert first.read_bytes() == second.read_bytes()
    with zipfile.ZipFile(first) as archive:
        assert archive.testzip() is None
        assert {part.date_time for part in archive.infolist()} == {(2000, 1, 1, 0, 0, 0)}
