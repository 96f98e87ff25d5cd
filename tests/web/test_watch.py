from __future__ import annotations

import io
import json
import logging
import re

import pytest
from fastapi.testclient import TestClient
from tests.office.desk import PASSWORD, Town

from tongyuan.web.app import create_app
from tongyuan.web.watch import STEPS, Counts, log_to

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


def test_the_log_is_lines_of_json_and_an_error_says_where_but_not_what(kind: str) -> None:
    stream, log = io.StringIO(), logging.getLogger("tongyuan.web")
    handler = log_to(stream)
    try:
        log.info(json.dumps({"event": "request", "status": 200}))
        try:
            int("secret")
        except ValueError as error:
            log.error("%s failed", "POST /x", exc_info=error)
    finally:
        logging.getLogger("tongyuan").removeHandler(handler)
        logging.getLogger("tongyuan").propagate = True
    request, failure = map(json.loads, stream.getvalue().splitlines())
    assert (request["event"], request["status"], request["level"]) == ("request", 200, "info")
    assert (failure["message"], failure["error"]) == ("POST /x failed", "ValueError")
    assert failure["where"][0].startswith("test_watch.py:")
    assert "secret" not in stream.getvalue()


def test_what_stands_at_the_moment_is_counted(kind: str, made: Town) -> None:
    number = made.told("lin", "submission.open", organisation="A", kind="month", period="2025-01")
    made.told("lin", "run.start", submission=number["submission"])
    told = TestClient(create_app(made.office)).get("/metrics").text
    assert 'tongyuan_jobs{state="waiting"} 1' in told
    assert 'tongyuan_jobs{state="failed"} 0' in told
    assert "tongyuan_slow_queries_total" in told
    assert float(re.findall(r"tongyuan_memory_bytes (\d+)", told)[0]) > 1e7


def test_a_database_that_does_not_answer_is_told(kind: str, made: Town) -> None:
    client = TestClient(create_app(made.office))
    assert client.get("/healthz").text == "ok"
    with made.office.engine.connect().execution_options(writing=True) as connection, connection.begin():
        connection.exec_driver_sql("alter table trail rename to gone")
    assert client.get("/healthz").status_code == 503
