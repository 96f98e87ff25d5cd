from __future__ import annotations

import pytest
from fastapi.testclient import TestClient
from tests.office.desk import Town

from tongyuan.web.app import create_app
from tongyuan.web.security import HEADERS, LARGEST


@pytest.fixture
def client(made: Town) -> TestClient:
    return TestClient(create_app(made.office), raise_server_exceptions=False)


@pytest.mark.parametrize("path", ["/healthz", "/api/v1/openapi.json", "/nonsense", "/../../etc/passwd"])
def test_every_answer_carries_the_headers(path: str, client: TestClient) -> None:
    got = client.get(path)
    assert {name: got.headers[name] for name in HEADERS} == HEADERS
    assert "unsafe" not in got.headers["Content-Security-Policy"]


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Sec-Fetch-Site": "cross-site"}, 403),
        ({"Sec-Fetch-Site": "same-site"}, 403),
        ({"Origin": "https://elsewhere.example"}, 403),
        ({"Origin": "null"}, 403),
        ({"Sec-Fetch-Site": "same-origin", "Origin": "http://testserver"}, 401),
        ({}, 401),
    ],
)
def test_a_change_that_another_site_asks_for(
    headers: dict[str, str], status: int, client: TestClient
) -> None:
    assert client.post("/api/v1/submission/list", json={}, headers=headers).status_code == status


def test_a_request_that_is_too_large(client: TestClient) -> None:
    headers = {"Content-Length": str(LARGEST + 1), "Content-Type": "application/json"}
    assert client.post("/api/v1/entry", content=b"{}", headers=headers).status_code == 413
