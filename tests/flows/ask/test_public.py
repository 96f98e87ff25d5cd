"""The static site: only what is public, both languages, no network, accessible."""

from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path

import pytest
from tests.flows.ask.plan.test_joined import PLACES, _workspace

from tongyuan.flows.ask.public import PAGES, build
from tongyuan.flows.run import run
from tongyuan.ledger.finding import FindingError

TODAY = date(2025, 6, 5)
HEAD = "编号,收到日期,类别,结果,办结日期,公开的答复\n"


@pytest.fixture(scope="module")
def city(tmp_path_factory) -> Path:
    folder = _workspace(tmp_path_factory.mktemp("w") / "weifang", *PLACES["weifang"])
    rows = "".join(f"F{k},2025-01-0{k % 9 + 1},异味,已办结,2025-02-01,\n" for k in range(14))
    (folder / "public_feedback.csv").write_text(HEAD + rows, "utf-8")
    settings = folder / "tongyuan.toml"
    settings.write_text(settings.read_text("utf-8") + '\n[report]\nlanguages = ["en"]\n', "utf-8")
    run(folder, only=("account",))
    return folder


def refused(ask) -> list[str]:
    with pytest.raises(FindingError) as told:
        ask()
    for found in told.value.findings:
        assert all("{" not in found.message(lang) and found.next_step(lang) for lang in ("zh", "en"))
    return [f.check for f in told.value.findings]


def test_four_pages_that_lead_to_each_other(city, tmp_path):
    pages = build(city, tmp_path / "site", TODAY)
    assert sorted(p.name for p in pages) == sorted(name for both in PAGES.values() for name in both)
    zh, en = (pages[k].read_text("utf-8") for k in (0, 2))
    assert 'href="index.en.html"' in zh
    assert 'href="learn.html"' in zh
    assert "潍坊市" in zh
    assert "14" in zh
    assert 'href="learn.en.html"' in en
    for page in pages:
        text = page.read_text("utf-8")
        body = text.partition('<script type="application/json"')[0]
        assert "http://" not in body.replace("http://www.w3.org", "")
        assert "https://" not in body
        assert "default-src &#39;none&#39;" in body
    again = build(city, tmp_path / "site", TODAY)
    assert [p.read_bytes() for p in again] == [p.read_bytes() for p in pages], (
        "its own pages are written anew"
    )


@pytest.mark.parametrize(
    ("row", "check"),
    [
        ("F,2025-01-01,异味,已办结,2025-01-05,请联系13800138000", "public_plain"),
        ("F,2025-01-01,异味,已办结,2025-01-05,见 a.b@c.cn", "public_plain"),
        ("F,2025-01-01,异味,已办结,2025-01-05,身份证37010219900101001X", "public_plain"),
        ("F,2025-01-09,异味,已办结,2025-01-05,", "public_turned"),
        ("F,2026-01-01,异味,办理中,,", "public_future"),
        ("F,2025-01-01,异味,办理中,2025-01-05,", "public_outcome"),
        ("F,2025-01-01,异味,已办结,,", "public_outcome"),
    ],
)
def test_nothing_of_persons_and_no_dates_that_contradict(city, tmp_path, row, check):
    copy = tmp_path / "copy"
    shutil.copytree(city, copy)
    (copy / "public_feedback.csv").write_text(HEAD + row + "\n", "utf-8")
    assert refused(lambda: build(copy, tmp_path / "site", TODAY)) == [check]
    assert not (tmp_path / "site").exists()


def test_what_has_no_public_page(city, tmp_path):
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "thesis.docx").write_text("x", "utf-8")
    assert refused(lambda: build(city, tmp_path / "full", TODAY)) == ["public_taken"]
    bare = _workspace(tmp_path / "bare", *PLACES["jinan"])
    assert refused(lambda: build(bare, tmp_path / "site", TODAY)) == ["no_results"]
    settings = bare / "tongyuan.toml"
    settings.write_text(settings.read_text("utf-8").replace('"city"', '"enterprise"'), "utf-8")
    assert refused(lambda: build(bare, tmp_path / "site", TODAY)) == ["public_enterprise"]


@pytest.mark.browser
def test_it_reads_without_network_on_a_telephone_and_for_everybody(city, tmp_path):
    found = shutil.which("chromium") or shutil.which("chromium-browser")
    if found is None:
        pytest.skip("no Chromium on this machine")
    playwright = pytest.importorskip("playwright.sync_api")
    axe = pytest.importorskip("axe_playwright_python.sync_playwright")
    pages = build(city, tmp_path / "site", TODAY)
    complaints: list[str] = []
    with playwright.sync_playwright() as running:
        browser = running.chromium.launch(executable_path=found, args=["--no-sandbox"])
        context = browser.new_context(viewport={"width": 390, "height": 844}, offline=True)
        for path in pages:
            page = context.new_page()
            page.on("console", lambda message: complaints.append(message.text))
            page.on("requestfailed", lambda request: complaints.append(request.url[:99]))
            page.goto(path.as_uri())
            page.wait_for_timeout(400)
            assert page.evaluate("document.documentElement.scrollWidth") <= 390, path.name
            page.evaluate("document.querySelectorAll('main details').forEach(d => { d.open = true; })")
            page.wait_for_timeout(200)
            seen = axe.Axe().run(page, context={"exclude": [["[data-chart] svg"]]}).response["violations"]
            assert [(v["id"], [n["html"][:120] for n in v["nodes"][:3]]) for v in seen] == [], path.name
            page.close()
        browser.close()
    assert complaints == []
