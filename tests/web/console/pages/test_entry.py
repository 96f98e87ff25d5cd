from __future__ import annotations

import pytest
from tests.office.desk import PASSWORD
from tests.web.console.conftest import Console

from tongyuan.office.entry import enter


def test_one_enters_by_a_form_and_leaves(standing: Console) -> None:
    client = standing.browser(None)
    got = client.post("/enter", data={"account": " wu ", "password": PASSWORD, "next": "/room/submission"})
    assert (got.status_code, got.headers["location"]) == (303, "/room/submission")
    told = got.headers["set-cookie"]
    assert "HttpOnly" in told
    assert "SameSite=lax" in told
    assert "Secure" not in told  # over http on this computer; over https it is
    assert client.get("/").status_code == 200
    token = client.cookies["entry"]
    assert client.post("/leave", data={}).headers["location"] == "/enter"
    client.cookies.set("entry", token)
    assert client.get("/").headers["location"].startswith("/enter")


def test_over_https_the_cookie_stays_on_https(standing: Console) -> None:
    client = standing.browser(None)
    client.base_url = "https://testserver"
    got = client.post("/enter", data={"account": "wu", "password": PASSWORD})
    assert "Secure" in got.headers["set-cookie"]
    assert got.headers["Strict-Transport-Security"].startswith("max-age=")


def test_a_token_that_was_there_before_opens_nothing_after(standing: Console) -> None:
    planted = enter(standing.made.office, "qingdao", PASSWORD)
    client = standing.browser(None, entry=planted)
    got = client.post("/enter", data={"account": "wu", "password": PASSWORD})
    assert planted not in got.headers["set-cookie"]
    assert standing.browser(None, entry=planted).get("/").status_code == 303
    standing.made.tokens["qingdao"] = enter(standing.made.office, "qingdao", PASSWORD)


@pytest.mark.parametrize("elsewhere", ["https://elsewhere.example", "//elsewhere.example", "/\\elsewhere"])
def test_after_entering_one_stays_here(standing: Console, elsewhere: str) -> None:
    client = standing.browser(None)
    assert 'name="next" value="/"' in client.get("/enter", params={"next": elsewhere}).text
    got = client.post("/enter", data={"account": "wu", "password": PASSWORD, "next": elsewhere})
    assert got.headers["location"] == "/"


def test_a_wrong_password_is_told_in_words_and_not_shown_again(standing: Console) -> None:
    got = standing.browser(None).post("/enter", data={"account": "nobody", "password": "my secret words"})
    assert got.status_code == 401
    assert "账户、口令或验证码不正确" in got.text
    assert "my secret words" not in got.text
    assert 'value="nobody"' in got.text


def test_the_first_password_is_changed_before_anything_else(standing: Console) -> None:
    made = standing.made
    word = made.told("admin", "account.add", account="fresh", title="<b>新人</b>")["password"]
    client = standing.browser(None)
    client.post("/enter", data={"account": "fresh", "password": word})
    assert client.get("/").headers["location"] == "/password"
    assert client.get("/room/submission").headers["location"] == "/password"
    page = client.get("/password").text
    assert "&lt;b&gt;新人" in page
    assert "首次登录" in page
    new = "a word of my own"
    differ = client.post("/password", data={"old": word, "new": new, "again": "x"})
    assert (differ.status_code, "两次输入" in differ.text) == (422, True)
    weak = client.post("/password", data={"old": word, "new": "aaaa", "again": "aaaa"})
    assert (weak.status_code, "口令至少" in weak.text) == (422, True)
    done = client.post("/password", data={"old": word, "new": new, "again": new})
    assert done.headers["location"].startswith("/enter")
    assert client.post("/enter", data={"account": "fresh", "password": new}).headers["location"] == "/"
    assert client.get("/").status_code == 200
