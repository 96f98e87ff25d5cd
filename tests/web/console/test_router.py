"""Who sees which page, what every page says of itself, and what a page does not let through."""

from __future__ import annotations

import html
import json
import re

import pytest
from tests.office.desk import PEOPLE
from tests.web.console.conftest import EVERYBODY, Console

from tongyuan.office.operation import office_rooms, operations
from tongyuan.web.console.pages.operation import ELSEWHERE
from tongyuan.web.console.router import STATIC, routes, speech
from tongyuan.web.security import HEADERS

SEES_A = {"lin", "park", "verifier", "jinan", "province", "second"}
"""Whose roles reach enterprise A."""


def paths(console: Console, organisation: str = "A") -> list[str]:
    """Return pages about one organisation: its submission and, for A, its run."""
    number = console.numbers[organisation]
    found = [
        f"/submission/{number}",
        f"/submission/{number}/activity",
        f"/submission/{number}/activity/row?line=1",
    ]
    if organisation == "A":
        one = f"/run/{console.run}"
        found += [
            one,
            f"{one}/inventory",
            f"{one}/tables",
            f"{one}/regions",
            f"{one}/table/emission",
            f"{one}/explain?species=CO2",
        ]
        found += [f"{one}/file?name=report.zh.html", f"{one}/solve"]
    return found


def open_paths() -> list[str]:
    return ["/", "/password", *(f"/room/{room}" for room in office_rooms() if room != "public")]


def test_every_route_stands_in_a_test() -> None:
    tried = {"/enter", "/leave", "/password", "/", "/room/{room}", "/do/{operation}"}
    tried |= {"/submission/{submission}", "/submission/{submission}/{table}"}
    tried |= {"/submission/{submission}/{table}/row", "/run/{run}", "/run/{run}/{room}", "/run/{run}/tables"}
    tried |= {"/run/{run}/table/{table}", "/run/{run}/explain", "/run/{run}/file", "/run/{run}/solve"}
    tried |= {
        "/submission/{submission}/guide/{guide}",
        "/submission/{submission}/admission",
        "/guide/{guide}",
        "/manual",
        "/run/{run}/regions",
        "/public",
        "/public/{run}",
        "/public/{run}/{room}",
    }
    assert {route.path for route in routes()} == tried


@pytest.mark.parametrize("person", EVERYBODY)
def test_a_page_of_another_organisation_is_not_there(standing: Console, person: str) -> None:
    client = standing.browser(person)
    for path in paths(standing):
        got = client.get(path).status_code
        assert got == (200 if person in SEES_A else 403 if person in ("auditor", "admin") else 404), path
    for path in paths(standing, "B"):
        seen = person in ("wu", "qingdao", "province", "second")
        got = client.get(path).status_code
        assert got == (200 if seen else 403 if person in ("auditor", "admin") else 404), path


@pytest.mark.parametrize("person", EVERYBODY)
def test_every_page_of_ones_own_opens_in_both_languages(standing: Console, person: str) -> None:
    client = standing.browser(person)
    for path in open_paths():
        for language in ("zh", "en"):
            got = client.get(f"{path}?language={language}")
            assert got.status_code == 200, path
            assert f'<html lang="{"zh-Hans" if language == "zh" else "en"}">' in got.text
            for name, value in HEADERS.items():
                assert name == "Content-Security-Policy" or got.headers[name] == value
            policy = got.headers["Content-Security-Policy"]
            assert "script-src 'self';" in policy
            assert "unsafe" not in policy.replace("style-src-attr 'unsafe-inline'", "")
            assert not re.search(r"<script(?![^>]*(src=\"/static/|type=\"application/json\"))", got.text)
            assert not re.search(r"\son\w+=", got.text)


def test_nobody_sees_a_page_without_having_entered(standing: Console) -> None:
    client = standing.browser(None)
    for path in [*open_paths(), *paths(standing), "/do/submission.list"]:
        got = client.get(path)
        assert got.status_code == 303
        assert got.headers["location"].startswith("/enter")
    forged = standing.browser(None, entry="forged")
    assert forged.get("/").headers["location"].startswith("/enter")
    assert client.post("/do/submission.open", data={}).headers["location"] == "/enter"


@pytest.mark.parametrize("person", ["lin", "jinan", "auditor", "admin"])
def test_a_form_is_there_for_those_who_may(standing: Console, person: str) -> None:
    client = standing.browser(person)
    role = PEOPLE.get(person, ("administrator",))[0]
    for name, operation in operations().items():
        got = client.get(f"/do/{name}").status_code
        if operation.roles and not operation.roles & {role, "public"}:
            assert got in (403, 404), name
        elif operation.changes and name not in ELSEWHERE:
            assert got == 200, name
        else:
            assert got in (200, 404), name


