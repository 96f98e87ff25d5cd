from __future__ import annotations

from typing import Any

import polars as pl
import pytest
from tests.office.desk import COAL, Town, submission

from tongyuan.office.operation import Refused
from tongyuan.office.operations import submission as operations


def refused(made: Town, person: str, name: str, **request: object) -> tuple[int, list[str]]:
    with pytest.raises(Refused) as raised:
        made.do(person, name, **request)
    return raised.value.status, [f.check for f in raised.value.findings]


def frame(made: Town, person: str, name: str, **request: object) -> pl.DataFrame:
    answer = made.do(person, name, **request)
    assert isinstance(answer, pl.DataFrame)
    return answer


def test_from_draft_to_publication_and_back_by_two(made: Town) -> None:
    number = submission(made, "lin", "A")
    read = frame(made, "lin", "submission.rows", submission=number, table="activity")
    assert read.select("process", "product", "value").rows() == [("energy.power", "raw_coal", 100.0)]
    for person, act, version in (
        ("lin", "submission.submit", 2),
        ("verifier", "submission.verify", 3),
        ("jinan", "submission.accept", 4),
        ("province", "submission.publish", 5),
    ):
        assert made.told(person, act, submission=number, version=version)["version"] == version + 1
    assert refused(made, "lin", "submission.write", submission=number, version=6, table="activity") == (
        422,
        ["not_possible"],
    )
    again = made.told("province", "submission.reopen", submission=number, version=6, reason="an error")
    assert refused(made, "province", "proposal.decide", proposal=again["proposal"], approved=True)[0] == 403
    told = made.told("second", "proposal.decide", proposal=again["proposal"], approved=True)
    assert told["state"] == "returned"
    made.do(
        "lin", "submission.write", submission=number, version=7, table="activity", rows=[COAL | {"_line": 1}]
    )
    states = frame(made, "lin", "submission.history", submission=number)["state"].to_list()
    assert states == [
        "draft",
        "draft",
        "submitted",
        "verified",
        "accepted",
        "published",
        "returned",
        "draft",
    ]


def test_what_is_returned_needs_a_reason_that_the_enterprise_reads(made: Town) -> None:
    number = submission(made, "lin", "A")
    made.do("lin", "submission.submit", submission=number, version=2)
    assert refused(made, "jinan", "submission.return", submission=number, version=3) == (
        422,
        ["reason_missing"],
    )
    made.do("jinan", "submission.return", submission=number, version=3, reason="煤耗偏低")
    notices = frame(made, "lin", "notice.list")
    assert "煤耗偏低" in notices["content"][0]
    assert frame(made, "wu", "notice.list").is_empty()


def test_what_cannot_be_read_is_not_written(made: Town) -> None:
    number = submission(made, "lin", "A")
    wrong = [COAL | {"process": "烧烤"}, COAL | {"value": "许多"}]
    status, checks = refused(
        made, "lin", "submission.write", submission=number, version=2, table="activity", rows=wrong
    )
    assert status == 422
    assert len(checks) >= 2
    assert frame(made, "lin", "submission.rows", submission=number, table="activity").height == 1
    strange = [COAL | {"_line": "first"}]
    asked = {"submission": number, "version": 2, "table": "activity", "rows": strange}
    assert refused(made, "lin", "submission.write", **asked) == (422, ["value_type"])


def test_a_table_is_replaced_by_what_differs(made: Town) -> None:
    number = submission(made, "lin", "A")
    asked = {"submission": number, "version": 2, "table": "activity"}
    told = made.told(
        "lin", "submission.replace", rows=[COAL, COAL | {"product": "柴油", "value": 3}], **asked
    )
    assert (told["changed"], told["removed"]) == (1, 0)
    told = made.told("lin", "submission.replace", rows=[COAL], **(asked | {"version": 3}))
    assert (told["changed"], told["removed"]) == (0, 1)


