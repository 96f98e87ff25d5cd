"""The reading operations of an office for assistants, by the Model Context Protocol.

An assistant asks with a token of a person, so that it sees what that person sees and no more; whatever the
token is good for, only operations that change nothing are offered. Every question stands in the trail. It
needs the extra ``tongyuan[mcp]``.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import anyio
from anyio.to_thread import run_sync
from mcp import types
from mcp.server import Server
from mcp.server.stdio import stdio_server

from tongyuan.ledger.finding import finding
from tongyuan.office.account import digest_of
from tongyuan.office.operation import NOBODY, Office, Operation, Refused, operations, perform, person_of
from tongyuan.reference.shelf import Language
from tongyuan.store import people, trail
from tongyuan.store.database import reading, writing
from tongyuan.store.scope import Scope
from tongyuan.web.api import answered
from tongyuan.web.problem import told

ROWS = 100
"""Rows of a table in one answer, unless more are asked for."""

MOST = 500
"""Most rows of a table in one answer: an assistant reads every one of them."""


def called(operation: Operation) -> str:
    """Return what an operation is called as a tool."""
    return operation.name.replace(".", "_")


def offered(office: Office, token: str) -> dict[str, Operation]:
    """Return the operations that whoever holds `token` may ask, by the name of their tool.

    Raises
    ------
    Refused
        401 if nobody holds it.
    """
    person = person_of(office, token)
    with reading(office.engine, Scope(NOBODY)) as session:
        entry = people.entry_of(session, digest_of(token))
    if person is None or entry is None:
        raise Refused(401, finding("office", "not_entered"))
    return {
        called(one): one
        for one in operations().values()
        if not one.changes and one.answers != "file" and person.may(one) and entry.may(one.name, False)
    }


def tool(operation: Operation) -> types.Tool:
    """Return an operation as it is described to an assistant."""
    schema = operation.request.model_json_schema()
    if operation.answers == "rows":
        window = {
            "offset": {"type": "integer", "minimum": 0, "description": "first row wanted"},
            "limit": {"type": "integer", "minimum": 1, "maximum": MOST, "description": "rows wanted"},
        }
        schema["properties"] = window | schema.get("properties", {})
    return types.Tool(
        name=called(operation),
        title=operation.title.en,
        description=f"{operation.title.zh} · {operation.title.en}. {operation.request.__doc__ or ''}",
        input_schema=schema,
        annotations=types.ToolAnnotations(
            title=operation.title.en, read_only_hint=True, destructive_hint=False, open_world_hint=False
        ),
    )


def ask(
    office: Office, token: str, operation: Operation, asked: Mapping[str, Any], language: Language
) -> types.CallToolResult:
    """Perform an operation for an assistant, and enter into the trail that it asked."""
    fields = operation.request.model_fields
    window = {name: asked[name] for name in ("offset", "limit") if name in asked and name not in fields}
    content = {name: value for name, value in asked.items() if name not in window}
    try:
        offset, limit = (int(window.get(name, usual)) for name, usual in (("offset", 0), ("limit", ROWS)))
        answer = perform(
            office, token, operation.name, content, window=(max(offset, 0), min(max(limit, 1), MOST))
        )
    except (TypeError, ValueError) as error:
        found = error.findings if isinstance(error, Refused) else (
            finding("office", "request", place="offset, limit", reason=str(error)),
        )  # fmt: skip
        findings = told(found, language)
        text = "\n".join(f"{one['message']} {one['next']}" for one in findings)
        return _result(text, {"findings": findings}, wrong=True)
    person = person_of(office, token)
    assert person is not None
    with writing(office.engine, Scope(person.account)) as session:
        trail.append(session, "assistant.ask", {"operation": operation.name, "token": digest_of(token)[:12]})
    whole = answered(answer, max(offset, 0), min(max(limit, 1), MOST))
    return _result(json.dumps(whole, ensure_ascii=False, default=str), whole)


def _result(text: str, content: dict[str, Any], *, wrong: bool = False) -> types.CallToolResult:
    plain = json.loads(json.dumps(content, default=str))
    return types.CallToolResult(
        content=[types.TextContent(type="text", text=text)], structured_content=plain, is_error=wrong
    )


def server_of(office: Office, token: str, language: Language = "zh") -> Server[Any]:
    """Return a server that offers what `token` may read."""
    known = offered(office, token)

    async def tools(_context: Any, _asked: Any) -> types.ListToolsResult:
        return types.ListToolsResult(tools=[tool(one) for one in known.values()])

    async def call(_context: Any, asked: types.CallToolRequestParams) -> types.CallToolResult:
        operation = known.get(asked.name)
        if operation is None:
            found = told([finding("office", "operation_unknown", name=asked.name)], language)
            return _result(found[0]["message"], {"findings": found}, wrong=True)
        return await run_sync(ask, office, token, operation, asked.arguments or {}, language)

    return Server(
        "tongyuan",
        title="tongyuan 同源",
        instructions="Emissions of pollutants and greenhouse gases on record: read, never changed.",
        on_list_tools=tools,
        on_call_tool=call,
    )


def converse(office: Office, token: str, language: Language = "zh") -> None:
    """Answer an assistant over the standard streams of this process until it leaves."""
    server = server_of(office, token, language)

    async def run() -> None:
        async with stdio_server() as (incoming, outgoing):
            await server.run(incoming, outgoing, server.create_initialization_options())

    anyio.run(run)
