from __future__ import annotations

import re

import pytest
from tests.web.console.conftest import Console

from tongyuan.office.operation import office_rooms, operations
from tongyuan.web.console.pages.operation import required, subject


def test_every_operation_stands_in_a_room() -> None:
    inside = {one.name for room in office_rooms().values() for one in room.operations()}
    assert set(operations()) == inside


def test_what_an_operation_is_about_and_asks() -> None:
    assert subject(operations()["submission.open"]) == "submission"
    assert required(operations()["submission.open"]) == ("organisation", "kind", "period")


def test_a_room_lists_filters_and_sorts(standing: Console) -> None:
    client = standing.browser("province")
    page = client.get("/room/submission?where=organisation%3DB").text
    assert f'href="/submission/{standing.numbers["B"]}"' in page
    assert f'href="/submission/{standing.numbers["A"]}"' not in page
    page = client.get("/room/submission?where=nonsense%3D1").text
    assert "这些条件不可用：nonsense=1" in page


@pytest.mark.parametrize(("kind", "start"), [("csv", b"\xef\xbb\xbf"), ("xlsx", b"PK")])
def test_a_list_goes_out_as_a_file(standing: Console, kind: str, start: bytes) -> None:
    got = standing.browser("province").get(f"/do/submission.list?as={kind}")
    assert got.content.startswith(start)
    assert got.headers["content-disposition"].startswith("attachment; filename*=UTF-8''")


def test_an_act_leads_to_what_it_made_or_says_what_is_wrong(standing: Console) -> None:
    client = standing.browser("lin")
    asked = {"organisation": "A", "kind": "year", "period": "2024", "back": "/room/submission"}
    got = client.post("/do/submission.open", data=asked)
    assert re.fullmatch(r"/submission/\d+\?done=submission.open", got.headers["location"])
    assert "已完成：开始填报" in client.get(got.headers["location"]).text
    again = client.post("/do/submission.open", data=asked)
    assert again.status_code == 422
    assert 'value="2024"' in again.text  # what was typed is still there
    foreign = client.post("/do/submission.open", data=asked | {"organisation": "B"})
    assert foreign.status_code == 403
    away = client.post("/do/run.start", data={"submission": "1", "back": "https://elsewhere.example"})
    assert "elsewhere" not in away.headers.get("location", "")


def test_a_new_password_is_shown_once_to_who_made_it(standing: Console) -> None:
    client = standing.browser("admin")
    got = client.post("/do/account.add", data={"account": "once", "title": "一次"})
    assert got.status_code == 200
    assert "口令只显示这一次" in got.text
    assert "password" not in client.get("/room/account").text.lower().replace('href="/password"', "").replace(
        "/do/account.change_password", ""
    )


def test_two_people_decide_on_their_pages(standing: Console) -> None:
    first, second = standing.browser("admin"), standing.browser("admin2")
    asked = {"account": "wu", "role": "enterprise", "organisation": "A"}
    assert first.post("/do/grant.add", data=asked).headers["location"].startswith("/room/account?done=")
    page = second.get("/room/account").text
    (number,) = set(re.findall(r"/do/proposal.decide\?proposal=(\d+)", page)) - {
        str(n) for n in range(1, _first(page))
    }
    own = first.post("/do/proposal.decide", data={"proposal": number, "approved": "on"})
    assert own.status_code == 403
    refused = second.post("/do/proposal.decide", data={"proposal": number, "reason": "不同意"})
    assert refused.status_code == 303


def _first(page: str) -> int:
    """Return the number of the newest proposal on a page."""
    return max(int(n) for n in re.findall(r"/do/proposal.decide\?proposal=(\d+)", page))


def test_what_is_new_is_typed_and_what_there_is_is_chosen(standing: Console) -> None:
    province = standing.browser("province")
    new = province.get("/do/organisation.add").text
    assert re.search(r'<input[^>]*name="organisation"', new)
    assert re.search(r'<select[^>]*name="parent"', new)
    begun = province.get("/do/run.start").text
    assert re.search(r'<select[^>]*name="submission"', begun)
    assert "清单" in begun or "月报" in begun
    hook, view = (province.get(f"/do/{name}").text for name in ("webhook.add", "view.keep"))
    assert "推送地址" in hook
    assert "页面地址" in view
    assert "页面地址" not in hook


def test_a_factor_is_shown_in_words(standing: Console) -> None:
    frame = standing.api("province", "factor.search", words="原煤")
    name = frame["rows"][0][frame["columns"].index("factor")]
    page = standing.browser("province").get(f"/do/factor.show?factor={name}").text
    assert "emission_factor" not in page
    assert "排放因子" in page


def test_a_decision_shows_what_it_is_about(standing: Console) -> None:
    text = standing.browser("admin").get("/do/proposal.decide?proposal=1").text
    told = re.findall(r"<dd>(.*?)</dd>", text, re.S)
    assert any("省级生态环境厅" in one for one in told)
    decided = standing.browser("admin").get("/room/account?of=proposal.list").text
    assert "/do/proposal.decide?proposal=1&amp;" not in decided  # it is decided: nothing is offered
    assert "/do/proposal.decide?proposal=x" not in standing.browser("lin").get("/room/account").text
    assert standing.browser("admin").get("/do/proposal.decide?proposal=x").status_code == 200