def test_errors_of_the_account_keep_a_draft_from_being_submitted(made: Town) -> None:
    number = submission(made, "lin", "A")
    factor = {
        "record_id": "m1",
        "kind": "emission_factor",
        "process": "火力发电",
        "product": "原煤",
        "region": "370100",
        "species": "CO2",
        "value": 1780,
        "unit": "t/t",
        "status": "measured",
        "source": "x",
        "locator": "x",
    }
    asked = {"submission": number, "version": 2, "table": "factor", "rows": [factor]}
    made.do("lin", "submission.write", **asked)
    found = frame(made, "lin", "submission.evaluate", submission=number, language="en")
    errors = found.filter(pl.col("severity") == "error")
    assert errors.height
    status, checks = refused(made, "lin", "submission.submit", submission=number, version=3)
    assert (status, len(checks)) == (422, errors.height)
    assert frame(made, "lin", "submission.history", submission=number)["state"][-1] == "draft"


def test_what_is_changed_while_it_is_checked_is_not_submitted(
    made: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    number, usual = submission(made, "lin", "A"), operations.findings_of
    rows = [COAL | {"year": 2020}]

    def changed(*given: Any) -> Any:
        found = usual(*given)
        made.do("lin", "submission.write", submission=number, version=2, table="activity", rows=rows)
        return found

    monkeypatch.setattr(operations, "findings_of", changed)
    assert refused(made, "lin", "submission.submit", submission=number, version=3)[0] == 409
    assert frame(made, "lin", "submission.history", submission=number)["state"].to_list() == ["draft"] * 3


def test_an_answer_stands_beside_its_finding(made: Town) -> None:
    number = submission(made, "lin", "A")
    made.do("lin", "finding.reply", submission=number, finding="coal_low", text="设备检修", file_name="a.pdf")
    made.do("lin", "finding.reply", submission=number, finding="coal_low", text="附检修单")
    for person in ("lin", "jinan", "verifier"):
        assert frame(made, person, "finding.replies", submission=number)["text"].to_list() == [
            "设备检修",
            "附检修单",
        ]


@pytest.mark.parametrize("kind", ["sqlite"])
@pytest.mark.parametrize(
    ("person", "writable"), [("lin", {"A"}), ("park", {"P"}), ("jinan", {"A", "P"}), ("qingdao", set())]
)
def test_a_list_says_for_whom_one_may_write(kind: str, made: Town, person: str, writable: set[str]) -> None:
    submission(made, "lin", "A")
    submission(made, "park", "P")
    listed = made.do(person, "submission.list")
    assert isinstance(listed, pl.DataFrame)
    assert set(listed.filter(pl.col("writable"))["organisation"]) == writable


@pytest.mark.parametrize("kind", ["sqlite"])
@pytest.mark.parametrize(
    ("rows", "check"),
    [
        ([{}], "rows_read"),
        ([COAL, {"_line": None}], "rows_read"),
        ([COAL, {"year": ["2025"]}], "value_type"),
        ([COAL | {"_line": True}], "value_type"),
        ([COAL | {"_line": -1}], "value_type"),
        ([{"region": {"a": 1}}], "request"),
        ([COAL | {"value": float("nan")}], "request"),
    ],
)
def test_rows_that_are_none_are_refused_with_their_reason(
    kind: str, rows: list[dict[str, object]], check: str, made: Town
) -> None:
    asked = {"submission": submission(made, "lin", "A"), "version": 2, "table": "activity", "rows": rows}
    status, checks = refused(made, "lin", "submission.write", **asked)
    assert (status, set(checks)) == (422, {check})


def test_a_notice_is_read_by_one_person_alone_and_only_what_they_see(made: Town) -> None:
    number = submission(made, "lin", "A")
    made.told("lin", "submission.submit", submission=number, version=2)
    made.told("jinan", "submission.return", submission=number, version=3, reason="一")
    made.told("lin", "submission.submit", submission=number, version=4)
    made.told("jinan", "submission.return", submission=number, version=5, reason="二")
    first, last = sorted(frame(made, "lin", "notice.list")["notice"])
    assert made.told("lin", "notice.read", notice=first)["read"] == 1
    assert frame(made, "lin", "notice.list").sort("notice")["read"].to_list() == [True, False]
    assert made.told("lin", "notice.read", notice=last, earlier=True)["read"] == 1
    assert made.told("lin", "notice.read", notice=last, earlier=True)["read"] == 0
    assert frame(made, "lin", "notice.list")["read"].all()
    assert not frame(made, "jinan", "notice.list")["read"].any()
    for person, notice in (("wu", first), ("jinan", first), ("lin", 10**6)):
        assert refused(made, person, "notice.read", notice=notice) == (404, ["not_there"])
