from __future__ import annotations

import sys
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import httpx
import polars as pl
import pytest
from tests.office.desk import COAL, PASSWORD, Town, submission
from tests.web.served import Server

from tongyuan.client import File, Office, Refused
from tongyuan.client.office import frame, plain
from tongyuan.office.operation import Refused as RefusedThere
from tongyuan.office.operation import operations

sys.path.insert(0, str(Path(__file__).parents[2] / "tools"))
import client as tool

sys.path.pop(0)
SQLITE = pytest.mark.parametrize("kind", ["sqlite"])


@pytest.fixture
def office(made: Town) -> Iterator[Office]:
    server = Server(made)
    with Office(server.address, made.tokens["lin"]) as asked:
        yield asked
    server.stop()


def test_every_operation_has_its_call_as_the_register_has_it() -> None:
    """Run ``python tools/client.py`` after an operation was added or changed."""
    assert tool.TARGET.read_text("utf-8") == tool.text()
    for name in operations():
        assert tool.called(name).replace("_", ".", 1) == name
        assert f"def {tool.called(name)}(" in tool.text()


@SQLITE
def test_one_enters_and_gets_what_the_library_gets(kind: str, made: Town, office: Office) -> None:
    office.enter("lin", PASSWORD)
    opened = office.submission_open(organisation="A", kind="month", period="2025-05", once="k")
    again = office.submission_open(organisation="A", kind="month", period="2025-05", once="k")
    assert opened == again
    number = opened["submission"]
    fuels = ("原煤", "洗精煤", "焦炭", "汽油", "柴油", "燃料油")
    rows = [COAL | {"year": 1900 + n % 200, "product": fuels[n // 200], "value": n / 7} for n in range(1101)]
    office.submission_write(submission=number, version=1, table="activity", rows=pl.DataFrame(rows))
    told = made.do("lin", "submission.rows", submission=number, table="activity")
    assert isinstance(told, pl.DataFrame)
    assert told.height == 1101  # more than one page
    assert office.submission_rows(submission=number, table="activity").equals(told)


@SQLITE
def test_findings_are_those_of_the_library(kind: str, made: Town, office: Office) -> None:
    number = submission(made, "lin", "A")
    asked = {"submission": number, "version": 2, "table": "activity", "rows": [COAL | {"process": "烧烤"}]}
    with pytest.raises(Refused) as far:
        office.submission_write(**asked)
    with pytest.raises(RefusedThere) as near:
        made.do("lin", "submission.write", **asked)
    assert far.value.status == near.value.status == 422
    assert far.value.findings == near.value.findings
    assert [f.message("en") for f in far.value.findings] == [f.message("en") for f in near.value.findings]
    with pytest.raises(Refused) as far:
        office.submission_rows(submission=10**6, table="activity")
    assert (far.value.status, far.value.findings[0].check) == (404, "not_there")


@SQLITE
def test_a_file_comes_with_its_name(kind: str, made: Town, office: Office) -> None:
    got = office.submission_template(submission=submission(made, "lin", "A"), tables=["activity"])
    assert isinstance(got, File)
    assert got.name.endswith("-template.xlsx")
    assert got.content[:2] == b"PK"


def test_frames_keep_their_types() -> None:
    told = {"columns": ["a", "b", "c"], "types": ["Int64", "Date", "List(String)"]}
    made = frame(told, [[1, "2025-01-31", ["x"]], [None, None, None]])
    assert made.dtypes == [pl.Int64, pl.Date, pl.List(pl.String)]
    assert made["b"].to_list() == [date(2025, 1, 31), None]
    assert frame(told, []).dtypes == made.dtypes


def test_parts_of_requests_are_told_as_json_has_them() -> None:
    assert plain({"a": b"ab", "b": date(2025, 1, 1), "c": (1, None)}) == {
        "a": "YWI=", "b": "2025-01-01", "c": [1, None],
    }  # fmt: skip


def test_an_answer_that_is_no_problem_of_the_office_is_refused_too() -> None:
    travel = httpx.MockTransport(lambda _: httpx.Response(502, text="<h1>proxy</h1>"))
    with Office("http://office", transport=travel) as office, pytest.raises(Refused, match="502") as refused:
        office.do("run.list", {})
    assert refused.value.findings == ()
    with pytest.raises(AttributeError):
        _ = office._nothing
