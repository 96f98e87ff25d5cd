"""The console in a real Chromium: a day's work of every role, every page in both languages and two widths."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from tests.databases import cluster, postgresql_model
from tests.databases import name as new_name
from tests.office.desk import COAL, PASSWORD, town
from tests.web.console.conftest import Console, furnished
from tests.web.served import Server

from tongyuan.office.operation import office_rooms
from tongyuan.store.database import open_database
from tongyuan.web.console.visit import result_rooms

__all__ = ["cluster", "postgresql_model"]

playwright = pytest.importorskip("playwright.sync_api")
pytestmark = [pytest.mark.browser, pytest.mark.timeout(1800)]
POSTGRESQL = pytest.param("postgresql", marks=pytest.mark.soak)


@pytest.fixture(scope="module", params=["sqlite", POSTGRESQL])
def standing(
    request: pytest.FixtureRequest, folder: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Console]:
    """Return an office of this module alone, on either kind of database."""
    place = tmp_path_factory.mktemp("browser")
    if request.param == "sqlite":
        shutil.copy(request.getfixturevalue("sqlite_model"), place / "a.db")
        engine = open_database(f"sqlite:///{place / 'a.db'}")
    else:
        model = request.getfixturevalue("postgresql_model")
        engine = open_database(request.getfixturevalue("cluster").database(new_name(), model))
    yield furnished(town(engine, place), folder)
    engine.dispose()


@pytest.fixture(scope="module")
def address(standing: Console, chromium: Any) -> Iterator[str]:
    server = Server(standing.made)
    yield server.address
    server.stop()


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
        self.context.set_default_timeout(120_000)  # two cores may do much else at once
        self.page = self.context.new_page()
        self.page.on("console", lambda m: self.said.append(m.text) if m.type == "error" else None)
        self.page.on("pageerror", lambda error: self.said.append(str(error)))
        self.address = address
        self.go("/enter")
        self.page.fill("#account", person)
        self.page.fill("#password", PASSWORD)
        self.enter()
        assert self.page.url == f"{address}/"

    def go(self, path: str) -> Any:
        return self.page.goto(self.address + path)

    def press(self, name: str) -> None:
        """Press the button or follow the link of that name in the page's content."""
        main = self.page.locator("main")
        found = main.get_by_role("button", name=name, exact=True).or_(
            main.get_by_role("link", name=name, exact=True)
        )
        with self.page.expect_navigation():
            found.first.click()

    def enter(self) -> None:
        """Send the form one is in, by the keyboard."""
        with self.page.expect_navigation():
            self.page.keyboard.press("Enter")

    def text(self) -> str:
        return str(self.page.inner_text("main"))