def test_what_is_nowhere_is_said_in_words(standing: Console) -> None:
    client = standing.browser("lin")
    for path in (
        "/room/nonsense", "/do/nonsense", "/submission/999999", "/submission/x", "/submission/1/nonsense",
        "/submission/99999999999999999999", f"/run/{standing.run}/nonsense", "/run/..%2f..%2farchive",
        f"/run/{standing.run}/file?name=../../a.db", f"/run/{standing.run}/table/..%2Femission",
        "/static/nonsense", "/static/..%2fconsole.css",
    ):  # fmt: skip
        got = client.get(path)
        assert got.status_code == 404, path
        assert "Traceback" not in got.text


def test_static_files_are_kept_by_the_browser(standing: Console) -> None:
    client = standing.browser(None)
    for name, (_, _, kind) in STATIC.items():
        got = client.get(f"/static/{name}")
        assert got.status_code == 200
        assert got.headers["content-type"].startswith(kind)
        again = client.get(f"/static/{name}", headers={"If-None-Match": got.headers["etag"]})
        assert (again.status_code, again.content) == (304, b"")


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Sec-Fetch-Site": "cross-site"}, 403),
        ({"Origin": "https://elsewhere.example"}, 403),
        ({"Origin": "null"}, 403),
        ({"Sec-Fetch-Site": "same-origin", "Origin": "http://testserver"}, 303),
    ],
)
def test_a_form_of_another_site_changes_nothing(
    standing: Console, headers: dict[str, str], status: int
) -> None:
    asked = {"organisation": "A", "kind": "month", "period": f"20{10 + len(headers)}-0{status % 7 + 1}"}
    got = standing.browser("lin").post("/do/submission.open", data=asked, headers=headers)
    assert got.status_code == status


def test_a_body_that_is_no_form_is_refused(standing: Console) -> None:
    got = standing.browser("lin").post("/do/submission.open", content=b"{}", headers={"content-type": "x/y"})
    assert got.status_code == 400


@pytest.mark.parametrize(
    ("asked", "cookie", "accepted", "spoken"),
    [
        ("en", "zh", "zh", "en"),
        ("", "en", "zh", "en"),
        ("", "", "en-GB,en", "en"),
        ("xx", "", "fr", "zh"),
    ],
)
def test_the_language_is_the_one_asked_for(asked: str, cookie: str, accepted: str, spoken: str) -> None:
    from starlette.requests import Request

    head = [(b"accept-language", accepted.encode()), (b"cookie", f"language={cookie}".encode())]
    scope = {"type": "http", "headers": head, "query_string": f"language={asked}".encode()}
    assert speech(Request(scope)) == spoken


def numbers(text: str) -> list[float]:
    return [json.loads(html.unescape(one)) for one in re.findall(r'<data value="([^"]*)"', text)]


def test_numbers_on_pages_are_those_of_the_interface_and_the_library_to_the_last_digit(
    standing: Console,
) -> None:
    from tongyuan.flows.ask.results import explain, results

    tables, letters = results(standing.folder)
    client = standing.browser("lin")
    compared = 0
    for name, frame in tables.items():
        told = standing.api("lin", "run.table", run=standing.run, table=name)
        page = client.get(f"/run/{standing.run}/table/{name}?limit=500").text
        library = [
            value
            for row in frame.head(500).rows()
            for value in row
            if isinstance(value, int | float) and not isinstance(value, bool)
        ]
        interface = [
            value
            for row in told["rows"][:500]
            for value in row
            if isinstance(value, int | float) and not isinstance(value, bool)
        ]
        assert numbers(page) == library == interface, name
        compared += len(library)
    assert compared > 1_000
    chain = explain(tables, "CO2", top=20, letters=letters)["explain"]
    shown = numbers(client.get(f"/run/{standing.run}/explain?species=CO2").text)
    assert chain["value"].sum() == shown[0]
    assert set(chain["value"]) | set(chain["activity_value"].drop_nulls()) <= set(shown)
    told = standing.api("lin", "submission.rows", submission=standing.numbers["A"], table="activity")
    column = told["columns"].index("value")
    page = client.get(f"/submission/{standing.numbers['A']}/activity").text
    assert {row[column] for row in told["rows"]} <= set(numbers(page))
