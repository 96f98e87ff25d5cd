"""The console in a real Chromium: a day's work of every role, every page in both languages and two widths."""

from __future__ import annotations

import re
import shutil
import socket
import time
from collections.abc import Iterator
from threading import Thread
from typing import Any

import pytest
import uvicorn
from tests.office.desk import PASSWORD
from tests.web.console.conftest import Console

from tongyuan.office.operation import office_rooms
from tongyuan.web.app import create_app

playwright = pytest.importorskip("playwright.sync_api")
pytestmark = [pytest.mark.browser, pytest.mark.soak, pytest.mark.timeout(900)]


@pytest.fixture(scope="module")
def address(standing: Console) -> Iterator[str]:
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        port = held.getsockname()[1]
    server = uvicorn.Server(uvicorn.Config(create_app(standing.made.office), port=port, log_level="error"))
    thread = Thread(target=server.run, daemon=True)
    thread.start()
    until = time.monotonic() + 30
    while not server.started and time.monotonic() < until:
        time.sleep(0.05)
    yield f"http://127.0.0.1:{port}"
    server.should_exit = True
    thread.join(10)


@pytest.fixture(scope="module")
def chromium() -> Iterator[Any]:
    found = shutil.which("chromium") or shutil.which("chromium-browser")
    if found is None:
        pytest.skip("no Chromium on this machine")
    with playwright.sync_playwright() as running:
        opened = running.chromium.launch(executable_path=found, args=["--no-sandbox"])
        yield opened
        opened.close()


class Desk:
    """A browser of one person; what its console complains of is kept."""

    def __init__(self, chromium: Any, address: str, person: str) -> None:
        self.said: list[str] = []
        self.context = chromium.new_context(viewport={"width": 1400, "height": 900}, locale="zh-CN")
        self.page = self.context.new_page()
        self.page.on("console", lambda m: self.said.append(m.text) if m.type == "error" else None)
        self.page.on("pageerror", lambda error: self.said.append(str(error)))
        self.address = address
        self.go("/enter")
        self.page.fill("#account", person)
        self.page.fill("#password", PASSWORD)
        self.page.keyboard.press("Enter")
        self.page.wait_for_url(f"{address}/")

    def go(self, path: str) -> Any:
        return self.page.goto(self.address + path)

    def press(self, name: str) -> None:
        """Press the button or follow the link of that name in the page's content."""
        main = self.page.locator("main")
        found = main.get_by_role("button", name=name, exact=True).or_(
            main.get_by_role("link", name=name, exact=True)
        )
        found.first.click()

    def text(self) -> str:
        return str(self.page.inner_text("main"))


def test_from_an_empty_form_to_publication_through_four_pairs_of_hands(
    standing: Console, chromium: Any, address: str
) -> None:
    lin = Desk(chromium, address, "lin")
    lin.go("/room/submission")
    lin.press("开始填报")
    lin.page.select_option("[name=organisation]", "A")
    lin.page.select_option("[name=kind]", "year")
    lin.page.fill("[name=period]", "2022")
    lin.press("开始填报")
    place = re.search(r"/submission/\d+", lin.page.url)
    assert place
    lin.page.get_by_text("还可以填写的表").click()
    lin.page.get_by_role("link", name="活动水平", exact=True).click()
    lin.press("新增一行")
    for name, value in (
        ("region", "济南市"), ("year", "2022"), ("process", "火力发电"), ("product", "原煤"),
        ("value", "1234.5"), ("unit", "t"), ("source", "生产台账"),
    ):  # fmt: skip
        lin.page.fill(f"[name={name}]", value)
    lin.page.keyboard.press("Enter")
    assert "1,234.5" in lin.text()
    lin.go(place[0])
    lin.press("提交")
    lin.press("提交")
    assert "已提交" in lin.text()
    for person, button, state in (
        ("verifier", "核查通过", "已核查"),
        ("jinan", "接受", "已接受"),
        ("province", "公开", "已公开"),
    ):
        desk = Desk(chromium, address, person)
        assert desk.page.locator(".counts").inner_text()
        desk.go(place[0])
        desk.press(button)
        desk.press(button)
        assert state in desk.text(), person
        assert desk.said == []
    assert lin.said == []


def test_an_administrator_gives_a_role_that_another_one_approves(
    standing: Console, chromium: Any, address: str
) -> None:
    admin, second = Desk(chromium, address, "admin"), Desk(chromium, address, "admin2")
    admin.go("/room/account")
    admin.press("新增账户")
    admin.page.fill("[name=account]", "newcomer")
    admin.page.fill("[name=title]", "新来的人")
    admin.press("新增账户")
    assert "口令只显示这一次" in admin.text()
    admin.go("/do/grant.add?account=newcomer&back=/room/account")
    admin.page.select_option("[name=role]", "verifier")
    admin.page.fill("[name=organisation]", "A")
    admin.press("授予角色")
    assert "已完成：授予角色" in admin.text()
    second.go("/room/account?of=proposal.list&sort=-proposal")
    row = second.page.locator("tr", has_text="授予角色").first
    row.locator("summary").click()
    row.get_by_role("link", name="复核").click()
    second.page.check("[name=approved]")
    second.press("复核")
    assert "已完成：复核" in second.text()
    assert admin.said == second.said == []