def test_from_an_empty_form_to_publication_through_four_pairs_of_hands(
    standing: Console, chromium: Any, address: str, tmp_path: Path
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
    lin.press("活动水平")
    lin.press("新增一行")
    for name, value in (
        ("region", "济南市"), ("year", "2022"), ("process", "火力发电"), ("product", "原煤"),
        ("value", "1234.5"), ("unit", "t"), ("source", "生产台账"),
    ):  # fmt: skip
        lin.page.fill(f"[name={name}]", value)
    lin.enter()
    assert "1,234.5" in lin.text()
    lin.go(place[0])
    lin.press("提交")
    lin.press("提交")
    assert "已提交" in lin.text()
    verifier = Desk(chromium, address, "verifier")
    verifier.go(place[0])
    verifier.press("退回")
    verifier.page.fill("[name=reason]", "请补充台账页码")
    verifier.press("退回")
    lin.go(place[0])
    assert "请补充台账页码" in lin.text()
    with lin.page.expect_download() as kept:
        lin.page.get_by_role("link", name="下载数据（Excel）").click()
    kept.value.save_as(tmp_path / "rows.xlsx")
    workbook = openpyxl.load_workbook(tmp_path / "rows.xlsx")
    sheet = workbook["活动水平"]
    (cell,) = [one for row in sheet.iter_rows() for one in row if one.value == 1234.5]
    cell.value = 4321.5
    workbook.save(tmp_path / "again.xlsx")
    lin.page.set_input_files("#workbook", tmp_path / "again.xlsx")
    lin.press("上传")
    lin.press("活动水平")
    assert "4,321.5" in lin.text()
    lin.go(place[0])
    lin.press("提交")
    lin.press("提交")
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
    province = Desk(chromium, address, "province")
    province.go(place[0])
    province.press("重新打开")
    province.page.fill("[name=reason]", "更正活动水平")
    province.press("重新打开")
    second = Desk(chromium, address, "second")
    second.go("/room/account")
    assert "更正活动水平" in second.text()
    with second.page.expect_navigation():
        row = second.page.locator("tr", has_text="更正活动水平")
        row.get_by_role("link", name=re.compile("^复核 ")).first.click()
    second.page.check("[name=approved]")
    second.press("复核")
    lin.go(place[0])
    assert lin.page.inner_text(".steps [aria-current]") == "已退回"
    assert lin.said == province.said == second.said == []


def test_a_park_sees_its_enterprises_and_begins_its_own(
    standing: Console, chromium: Any, address: str
) -> None:
    park = Desk(chromium, address, "park")
    park.go("/room/inventory")
    assert "活动" in park.text()
    park.go(f"/submission/{standing.numbers['A']}")
    assert park.page.get_by_role("button", name="上传").count() == 0  # it sees, and does not write
    park.go("/room/submission")
    park.press("开始填报")
    park.page.select_option("[name=organisation]", "P")
    park.page.select_option("[name=kind]", "inventory")
    park.page.fill("[name=period]", "2023")
    park.press("开始填报")
    assert "填写数据或上传工作簿" in park.text()
    assert park.said == []


def test_a_view_is_kept_and_opened_again(standing: Console, chromium: Any, address: str) -> None:
    lin = Desk(chromium, address, "lin")
    lin.go(f"/run/{standing.run}/table/emission?where=species%3DCO2&sort=-value")
    shown = lin.page.inner_text("main table")
    lin.press("保存此视图")
    lin.page.fill("[name=title]", "二氧化碳从大到小")
    lin.press("保存视图")
    assert lin.page.inner_text("main table") == shown
    lin.go("/room/view")
    with lin.page.expect_navigation():
        lin.page.locator("tr", has_text="二氧化碳从大到小").get_by_role("link", name="打开").click()
    assert lin.page.inner_text("main table") == shown
    assert lin.said == []


def test_a_chart_is_kept_as_a_file_of_each_kind(standing: Console, chromium: Any, address: str) -> None:
    lin = Desk(chromium, address, "lin")
    lin.go(f"/run/{standing.run}/front")
    lin.page.wait_for_selector(".canvas svg")
    content = {}
    for kind in ("SVG", "PNG", "CSV"):
        button = lin.page.get_by_role("button", name=f"存为 {kind}").locator("visible=true").first
        with lin.page.expect_download() as kept:
            button.click()
        content[kind] = Path(kept.value.path()).read_bytes()
    assert content["SVG"].startswith(b"<svg")
    assert content["PNG"].startswith(b"\x89PNG")
    assert re.search(r"\d", content["CSV"].decode("utf-8-sig"))
    assert lin.said == []


def test_a_city_is_led_through_a_project_to_its_verdict(
    standing: Console, chromium: Any, address: str
) -> None:
    jinan = Desk(chromium, address, "jinan")
    jinan.go("/room/zoning")
    jinan.press("按步骤填报：项目准入")
    jinan.page.select_option("[name=organisation]", "P")
    jinan.page.select_option("[name=kind]", "year")
    jinan.page.fill("[name=period]", "2027")
    jinan.press("开始")
    assert jinan.page.inner_text(".steps [aria-current]").startswith("项目")
    for table, row in (
        ("project", {"project": "J01", "title": "电炉炼钢 60 万吨", "region": "济南市", "industry": "3120",
                     "filed": "2026-03-20", "longitude": "117.05", "latitude": "36.65",
                     "capacity": "600000", "capacity_unit": "t", "source": "环评报告"}),
        ("zone", {"zone": "ZH37010020001", "title": "城北重点管控单元", "county": "370100",
                  "source": "省政府",
                  "boundary": "POLYGON ((117 36.6, 117.1 36.6, 117.1 36.7, 117 36.7, 117 36.6))"}),
    ):  # fmt: skip
        with jinan.page.expect_navigation():
            jinan.page.locator(f"main a.button[href*='/{table}/row']").click()
        for name, value in row.items():
            jinan.page.fill(f"[name={name}]", value)
        if table == "project":
            jinan.page.select_option("[name=kind]", "new")
        else:
            jinan.page.select_option("[name=kind]", "unit")
            jinan.page.select_option("[name=class]", "key_unit")
        jinan.press("保存")
        while table == "project" and not jinan.page.locator("main a.button[href*='/zone/row']").count():
            jinan.press("下一步")
    while jinan.page.get_by_role("link", name="查看准入结论").count() == 0:
        jinan.press("下一步")
    jinan.press("查看准入结论")
    assert "电炉炼钢" in jinan.text()
    assert jinan.page.locator(".map .site circle").count() == 1
    assert jinan.page.locator(".map .zone.key_unit").count() == 1
    assert jinan.said == []


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
    with second.page.expect_navigation():
        second.page.get_by_role("link", name=re.compile("^复核 ")).first.click()
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
    assert work(standing.made.office, Event(), once=True) >= 1
    desk.go("/room/job")
    assert "完成" in desk.text()
    desk.go("/room/run")
    with desk.page.expect_navigation():
        desk.page.locator("tr a", has_text="打开").first.click()
    desk.page.wait_for_selector(".canvas svg")
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
        *(("province", f"/room/{room}") for room in (*office_rooms(), *result_rooms()) if room != "trail"),
        ("lin", f"/run/{run}/regions"), ("lin", "/do/factor.compare"),
        ("auditor", "/room/trail"), ("admin", "/room/account"),
        ("lin", "/do/submission.open"), ("admin", "/do/grant.add"), ("auditor", "/do/trail.verify"),
        ("lin", f"/submission/{number}"), ("lin", f"/submission/{number}/activity"),
        ("lin", f"/submission/{number}/activity/row?line=1"),
        *(("lin", f"/submission/{number}/guide/inventory?step={step}") for step in (0, 3)),
        ("lin", "/guide/admission"), ("lin", f"/submission/{number}/admission"),
        ("province", "/do/boundary.add"),
        *(("lin", f"/run/{run}/{part}") for part in ("front", "inventory", "pathway", "tables", "explain")),
        ("lin", f"/run/{run}/solve"),
        ("lin", f"/run/{run}/explain?species=CO2"), ("lin", f"/run/{run}/table/emission"),
        ("lin", "/submission/999999"),
    ]  # fmt: skip


