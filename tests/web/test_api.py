from __future__ import annotations

import pytest
from fastapi.testclient import TestClient
from tests.office.desk import COAL, PASSWORD, Town, submission

from tongyuan.office.operation import operations
from tongyuan.web.app import create_app


@pytest.fixture
def client(made: Town) -> TestClient:
    return TestClient(create_app(made.office), raise_server_exceptions=False)


def head(made: Town, person: str, **more: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {made.tokens[person]}", **more}


def test_every_operation_has_its_address(client: TestClient) -> None:
    paths = client.get("/api/v1/openapi.json").json()["paths"]
    assert set(paths) == {"/api/v1/entry", *(f"/api/v1/{n.replace('.', '/')}" for n in operations())}


def test_one_enters_and_works_with_a_token(client: TestClient, made: Town) -> None:
    told = client.post("/api/v1/entry", json={"account": "lin", "password": PASSWORD})
    token = told.json()["token"]
    asked = {"organisation": "A", "kind": "month", "period": "2025-02"}
    made.tokens["lin"] = token
    got = client.post("/api/v1/submission/open", json=asked, headers=head(made, "lin"))
    assert (got.status_code, got.json()["answer"]["version"]) == (200, 1)


def test_a_table_comes_page_by_page(client: TestClient, made: Town) -> None:
    number = submission(made, "lin", "A")
    rows = [COAL | {"year": 2000 + n, "value": n} for n in range(1, 26)]
    made.do("lin", "submission.replace", submission=number, version=2, table="activity", rows=rows)
    seen: list[float] = []
    offset: int | None = 0
    while offset is not None:
        url = f"/api/v1/submission/rows?offset={offset}&limit=10"
        got = client.post(
            url, json={"submission": number, "table": "activity"}, headers=head(made, "lin")
        ).json()
        seen += [row[got["columns"].index("value")] for row in got["rows"]]
        offset = got["next"]
    assert (sorted(seen), got["total"]) == ([float(n) for n in range(1, 26)], 25)


def test_what_is_asked_twice_under_one_key_is_done_once(client: TestClient, made: Town) -> None:
    asked = {"organisation": "A", "kind": "month", "period": "2025-03"}
    first, again = (
        client.post(
            "/api/v1/submission/open", json=asked, headers=head(made, "lin", **{"Idempotency-Key": "k1"})
        )
        for _ in range(2)
    )
    assert (first.status_code, first.json()) == (200, again.json())
    other = asked | {"period": "2025-04"}
    got = client.post(
        "/api/v1/submission/open", json=other, headers=head(made, "lin", **{"Idempotency-Key": "k1"})
    )
    assert got.status_code == 422
    wu = client.post(
        "/api/v1/submission/open", json=asked | {"organisation": "B"},
        headers=head(made, "wu", **{"Idempotency-Key": "k1"}),
    )  # fmt: skip
    assert wu.status_code == 200


@pytest.mark.parametrize(
    ("path", "asked", "status"),
    [
        ("submission/list", {}, 401),
        ("submission/nonsense", {}, 404),
        ("submission/rows", {"submission": "x"}, 422),
        ("submission/rows", {"submission": 99, "table": "activity"}, 401),
        ("entry", {"account": "lin", "password": "wrong"}, 401),
    ],
)
def test_what_is_wrong_is_told_as_a_problem(
    path: str, asked: dict[str, object], status: int, client: TestClient
) -> None:
    got = client.post(f"/api/v1/{path}", json=asked)
    assert (got.status_code, got.headers["content-type"]) == (status, "application/problem+json")
    assert got.json()["status"] == status
    assert got.json()["detail"]


def test_findings_are_those_of_the_office_in_the_language_asked_for(client: TestClient, made: Town) -> None:
    number = submission(made, "lin", "A")
    asked = {"submission": number, "version": 2, "table": "activity", "rows": [COAL | {"process": "烧烤"}]}
    zh, en = (
        client.post(
            f"/api/v1/submission/write?language={language}", json=asked, headers=head(made, "lin")
        ).json()
        for language in ("zh", "en")
    )
    assert [f["check"] for f in zh["findings"]] == [f["check"] for f in en["findings"]]
    assert zh["detail"] != en["detail"]


def test_what_only_reads_is_there_by_get_with_a_tag(client: TestClient, made: Town) -> None:
    number = submission(made, "lin", "A")
    path = f"/api/v1/submission/rows?submission={number}&table=activity"
    posted = client.post(
        "/api/v1/submission/rows", json={"submission": number, "table": "activity"}, headers=head(made, "lin")
    )
    got = client.get(path, headers=head(made, "lin"))
    assert got.json() == posted.json()
    again = client.get(path, headers=head(made, "lin", **{"If-None-Match": got.headers["etag"]}))
    assert (again.status_code, again.content) == (304, b"")
    asked = {"submission": number, "version": 2, "table": "activity", "rows": [COAL | {"year": 2024}]}
    client.post("/api/v1/submission/write", json=asked, headers=head(made, "lin"))
    changed = client.get(path, headers=head(made, "lin", **{"If-None-Match": got.headers["etag"]}))
    assert (changed.status_code, changed.json()["total"]) == (200, 2)
    several = client.get(
        f"/api/v1/submission/template?submission={number}&tables=activity&tables=control",
        headers=head(made, "lin"),
    )
    assert several.status_code == 200
    for wrong in (f"{path}&colour=red", f"{path}&table=control", "/api/v1/submission/rows?table=activity"):
        told = client.get(wrong, headers=head(made, "lin"))
        assert (told.status_code, told.json()["findings"][0]["check"]) == (422, "request")
    assert client.get("/api/v1/submission/write", headers=head(made, "lin")).status_code == 405


def test_a_page_far_behind_the_end_is_empty(client: TestClient, made: Town) -> None:
    submission(made, "lin", "A")
    for name in ("submission/list", "organisation/list"):
        got = client.get(f"/api/v1/{name}?offset=1000", headers=head(made, "lin")).json()
        assert (got["rows"], got["next"]) == ([], None)
        assert got["total"] >= 1
