"""Every operation of the interface, asked what its description allows and what it does not."""

from __future__ import annotations

from typing import Any

import pytest
from fastapi.testclient import TestClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.office.desk import PEOPLE, Town, submission

from tongyuan.office.operation import operations
from tongyuan.web.api import PROBLEMS, Problem, Told
from tongyuan.web.app import create_app

pytestmark = [pytest.mark.soak, pytest.mark.parametrize("kind", ["sqlite"])]
ROLES = {role: person for person, (role, _, _) in PEOPLE.items()} | {"administrator": "admin"}

ANY = st.one_of(
    st.none(), st.booleans(), st.integers(-(2**70), 2**70), st.floats(), st.text(max_size=20),
    st.lists(st.text(max_size=5), max_size=3),
    st.dictionaries(st.text(max_size=5), st.integers(), max_size=2),
)  # fmt: skip
"""Values of any type."""


def values(told: dict[str, Any], whole: dict[str, Any]) -> st.SearchStrategy[Any]:
    """Return values that a part of a description allows."""
    if "$ref" in told:
        return asked(whole["components"]["schemas"][told["$ref"].rpartition("/")[2]], whole)
    if "anyOf" in told:
        return st.one_of(*(values(one, whole) for one in told["anyOf"]))
    if "enum" in told:
        return st.sampled_from(told["enum"])
    kind = told.get("type")
    if kind == "integer":
        return st.integers(told.get("minimum", -5), told.get("maximum", 2**40)) | st.integers(0, 3)
    if kind == "number":
        return st.floats(allow_nan=False, allow_infinity=False)
    if kind == "boolean":
        return st.booleans()
    if kind == "array":
        return st.lists(values(told.get("items", {}), whole), max_size=2)
    if kind == "object":
        return st.dictionaries(st.sampled_from(["region", "year", "value", "_line"]), ANY, max_size=3)
    if kind == "null":
        return st.none()
    if told.get("format") == "date-time":
        return st.datetimes().map(lambda moment: moment.isoformat() + "Z")
    if told.get("format") in ("base64", "binary"):
        return st.just("YSxiCjEsMgo=")
    if "pattern" in told:
        return st.from_regex(told["pattern"]).map(lambda text: text[:60])
    return st.sampled_from(["A", "B", "activity", "CO2", "inventory"]) | st.text(max_size=30)


def asked(schema: dict[str, Any], whole: dict[str, Any]) -> st.SearchStrategy[dict[str, Any]]:
    """Return requests that a description allows."""
    needed = set(schema.get("required", ()))
    fields = {name: values(told, whole) for name, told in schema.get("properties", {}).items()}
    return st.fixed_dictionaries(
        {n: f for n, f in fields.items() if n in needed},
        optional={n: f for n, f in fields.items() if n not in needed},
    )


@pytest.mark.parametrize(
    "name", sorted(set(operations()) - {"entry.end", "account.close", "account.change_password"})
)
def test_an_operation_keeps_to_its_description(kind: str, made: Town, name: str) -> None:
    client = TestClient(create_app(made.office), raise_server_exceptions=False)
    submission(made, "lin", "A")
    whole = client.get("/api/v1/openapi.json").json()
    path = f"/api/v1/{name.replace('.', '/')}"
    declared = whole["paths"][path]["post"]
    schema = declared["requestBody"]["content"]["application/json"]["schema"]
    who = ROLES[min(operations()[name].roles - {"public"}, default="enterprise")]
    head = {"Authorization": f"Bearer {made.tokens[who]}"}

    @settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck), database=None)
    @given(values(schema, whole) | st.dictionaries(st.text(max_size=8), ANY, max_size=3))
    def ask(request: dict[str, Any]) -> None:
        try:
            got = client.post(path, json=request, headers=head)
        except ValueError:  # JSON has no such number
            return
        assert got.status_code == 200 or got.status_code in PROBLEMS, got.text
        kind = got.headers["content-type"]
        if got.status_code != 200:
            assert kind == "application/problem+json"
            Problem.model_validate(got.json())
        elif kind == "application/json":
            Told.model_validate(got.json())
        else:
            assert got.headers["content-disposition"].startswith("attachment")

    ask()
