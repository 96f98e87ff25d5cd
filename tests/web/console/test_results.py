from __future__ import annotations

import re

import pytest
from starlette.requests import Request
from tests.web.console.conftest import Console

from tongyuan.ledger import table as ledger
from tongyuan.office.operation import person_of
from tongyuan.web.console.results import tables_behind
from tongyuan.web.console.visit import Visit, result_rooms


@pytest.mark.parametrize("room", result_rooms())
def test_a_room_of_the_report_has_its_page_in_the_contents(standing: Console, room: str) -> None:
    client = standing.browser("lin")
    assert f'href="/room/{room}"' in client.get("/").text
    got = client.get(f"/room/{room}")
    assert got.status_code == 200
    run = client.get(f"/run/{standing.run}/{room}")
    if run.status_code == 404:
        assert "还没有这方面的结果" in got.text
    else:
        figures = re.findall(r'<td class="num">([^<]*)</td>', got.text)
        assert figures == re.findall(r'<td class="num">([^<]*)</td>', run.text)


def test_the_organisation_asked_for_is_the_one_shown(standing: Console) -> None:
    client = standing.browser("province")
    assert f'href="/run/{standing.run}/inventory"' in client.get("/room/inventory?organisation=A").text
    assert "还没有这方面的结果" in client.get("/room/inventory?organisation=B").text


def test_tables_behind_a_room_are_those_it_writes(standing: Console) -> None:
    token = standing.made.tokens["lin"]
    scope = {"type": "http", "headers": [(b"cookie", f"entry={token}".encode())]}
    visit = Visit(standing.made.office, Request(scope), person_of(standing.made.office, token), "zh")
    found = tables_behind(visit, standing.run, "inventory")
    assert {"emission", "summary"} <= {row["table"] for row in found}
    assert all(ledger.table(row["table"]).room == "inventory" for row in found)
