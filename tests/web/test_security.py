from __future__ import annotations

import re
import socket
import subprocess
import sys
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

import pytest
from argon2 import PasswordHasher
from fastapi.testclient import TestClient
from tests.office.desk import COAL, PASSWORD, Town, submission
from tests.web.served import Server

from tongyuan.office import account as entering
from tongyuan.office.operation import office_rooms
from tongyuan.web import security
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


def test_a_body_that_does_not_arrive_is_not_waited_for(made: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(security, "SLOWEST", 0.3)
    server = Server(made)
    where = urlsplit(server.address)
    with socket.create_connection((where.hostname, where.port), timeout=30) as held:
        held.sendall(b"POST /enter HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\naccount=")
        assert held.recv(64).startswith(b"HTTP/1.1 408")
    server.stop()


class Counted(PasswordHasher):
    """The hasher, with how often it verified."""

    times = 0

    def verify(self, *given: Any) -> Any:
        type(self).times += 1
        return super().verify(*given)


@pytest.mark.parametrize("kind", ["sqlite"])
def test_whether_a_name_is_there_shows_neither_in_work_nor_in_words(
    kind: str, made: Town, client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    usual = entering._hasher
    monkeypatch.setattr(entering, "_hasher", Counted(time_cost=1, memory_cost=64, parallelism=1))
    told = []
    for name in ("lin", "nobody"):
        before = Counted.times
        got = client.post("/api/v1/entry", json={"account": name, "password": "not the right one"})
        told.append((Counted.times - before, got.status_code, got.json()))
    assert told[0] == told[1]
    assert told[0][0] == 1
    assert type(usual) is not Counted


@pytest.mark.parametrize("kind", ["sqlite"])
@pytest.mark.parametrize("path", ["/enter", "/api/v1/entry"])
def test_failed_attempts_at_either_door_make_the_next_one_wait(
    kind: str, path: str, made: Town, client: TestClient
) -> None:
    asked: dict[str, Any] = {"account": "lin", "password": "not the right one"}
    body = {"data": asked} if path == "/enter" else {"json": asked}
    statuses = [client.post(path, **body).status_code for _ in range(6)]  # type: ignore[arg-type]
    assert statuses == [401] * 5 + [429]
    asked["password"] = PASSWORD
    assert client.post(path, **body).status_code == 429  # type: ignore[arg-type]


EVIL = "<img src=x onerror=alert(1)>\"'><script>alert(2)</script>{{7*7}}"


@pytest.mark.parametrize("kind", ["sqlite"])
def test_no_text_that_anybody_types_becomes_part_of_a_page(kind: str, made: Town) -> None:
    """Every text that a person may write is written, and every page on which it could stand is opened."""
    number = submission(made, "lin", "A")
    made.told("lin", "submission.write", submission=number, version=2, table="activity",
              rows=[{**COAL, "source": EVIL, "note": EVIL}], reason=EVIL)  # fmt: skip
    made.told("lin", "finding.reply", submission=number, finding=EVIL[:60], text=EVIL, file_name=EVIL)
    made.told("lin", "view.keep", title=EVIL, address="/room/job?where=" + EVIL.replace(" ", "%20"))
    made.told("admin", "account.add", account="evil", title=EVIL)
    made.told("province", "organisation.add", organisation="evil", kind="enterprise", region="370100",
              title_zh=EVIL, title_en=EVIL)  # fmt: skip
    made.told("lin", "submission.submit", submission=number, version=3, reason=EVIL)
    made.told("jinan", "submission.return", submission=number, version=4, reason=EVIL)
    made.told("lin", "grant.delegate", account="wu", role="enterprise", until="2199-01-01T00:00:00Z")
    pages = [
        "/", *(f"/room/{room}" for room in office_rooms()), f"/submission/{number}",
        f"/submission/{number}/activity", f"/submission/{number}/activity/row?line=1",
        f"/submission/{number}/activity?where={quote('source=' + EVIL)}&sort={quote(EVIL)}&language=en",
        f"/do/finding.reply?submission={number}&finding={quote(EVIL)}&back={quote(EVIL)}",
        f"/do/submission.open?period={quote(EVIL)}&organisation={quote(EVIL)}",
        f"/room/{quote(EVIL, safe='')}", f"/enter?next={quote(EVIL)}", f"/public/{quote(EVIL, safe='')}",
        f"/room/trail?person={quote(EVIL)}&act={quote(EVIL)}", f"/do/view.keep?address={quote(EVIL)}",
    ]  # fmt: skip
    written = 0
    for person in ("lin", "jinan", "province", "admin", "auditor"):
        client = TestClient(create_app(made.office), raise_server_exceptions=False, follow_redirects=False)
        client.cookies.set("entry", made.tokens[person])
        for path in pages:
            got = client.get(path)
            assert got.status_code < 500, path
            assert "<img src=x" not in got.text, path
            assert "<script>alert" not in got.text, path
            assert "49" not in re.findall(r"&#39;&gt;.{0,60}/script&gt;(\d+)", got.text), path
            written += "&lt;img src=x" in got.text
    assert written > 12


def test_bandit_finds_nothing() -> None:
    pytest.importorskip("bandit")
    root = Path(__file__).parents[2]
    rooms = [f"src/tongyuan/{room}" for room in ("store", "office", "web", "cli", "client")]
    words = [sys.executable, "-m", "bandit", "-q", "-r", "-c", "pyproject.toml", *rooms]
    done = subprocess.run(words, cwd=root, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


PROVED = """
session fixation | web/console/pages/test_entry.py
    a_token_that_was_there_before_opens_nothing_after
sessions end | web/console/pages/test_entry.py
    one_enters_by_a_form_and_leaves
CSRF, interface | web/test_security.py
    a_change_that_another_site_asks_for
CSRF, pages | web/console/test_router.py
    a_form_of_another_site_changes_nothing
CSP and inline scripts | web/console/test_router.py
    every_page_of_ones_own_opens_in_both_languages
headers | web/test_security.py
    every_answer_carries_the_headers
oversized requests | web/test_security.py
    a_request_that_is_too_large
slow requests | web/test_security.py
    a_body_that_does_not_arrive_is_not_waited_for
zip bombs, XML bombs | office/test_upload.py
    bombs_and_broken_workbooks_are_told_and_not_unpacked
memory of an upload | office/test_upload.py
    a_reader_without_memory_is_ended_or_says_so
path traversal, uploads | office/test_upload.py
    a_name_names_no_place
path traversal, pages | web/console/test_router.py
    what_is_nowhere_is_said_in_words
path traversal, runs | office/operations/test_run.py
    what_is_not_of_the_run_is_not_there
open redirect | web/console/pages/test_entry.py
    after_entering_one_stays_here
kept addresses | office/operations/test_view.py
    an_address_elsewhere_is_not_kept
timing of entering | web/test_security.py
    whether_a_name_is_there_shows_neither_in_work_nor_in_words
rate limit | web/test_security.py
    failed_attempts_at_either_door_make_the_next_one_wait
rate limit, remarks | office/operations/test_public.py
    remarks_are_taken_as_many_as_somebody_can_read
back-off | office/test_account.py
    the_wait_doubles_up_to_an_hour
passwords, rules | office/test_account.py
    a_weak_password
passwords, argon2id | office/test_account.py
    a_digest_is_argon2id
second factor | office/test_account.py
    a_second_factor_is_asked_for
stored XSS | web/test_security.py
    no_text_that_anybody_types_becomes_part_of_a_page
formulas out | web/console/test_grid.py
    no_text_leaves_as_a_formula
IDOR, operations | office/test_leak.py
    a_row_of_another_is_not_there
IDOR, pages | web/console/test_router.py
    a_page_of_another_organisation_is_not_there
every operation in the matrix | office/test_leak.py
    every_operation_has_its_entry
every page in a test | web/console/test_router.py
    every_route_stands_in_a_test
full disks | office/test_machine.py
    a_full_disk_is_told_and_loses_nothing
nothing can be written | office/test_machine.py
    what_can_only_be_read_is_told
descriptors | office/test_machine.py
    no_descriptor_is_left
restarts | office/test_machine.py
    a_database_that_is_begun_anew_under_load_keeps_what_it_acknowledged
unscoped queries | store/test_database.py
    a_statement_without_scope_is_refused
row security | store/test_row_security.py
    every_table_of_organisations_is_under_row_security_and_no_change_is_allowed
two people | office/test_leak.py
    an_administrator_sees_no_data_and_gives_no_role_alone
chain of the trail | office/operations/test_trail.py
    an_auditor_reads_who_did_what_and_finds_what_was_changed
"""
"""What is to be proved, the file under ``tests`` that proves it, and the test there."""


@pytest.mark.parametrize(("threat", "file", "name"), re.findall(r"(.+) \| (.+)\n    (.+)", PROVED))
def test_each_threat_has_its_test(threat: str, file: str, name: str) -> None:
    text = Path(__file__).parents[1].joinpath(file).read_text("utf-8")
    assert re.search(rf"^def test_{name}\(", text, re.MULTILINE), threat
