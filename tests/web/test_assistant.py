"""The official client asks an office over the standard streams of ``tongyuan mcp``."""

from __future__ import annotations

import os
import sys
from typing import Any

import anyio
import pytest
from mcp import Client, StdioServerParameters
from tests.office.desk import Town, submission

from tongyuan.office.job.worker import address_of
from tongyuan.office.operation import Refused, operations
from tongyuan.web.assistant import ask, called, offered, tool

UNTIL = "2099-01-01T00:00:00Z"
pytestmark = pytest.mark.parametrize("kind", ["sqlite"])


def token(made: Town, person: str, **more: Any) -> str:
    return str(made.told(person, "token.add", title="assistant", until=UNTIL, **more)["token"])


def test_what_changes_is_not_offered_whatever_the_token_is_good_for(kind: str, made: Town) -> None:
    known = offered(made.office, token(made, "lin", changes=True))
    assert known
    assert not [name for name, one in known.items() if one.changes or one.answers == "file"]
    assert "submission_list" in known
    assert "trail_entries" not in known  # an enterprise reads no trail
    assert set(offered(made.office, token(made, "lin", operations=["run.list"]))) == {"run_list"}
    with pytest.raises(Refused):
        offered(made.office, "forged")


def test_every_tool_says_that_it_only_reads(kind: str) -> None:
    for operation in operations().values():
        told = tool(operation)
        assert told.annotations is not None
        assert told.annotations.read_only_hint
        assert told.input_schema["type"] == "object"


def test_an_assistant_asks_over_the_standard_streams(kind: str, made: Town) -> None:
    for person, organisation in (("lin", "A"), ("wu", "B")):
        submission(made, person, organisation)
    command = StdioServerParameters(
        command=sys.executable,
        args=["-m", "tongyuan", "mcp", "--office", str(made.office.archive),
              "--database", address_of(made.office.engine), "-l", "en"],
        env=dict(os.environ) | {"TONGYUAN_TOKEN": token(made, "lin")},
    )  # fmt: skip

    async def converse() -> tuple[Any, ...]:
        async with Client(command) as client:
            tools = (await client.list_tools()).tools
            listed = await client.call_tool("submission_list", {"limit": 1})
            other = await client.call_tool("submission_rows", {"submission": 2, "table": "activity"})
            change = await client.call_tool("submission_submit", {"submission": 1, "version": 2})
            wrong = await client.call_tool("submission_rows", {"submission": 1})
            return tools, listed, other, change, wrong

    tools, listed, other, change, wrong = anyio.run(converse)
    assert {one.name for one in tools} == set(offered(made.office, made.tokens["lin"]))
    columns, rows = listed.structured_content["columns"], listed.structured_content["rows"]
    assert [row[columns.index("organisation")] for row in rows] == ["A"]
    assert (listed.structured_content["total"], listed.is_error) == (1, False)
    assert other.is_error
    assert other.structured_content["findings"][0]["check"] == "not_there"
    assert change.is_error
    assert wrong.structured_content["findings"][0]["check"] == "request"
    entries = made.do("auditor", "trail.entries", limit=1000)
    asked = [row for row in entries.iter_rows(named=True) if row["act"] == "assistant.ask"]  # type: ignore[union-attr]
    assert [row["person"] for row in asked] == ["lin"]


def test_a_window_that_is_none_is_told(kind: str, made: Town) -> None:
    operation = operations()["submission.list"]
    told = ask(made.office, made.tokens["lin"], operation, {"limit": "many"}, "en")
    assert told.is_error
    assert called(operation) == "submission_list"
