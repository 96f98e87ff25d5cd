import re

import pytest

from tongyuan.report.html.document import write_html

pytestmark = pytest.mark.browser
CJK = re.compile(r"[\u3400-\u9fff]")
ARGUMENTS = [
    "--no-sandbox",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]


@pytest.fixture(scope="module")
def browser(chromium):
    playwright = pytest.importorskip("playwright.sync_api")
    with playwright.sync_playwright() as running:
        opened = running.chromium.launch(executable_path=chromium, args=ARGUMENTS)
        yield opened
        opened.close()


@pytest.fixture(scope="module")
def pages(browser, tables, planned, tmp_path_factory):
    """Open both reports from disk with the network off; collect everything the browser complains of."""
    folder = tmp_path_factory.mktemp("report")
    context = browser.new_context(viewport={"width": 1366, "height": 900}, offline=True)
    opened, complaints = {}, []
    for language, other in (("zh", "en"), ("en", "zh")):
        held = {**tables, **planned}
        path = write_html(held, folder / f"{language}.html", language, alternate=f"{other}.html")
        page = context.new_page()
        page.on("console", lambda message: complaints.append(message.text))
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("requestfailed", lambda request: complaints.append(request.url[:99]))
        page.on(
            "request",
            lambda request: None if request.url.startswith("file:") else complaints.append(request.url[:99]),
        )
        page.goto(path.as_uri())
        page.wait_for_function("document.documentElement.dataset.charts")
        opened[language] = page
    yield opened, complaints
    context.close()


def unfolded(page):
    """Open every fold and show every chart of every selector."""
    page.evaluate(
        """() => { document.querySelectorAll('main details').forEach(d => { d.open = true; });
                   document.querySelectorAll('[data-option]').forEach(o => { o.hidden = false; });
                   document.dispatchEvent(new Event('toggle')); }"""
    )
    page.wait_for_timeout(300)
    return page


def test_opens_without_network_or_complaint(pages):
    opened, complaints = pages
    assert complaints == []
    assert set(opened) == {"zh", "en"}


@pytest.mark.parametrize("language", ["zh", "en"])
def test_what_stands_open_is_twelve_screens_and_twenty_pages_at_most(pages, language, tmp_path):
    page = pages[0][language]
    page.set_viewport_size({"width": 1400, "height": 900})
    page.wait_for_timeout(300)
    screens = page.evaluate("document.documentElement.scrollHeight") / 900
    first = page.evaluate("document.getElementById('first_page').getBoundingClientRect().height") / 900
    printed = page.pdf(path=str(tmp_path / "report.pdf"), prefer_css_page_size=True)
    sheets = len(re.findall(rb"/Type\s*/Page\b", printed))
    print(f"{language}: {screens:.1f} screens at 1400 px, first page {first:.1f}, {sheets} printed pages")
    assert screens <= 12
    assert first <= 2.5
    assert 3 <= sheets <= 20


def test_a_selector_shows_one_chart_at_a_time(pages):
    page = pages[0]["en"]
    choice = page.locator("#change .choice")
    names = choice.locator("option").all_inner_texts()
    assert len(names) > 3
    choice.locator("select").select_option(label=names[2])
    shown = choice.locator("[data-option]:not([hidden])")
    assert shown.count() == 1
    assert names[2] in shown.locator(".figure-title").inner_text()
    assert shown.locator("svg path").count() > 5
    choice.locator("select").select_option(label=names[0])


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_chart_is_drawn(pages, language):
    page = unfolded(pages[0][language])
    counts = page.eval_on_selector_all(
        "[data-chart]", "boxes => boxes.map(b => b.querySelectorAll('svg path, svg text').length)"
    )
    assert len(counts) > 10
    assert min(counts) > 5
    assert page.eval_on_selector_all(
        "[data-chart]", "boxes => boxes.every(b => b.getAttribute('aria-label').length >= 8)"
    )


@pytest.mark.parametrize("language", ["zh", "en"])
def test_no_text_of_a_chart_is_cut_off(pages, language):
    outside = unfolded(pages[0][language]).evaluate(
        """() => Array.from(document.querySelectorAll('[data-chart]')).flatMap(box => {
             const frame = box.getBoundingClientRect();
             return Array.from(box.querySelectorAll('svg text')).filter(t => {
               const r = t.getBoundingClientRect();
               return r.width > 0 && (r.left < frame.left - 2 || r.right > frame.right + 2
                 || r.top < frame.top - 2 || r.bottom > frame.bottom + 2);
             }).map(t => box.id + ': ' + t.textContent);
           })"""
    )
    assert outside == []


@pytest.mark.parametrize(("language", "width"), [("zh", 1366), ("en", 1366), ("zh", 390), ("en", 390)])
def test_no_horizontal_overflow(pages, language, width):
    page = unfolded(pages[0][language])
    page.set_viewport_size({"width": width, "height": 900})
    # charts are drawn anew a moment later
    page.wait_for_function(
        "width => document.documentElement.scrollWidth <= width", arg=width, timeout=10_000
    )
    page.set_viewport_size({"width": 1366, "height": 900})
    page.wait_for_timeout(300)


def test_english_page_has_no_chinese_but_quotations(pages):
    text = pages[0]["en"].evaluate(
        """() => { const copy = document.body.cloneNode(true);
             copy.querySelectorAll('[lang|="zh"], script, style').forEach(e => e.remove());
             return copy.textContent; }"""
    )
    # the name of an enterprise, on the axis of a chart, and the number of a map's approval
    text = text.replace("示例热电", "").replace("GS(0000)0000号", "")
    assert not CJK.search(text), repr(
        [text[max(0, m.start() - 60) : m.end() + 40] for m in CJK.finditer(text)]
    )
    labels = pages[0]["en"].eval_on_selector_all("[aria-label]", "all => all.map(e => e.ariaLabel)")
    assert not any(CJK.search(label) for label in labels)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_no_key_is_left_untranslated(pages, language):
    text = pages[0][language].evaluate("document.body.innerText")
    keys = r"\b(column|section|card|origin|status|unit|medium|page|gap_kind|species)\.[a-z_]+\b"
    assert re.findall(keys, text) == []
    assert "{" not in text


@pytest.mark.parametrize("language", ["zh", "en"])
def test_accessibility(pages, language):
    axe = pytest.importorskip("axe_playwright_python.sync_playwright")
    # Drawings are hidden from assistive technology (their boxes have role and label), so axe leaves them out.
    context = {"exclude": [["[data-chart] svg"]]}
    page = unfolded(pages[0][language])
    found = axe.Axe().run(page, context=context).response["violations"]
    assert [(v["id"], [n["html"][:120] for n in v["nodes"][:3]]) for v in found] == []


def test_prints_on_a4(pages, tmp_path):
    printed = pages[0]["zh"].pdf(path=str(tmp_path / "report.pdf"), prefer_css_page_size=True)
    assert printed.startswith(b"%PDF")
    assert b"/MediaBox [0 0 594.9" in printed or b"/MediaBox [0 0 595" in printed


def test_the_annex_has_everything_open(browser, tables, tmp_path):
    path = write_html(tables, tmp_path / "annex.html", "zh", annex=True)
    page = browser.new_page()
    page.goto(path.as_uri())
    assert page.locator("details:not([open]):not(.contents)").count() == 0
    assert page.locator("[hidden]").count() == 0
    drawn = page.eval_on_selector_all("[data-chart]", "boxes => boxes.every(b => b.querySelector('svg'))")
    assert drawn
    page.close()