@pytest.fixture(scope="module")
def desks(standing: Console, chromium: Any, address: str) -> dict[str, Desk]:
    people = {person for person, _ in every_page(standing)}
    return {person: Desk(chromium, address, person) for person in people}


@pytest.mark.parametrize(
    ("language", "width"),
    [
        ("zh", 1400), ("en", 390),
        pytest.param("zh", 390, marks=pytest.mark.soak), pytest.param("en", 1400, marks=pytest.mark.soak),
    ],
)  # fmt: skip
def test_every_page_is_accessible_fits_and_is_translated(
    standing: Console, desks: dict[str, Desk], language: str, width: int
) -> None:
    axe = pytest.importorskip("axe_playwright_python.sync_playwright")
    wrong: list[str] = []
    for person, path in every_page(standing):
        desk = desks[person]
        desk.page.set_viewport_size({"width": width, "height": 900})
        desk.go(f"{path}{'&' if '?' in path else '?'}language={language}")
        size = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        if desk.page.evaluate(size) > 0:
            wrong.append(f"{path} is wider than {width}")
        found = axe.Axe().run(desk.page, context={"exclude": [[".canvas"]]}).response["violations"]
        wrong += [f"{path} {width}: {v['id']} {v['nodes'][0]['html'][:120]}" for v in found]
        ids = desk.page.evaluate("[...document.querySelectorAll('[id]')].map(e => e.id)")
        wrong += [f"{path}: two elements are {one}" for one in {i for i in ids if ids.count(i) > 1}]
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


DRAFTS = "Object.keys(localStorage).filter(key => key.startsWith('draft:')).length"


def drafted(desk: Desk) -> None:
    """Wait until the browser has kept what was typed."""
    for _ in range(1_200):
        if desk.page.evaluate(DRAFTS):
            return
        desk.page.wait_for_timeout(50)
    raise AssertionError("nothing was kept")


