"""Every operation of the interface, asked by schemathesis what its description allows and what it does not.

The server is a real one, on either kind of database; every operation is asked by somebody who may do it.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import hypothesis
import pytest
import schemathesis
from hypothesis import HealthCheck, Phase
from hypothesis import strategies as st
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.config import SchemathesisConfig
from schemathesis.specs.openapi import checks as rules
from tests.office.desk import PEOPLE, Town, submission
from tests.web.served import Server

from tongyuan.office.operation import operations

ROLES = {role: person for person, (role, _, _) in PEOPLE.items()} | {"administrator": "admin"}
ENDING = {"entry.end", "account.close", "account.change_password"}
"""Operations that end the entries of whoever asks; they are asked as somebody of their own."""

CHECKS = [
    not_a_server_error,
    rules.status_code_conformance,
    rules.content_type_conformance,
    rules.response_headers_conformance,
    rules.response_schema_conformance,
    rules.negative_data_rejection,
    rules.unsupported_method,
    rules.missing_required_header,
]


@pytest.fixture
def server(made: Town) -> Iterator[Server]:
    submission(made, "lin", "A")
    running = Server(made)
    yield running
    running.stop()


def head_for(made: Town, name: str) -> dict[str, str]:
    """Return the header of somebody who may do an operation."""
    known = operations().get(name)
    role = min(known.roles - {"public"}, default="enterprise") if known else "enterprise"
    return {"Authorization": f"Bearer {made.tokens[ROLES[role]]}"}


def asked(operation: Any, head: dict[str, str], examples: int) -> set[int]:
    """Ask an operation what its description allows and what it does not; return the statuses."""
    statuses: set[int] = set()
    kinds = [operation.as_strategy(generation_mode=mode) for mode in GenerationMode]

    @hypothesis.settings(
        max_examples=examples, deadline=None, database=None, derandomize=True,
        suppress_health_check=list(HealthCheck), phases=[Phase.generate],
    )  # fmt: skip
    @hypothesis.given(case=st.one_of(kinds))
    def ask(case: Any) -> None:
        answer = case.call(headers=head)
        case.validate_response(answer, checks=CHECKS, headers=head)
        statuses.add(answer.status_code)
        if case.meta.generation.mode == GenerationMode.POSITIVE and answer.status_code == 422:
            checks = [one["check"] for one in answer.json()["findings"]]
            assert "request" not in checks, answer.text

    ask()
    return statuses


def held(server: Server, made: Town, examples: int) -> None:
    """Hold that every operation keeps to its description, and that none is left out."""
    config = SchemathesisConfig.from_dict({"generation": {"allow-x00": False}})
    schema = schemathesis.openapi.from_url(f"{server.address}/api/v1/openapi.json", config=config)
    seen, wrong = {}, {}
    for found in schema.get_all_operations():
        operation = found.ok()
        name = operation.definition.raw["operationId"].removesuffix(".get")
        head = {"Authorization": "Bearer nobody"} if name in ENDING else head_for(made, name)
        try:
            seen[operation.method, name] = asked(operation, {} if name == "entry.begin" else head, examples)
        except (Exception, BaseExceptionGroup) as error:
            wrong[operation.method, name] = error
    assert not wrong, "\n\n".join(f"{key}: {error!r} {error}" for key, error in wrong.items())
    assert {name for _, name in seen} == {*operations(), "entry.begin"}
    assert all(seen.values())


def test_every_operation_keeps_to_its_description(server: Server, made: Town) -> None:
    held(server, made, 2)


@pytest.mark.soak
@pytest.mark.timeout(7200)
def test_every_operation_keeps_to_its_description_a_hundred_times(server: Server, made: Town) -> None:
    held(server, made, 100)