def test_an_auditor_sees_that_the_trail_is_whole(standing: Console, chromium: Any, address: str) -> None:
    auditor = Desk(chromium, address, "auditor")
    assert "留痕完整" in auditor.text()
    auditor.go("/room/trail")
    assert "提交" in auditor.text() or "submission" in auditor.text()
    assert auditor.said == []


def test_a_run_is_begun_done_and_looked_at(standing: Console, chromium: Any, address: str) -> None:
    from threading import Event

    from tongyuan.office.job.worker import work

    desk = Desk(chromium, address, "jinan")
    number = re.search(r"submission/(\d+)", _brought(standing, desk))
    assert number
    desk.go(f"/submission/{number[1]}")
    desk.press("开始核算与谋划")
    desk.page.fill("[name=only]", "account")
    desk.press("开始核算与谋划")
    assert "排队" in desk.text()
    assert work(standing.made.office, Event(), once=True) == 1
    desk.go("/room/job")
    assert "完成" in desk.text()
    desk.go("/room/run")
    desk.page.locator("tr a", has_text="打开").first.click()
    desk.page.wait_for_function("document.documentElement.dataset.charts > 0")
    assert desk.page.locator(".canvas svg").count() > 0
    assert desk.said == []


def _brought(standing: Console, desk: Desk) -> str:
    """Return the address of the submission that the run that was brought is of."""
    desk.go(f"/run/{standing.run}")
    return str(desk.page.locator("main a[href^='/submission/']").first.get_attribute("href"))


def every_page(standing: Console) -> list[tuple[str, str]]:
    """Return pages that together show every template, each with a person who sees it."""
    number, run = standing.numbers["A"], standing.run
    return [
        ("lin", "/"), ("auditor", "/"), ("admin", "/"), ("lin", "/password"),
        *(("province", f"/room/{room}") for room in office_rooms() if room != "trail"),
        ("auditor", "/room/trail"), ("admin", "/room/account"),
        ("lin", "/do/submission.open"), ("admin", "/do/grant.add"), ("auditor", "/do/trail.verify"),
        ("lin", f"/submission/{number}"), ("lin", f"/submission/{number}/activity"),
        ("lin", f"/submission/{number}/activity/row?line=1"),
        *(("lin", f"/run/{run}/{part}") for part in ("front", "inventory", "pathway", "tables", "explain")),
        ("lin", f"/run/{run}/solve"),
        ("lin", f"/run/{run}/explain?species=CO2"), ("lin", f"/run/{run}/table/emission"),
        ("lin", "/submission/999999"),
    ]  # fmt: skip


@pytest.fixture(scope="module")
def desks(standing: Console, chromium: Any, address: str) -> dict[str, Desk]:
    people = {person for person, _ in every_page(standing)}
    return {person: Desk(chromium, address, person) for person in people}


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_page_is_accessible_fits_and_is_translated(
    standing: Console, desks: dict[str, Desk], language: str
) -> None:
    axe = pytest.importorskip("axe_playwright_python.sync_playwright")
    wrong: list[str] = []
    for person, path in every_page(standing):
        desk = desks[person]
        desk.go(f"{path}{'&' if '?' in path else '?'}language={language}")
        for width in (1400, 390):
            desk.page.set_viewport_size({"width": width, "height": 900})
            desk.page.wait_for_timeout(150)
            size = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
            if desk.page.evaluate(size) > 0:
                wrong.append(f"{path} is wider than {width}")
            found = axe.Axe().run(desk.page, context={"exclude": [[".canvas"]]}).response["violations"]
            wrong += [f"{path} {width}: {v['id']} {v['nodes'][0]['html'][:120]}" for v in found]
        shown = desk.page.evaluate("document.body.innerText")
        wrong += [f"{path}: {key}" for key in re.findall(r"\b(?:column|field|state|kind)\.\w+", shown)]
        said = [text for text in desk.said if "404" not in text]
        wrong += [f"{path}: {text}" for text in said]
        desk.said.clear()
    assert wrong == []


def test_a_phone_and_a_keyboard_are_enough(standing: Console, chromium: Any, address: str) -> None:
    desk = Desk(chromium, address, "lin")
    desk.page.set_viewport_size({"width": 390, "height": 800})
    desk.go("/")
    desk.page.keyboard.press("Tab")
    assert desk.page.evaluate("document.activeElement.className") == "skip"
    desk.page.keyboard.press("Enter")
    assert desk.page.evaluate("document.activeElement.id") == "content"
    desk.page.locator("summary.nav-title").focus()
    desk.page.keyboard.press("Enter")
    desk.page.keyboard.press("Tab")
    desk.page.keyboard.press("Tab")
    desk.page.keyboard.press("Enter")
    desk.page.wait_for_url("**/room/**")
    assert desk.said == []


def test_a_slider_is_answered_without_leaving_the_page(
    standing: Console, chromium: Any, address: str
) -> None:
    desk = Desk(chromium, address, "lin")
    desk.go(f"/run/{standing.run}/solve")
    sliders = desk.page.locator("input[type=range]:not([disabled])")
    if sliders.count() == 0:
        assert desk.page.locator("#answer").count() == 1  # the smallest example has no target to move
        return
    before = desk.page.inner_html("#answer")
    sliders.first.evaluate("e => { e.value = e.max; e.dispatchEvent(new Event('input')); }")
    desk.page.wait_for_function(
        "before => document.getElementById('answer').innerHTML !== before && "
        "!document.querySelector('[aria-busy]')",
        arg=before,
    )
    assert desk.said == []
