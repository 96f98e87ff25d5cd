from __future__ import annotations

import base64
from threading import Thread
from typing import Any

import polars as pl
import pytest
from tests.office.desk import COAL, Town, submission

from tongyuan.office.operation import File, Refused
from tongyuan.office.operations import sheet

pytestmark = pytest.mark.parametrize("kind", ["sqlite"])


def upload(made: Town, number: int, version: int, name: str, content: bytes) -> object:
    text = base64.b64encode(content).decode()
    asked = {"submission": number, "version": version, "file_name": name, "content": text}
    return made.told("lin", "submission.upload", **asked)


def values(made: Town, number: int) -> list[tuple[int, float]]:
    rows = made.do("lin", "submission.rows", submission=number, table="activity")
    assert isinstance(rows, pl.DataFrame)
    return rows.select("_line", "value").rows()


@pytest.mark.parametrize("language", ["zh", "en"])
def test_what_was_downloaded_comes_back_without_a_change(kind: str, made: Town, language: str) -> None:
    number = submission(made, "lin", "A")
    file = made.do("lin", "submission.download", submission=number, language=language)
    assert isinstance(file, File)
    assert upload(made, number, 2, "back.xlsx", file.content)["rows"] == {"activity": 1}  # type: ignore[index]
    assert values(made, number) == [(1, 100.0)]


def test_a_cell_that_changed_makes_a_new_version_of_its_row(kind: str, made: Town) -> None:
    number = submission(made, "lin", "A")
    head = "地区,年份,工艺过程,燃料或产品,数值,单位,来源"
    rows = "济南市,2025,火力发电,原煤,250,t,台账\n济南市,2024,火力发电,原煤,90,t,台账"
    upload(made, number, 2, "activity.csv", f"{head}\n{rows}\n".encode())
    assert sorted(v for _, v in values(made, number)) == [90.0, 250.0]
    tables = made.do("lin", "submission.tables", submission=number)
    assert isinstance(tables, pl.DataFrame)
    assert tables.row(0) == ("activity", 2)
    assert tables.height > 3  # those of its kind are offered too


def test_what_cannot_be_read_changes_nothing(kind: str, made: Town) -> None:
    number = submission(made, "lin", "A")
    head = "地区,年份,工艺过程,燃料或产品,数值,单位"
    for name, content, check in (
        ("activity.csv", f"{head}\n济南市,2025,烧烤,原煤,1,t\n".encode(), ""),
        ("a.exe", b"MZ", "upload_kind"),
        ("a.csv", b"x,y\n1,2\n", ""),
    ):
        with pytest.raises(Refused) as refused:
            upload(made, number, 2, name, content)
        assert refused.value.status == 422
        assert check in {"", refused.value.findings[0].check}
    assert values(made, number) == [(1, 100.0)]


def test_the_template_holds_the_tables_and_no_rows_of_the_submission(kind: str, made: Town) -> None:
    number = submission(made, "lin", "A")
    made.do(
        "lin", "submission.write", submission=number, version=2, table="activity", rows=[COAL | {"value": 7}]
    )
    file = made.do("lin", "submission.template", submission=number, tables=["activity"], language="en")
    assert isinstance(file, File)
    assert file.name.endswith("-template.xlsx")
    assert file.content.startswith(b"PK")
    with pytest.raises(Refused):
        made.do("lin", "submission.template", submission=number, tables=["nonsense"])


def test_nobody_waits_for_a_workbook_of_somebody_else_to_be_read(
    kind: str, made: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = submission(made, "lin", "A"), submission(made, "lin", "A", "2025-02")
    usual, waiting = sheet.parse, []

    def slow(*given: Any, **named: Any) -> Any:
        asked = {"submission": second, "version": 2, "table": "activity", "rows": [COAL | {"year": 2020}]}
        other = Thread(target=made.told, args=("lin", "submission.write"), kwargs=asked)
        other.start()
        other.join(30)
        waiting.append(other.is_alive())
        return usual(*given, **named)

    monkeypatch.setattr(sheet, "parse", slow)
    head = "地区,年份,工艺过程,燃料或产品,数值,单位,来源"
    upload(made, first, 2, "activity.csv", f"{head}\n济南市,2025,火力发电,原煤,250,t,台账\n".encode())
    assert waiting == [False]
    assert [value for _, value in values(made, first)] == [250.0]
    assert len(values(made, second)) == 2