def test_what_is_typed_and_not_sent_is_back_until_it_is_sent_or_discarded(
    standing: Console, chromium: Any, address: str
) -> None:
    lin = Desk(chromium, address, "lin")
    row = f"/submission/{standing.numbers['A']}/activity/row"
    for ending in ("discard", "send"):
        lin.go(row)
        assert lin.page.locator("#draft").is_hidden()
        for name, value in (
            ("region", "济南市"), ("year", "2023"), ("process", "火力发电"), ("product", "原煤"),
            ("value", "77.5"), ("unit", "t"), ("source", "未存的台账"),
        ):  # fmt: skip
            lin.page.fill(f"[name={name}]", value)
        drafted(lin)
        lin.go("/")
        lin.go(row)
        assert lin.page.input_value("[name=source]") == "未存的台账"
        assert "自动保存" in lin.page.inner_text("#draft")
        if ending == "discard":
            with lin.page.expect_navigation():
                lin.page.click("#draft button")
            assert lin.page.input_value("[name=source]") == ""
        else:
            lin.press("保存")
            assert "77.5" in lin.text()
    other = f"/submission/{standing.numbers['A']}/activity/row?line=1"
    lin.go(other)
    lin.page.fill("[name=source]", "别人不该看到")
    drafted(lin)
    with lin.page.expect_navigation():
        lin.page.get_by_role("button", name="退出").click()
    assert lin.page.evaluate(DRAFTS) == 0
    assert lin.said == []


def test_a_draft_of_what_another_person_changed_meanwhile_is_a_conflict_not_a_loss(
    standing: Console, chromium: Any, address: str
) -> None:
    lin, number = Desk(chromium, address, "lin"), standing.numbers["A"]
    lin.go(f"/submission/{number}/activity/row?line=1")
    lin.page.fill("[name=value]", "111")
    drafted(lin)
    told = standing.api("lin", "submission.list", submission=number)
    version = told["rows"][0][told["columns"].index("version")]
    rows = [{**COAL, "_line": 1, "value": 222}]
    asked = {"submission": number, "version": version, "table": "activity", "rows": rows}
    assert "answer" in standing.api("jinan", "submission.write", **asked)
    lin.go(f"/submission/{number}/activity/row?line=1")
    assert lin.page.input_value("[name=value]") == "111"
    lin.press("保存")
    assert "222" in lin.page.inner_text("main .found")
    assert lin.page.input_value("[name=value]") == "111"
    lin.press("保存")
    assert "111" in lin.text()


def test_keys_open_help_lead_on_and_can_be_switched_off(
    standing: Console, chromium: Any, address: str
) -> None:
    axe = pytest.importorskip("axe_playwright_python.sync_playwright")
    lin = Desk(chromium, address, "lin")
    for width in (1400, 390):
        lin.page.set_viewport_size({"width": width, "height": 900})
        lin.go(f"/run/{standing.run}/table/emission?limit=2")
        lin.page.keyboard.press("?")
        assert lin.page.locator("#keys").is_visible()
        assert axe.Axe().run(lin.page, context={"include": [["#keys"]]}).response["violations"] == []
        size = lin.page.locator("#keys").bounding_box()
        assert size["width"] <= width
        lin.page.keyboard.press("Escape")
        assert lin.page.locator("#keys").is_hidden()
    with lin.page.expect_navigation():
        lin.page.keyboard.press("j")
    assert "offset=2" in lin.page.url
    lin.page.keyboard.press("/")
    assert lin.page.evaluate("document.activeElement.name") == "filter_column"
    lin.page.keyboard.press("g")  # a letter in a field is a letter
    assert "table/emission" in lin.page.url
    lin.page.evaluate("document.activeElement.blur()")
    with lin.page.expect_navigation():
        lin.page.keyboard.press("g")
        lin.page.keyboard.press("n")
    assert lin.page.url.endswith("/room/notice")
    lin.page.get_by_role("button", name="键盘快捷键").click()
    lin.page.uncheck("#keys input")
    lin.page.keyboard.press("Escape")
    lin.page.keyboard.press("?")
    assert lin.page.locator("#keys").is_hidden()
    assert lin.said == []


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
    for _ in range(600):
        if desk.page.inner_html("#answer") != before:
            break
        desk.page.wait_for_timeout(100)
    assert desk.page.inner_html("#answer") != before
    assert desk.said == []
