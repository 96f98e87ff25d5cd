from __future__ import annotations

import json
import logging
import re

import pytest
from fastapi.testclient import TestClient
from tests.office.desk import PASSWORD, Town

from tongyuan.web.app import create_app
from tongyuan.web.watch import STEPS, Counts

pytestmark = pytest.mark.parametrize("kind", ["sqlite"])


def test_times_are_counted_in_every_class_they_are_below(kind: str) -> None:
    counts = Counts()
    for seconds in (0.005, 0.3, 30.0):
        counts.add("GET", "/a", 200, seconds)
    text = counts.text()
    assert 'tongyuan_requests_total{method="GET",path="/a",status="200"} 3' in text
    found = dict(re.findall(r'_bucket\{path="/a",le="([^"]+)"\} (\d+)', text))
    assert [found[f"{step:g}"] for step in STEPS] == ["1", "1", "1", "1", "2", "2", "2", "2"]
    assert found["+Inf"] == "3"
    assert 'tongyuan_request_seconds_sum{path="/a"} 30.305000' in text


def test_neither_counts_nor_log_hold_anything_of_people(
    kind: str, made: Town, caplog: pytest.LogCaptureFixture
) -> None:
    client = TestClient(create_app(made.office), follow_redirects=False)
    with caplog.at_level(logging.INFO, "tongyuan.web"):
        client.post("/enter", data={"account": "lin", "password": PASSWORD})
        client.get("/submission/987654321?where=secret")
        client.post("/api/v1/entry", json={"account": "lin", "password": "wrong words"})
    lines = [r.getMessage() for r in caplog.records if r.name == "tongyuan.web"]
    assert [json.loads(line)["path"] for line in lines] == [
        "/enter",
        "/submission/{submission}",
        "/api/v1/entry",
    ]
    told = client.get("/metrics").text + "".join(lines)
    assert 'status="401"' in told
    for word in ("lin", "987654321", "secret", PASSWORD, "wrong words"):
        assert word not in told.replace("tongyuan_request_seconds", "")
