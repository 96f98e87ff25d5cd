from __future__ import annotations

import re

import pytest
from tests.office.desk import COAL
from tests.web.console.conftest import Console

NASTY = '<script>alert("x")</script>=1+1'


def begun(console: Console, period: str) -> int:
    """Begin a submission of enterprise A with one row, as version 2; return its number."""
    asked = {"organisation": "A", "kind": "month", "period": period}
    number = int(console.made.told("lin", "submission.open", **asked)["submission"])
    console.made.told("lin", "submission.write", submission=number, version=1, table="activity", rows=[COAL])
    return number


def row(**more: str) -> dict[str, str]:
    return {name: str(value) for name, value in COAL.items()} | more


def test_a_row_is_typed_changed_and_removed(standing: Console) -> None:
    number, client = begun(standing, "2023-01"), standing.browser("lin")
    place = f"/submission/{number}/activity"
    got = client.post(f"{place}/row", data=row(version="2", line="", value="5,5", year="2024"))
    assert got.status_code == 422 or got.status_code == 303
    got = client.post(f"{place}/row", data=row(version="2", line="", value="55.25", year="2024", note=NASTY))
    assert got.headers["location"] == f"{place}?done=submission.write"
    page = client.get(place).text
    assert 'value="55.25"' in page
    assert NASTY not in page
    assert "&lt;script&gt;" in page
    line = max(int(n) for n in re.findall(r"row\?line=(\d+)", page))
    form = client.get(f"{place}/row?line={line}").text
    assert 'value="55.25"' in form
    version = re.search(r'name="version" value="(\d+)"', form)[1]  # type: ignore[index]
    gone = client.post(f"{place}/row", data={"version": version, "line": str(line), "remove": "1"})
    assert gone.status_code == 303
    assert 'value="55.25"' not in client.get(place).text


def test_what_cannot_be_read_is_told_beside_what_was_typed(standing: Console) -> None:
    number, client = begun(standing, "2023-02"), standing.browser("lin")
    got = client.post(
        f"/submission/{number}/activity/row", data=row(version="2", line="1", process="烧烤", note="还在")
    )
    assert got.status_code == 422
    assert 'value="烧烤"' in got.text
    assert 'value="还在"' in got.text
    assert 'role="alert"' in got.text


def test_two_people_on_one_row_see_each_others_change_and_lose_nothing(standing: Console) -> None:
    number = begun(standing, "2023-03")
    lin, jinan = standing.browser("lin"), standing.browser("jinan")
    place = f"/submission/{number}/activity/row"
    assert lin.post(place, data=row(version="2", line="1", value="111")).status_code == 303
    late = jinan.post(place, data=row(version="2", line="1", value="222"))
    assert late.status_code == 409
    assert "他人已修改" in late.text
    assert "111" in late.text
    assert 'value="222"' in late.text
    assert 'name="version" value="3"' in late.text
    again = jinan.post(place, data=row(version="3", line="1", value="222"))
    assert again.status_code == 303


def test_a_submission_goes_from_draft_to_published_on_its_page(standing: Console) -> None:
    number = begun(standing, "2023-04")
    place = f"/submission/{number}"

    def act(person: str, name: str, **more: str) -> int:
        client = standing.browser(person)
        page = client.get(place).text
        version = re.search(r"version=(\d+)", page)
        offered = f"/do/submission.{name}?submission={number}" in page
        asked = {"submission": str(number), "version": version[1] if version else "0", "back": place} | more
        status = client.post(f"/do/submission.{name}", data=asked).status_code
        assert offered == (status == 303), (person, name, status)
        return status

    assert act("verifier", "verify") == 422
    assert act("lin", "submit") == 303
    assert act("lin", "accept") == 403
    assert act("verifier", "verify") == 303
    assert act("jinan", "return", reason="请补充来源") == 303
    assert "请补充来源" in standing.browser("lin").get(place).text
    assert act("lin", "submit") == 303
    assert act("jinan", "accept") == 303
    assert act("province", "publish") == 303
    assert "已公开" in standing.browser("lin").get(place).text
    assert standing.browser("lin").post(f"{place}/activity/row", data=row(version="9")).status_code == 422


def test_a_workbook_goes_down_and_up(standing: Console) -> None:
    number, client = begun(standing, "2023-05"), standing.browser("lin")
    book = client.get(f"/do/submission.download?submission={number}")
    assert book.content.startswith(b"PK")
    fields = {"submission": str(number), "version": "2", "back": f"/submission/{number}"}
    got = client.post("/do/submission.upload", data=fields, files={"content": ("账.xlsx", book.content)})
    assert got.headers["location"] == f"/submission/{number}?done=submission.upload"
    bad = client.post("/do/submission.upload", data=fields, files={"content": ("a.exe", b"MZ")})
    assert bad.status_code == 422
    assert "该文件不是可读取的类型" in bad.text
    assert client.get(f"/do/submission.template?submission={number}").content.startswith(b"PK")


@pytest.mark.parametrize("text", [NASTY, "=cmd|' /C calc'!A0", "\u202egpj.exe"])
def test_an_answer_to_a_finding_is_text(standing: Console, text: str) -> None:
    number, client = standing.numbers["A"], standing.browser("lin")
    asked = {"submission": str(number), "finding": "x", "text": text, "back": f"/submission/{number}"}
    assert client.post("/do/finding.reply", data=asked).status_code == 303
    assert "<script>alert" not in client.get(f"/submission/{number}").text
