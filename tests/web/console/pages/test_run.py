from __future__ import annotations

import re
from collections import Counter

import pytest
from tests.web.console.conftest import Console

from tongyuan.report.chapters import rooms
from tongyuan.web.console.pages.run import _short


def test_every_room_of_the_report_that_has_chapters_has_its_page(standing: Console) -> None:
    client = standing.browser("lin")
    page = client.get(f"/run/{standing.run}").text
    linked = re.findall(rf'href="/run/{standing.run}/(\w+)"', page)
    here = [room for room in rooms() if room in linked]
    assert {"front", "inventory", "pathway"} <= set(here)
    report = (standing.folder / "results").glob("*/report.zh.html")
    text = next(report).read_text("utf-8")
    for room in here:
        got = client.get(f"/run/{standing.run}/{room}")
        assert got.status_code == 200
        titles = re.findall(r'<h2 id="[\w-]+-title"><span class="number">\d+</span> ([^<]+)</h2>', got.text)
        assert titles
        for title in titles:
            assert title in text


def test_a_figure_is_followed_to_its_cell(standing: Console) -> None:
    client = standing.browser("lin")
    table = client.get(f"/run/{standing.run}/table/emission").text
    link = re.search(rf'href="(/run/{standing.run}/explain\?species=[^"]+)"', table)
    assert link
    chain = client.get(link[1].replace("&amp;", "&")).text
    cell = re.search(r'href="(/submission/\d+/\w+\?where=_place[^"]+)"', chain)
    assert cell
    rows = client.get(cell[1].replace("&amp;", "&")).text
    assert "共 1 行" in rows


def test_an_unknown_species_is_told(standing: Console) -> None:
    got = standing.browser("lin").get(f"/run/{standing.run}/explain?species=phlogiston")
    assert got.status_code == 200
    assert 'role="alert"' in got.text


def test_results_go_out_as_files(standing: Console) -> None:
    client = standing.browser("lin")
    listed = client.get(f"/run/{standing.run}/tables").text
    for name in set(re.findall(r"/file\?name=([^\"]+)\"", listed)):
        got = client.get(f"/run/{standing.run}/file?name={name}")
        assert got.status_code == 200
        assert got.headers["content-disposition"].startswith("attachment")
    text = client.get(f"/run/{standing.run}/table/emission?as=csv&where=species%3DCO2").text
    assert text.startswith("\ufeff")
    assert len(text.splitlines()) > 1


def test_a_plan_is_solved_under_other_targets_or_says_why_not(standing: Console) -> None:
    client = standing.browser("jinan")
    page = client.get(f"/run/{standing.run}/solve")
    assert page.status_code == 200
    bad = client.post(f"/run/{standing.run}/solve", data={"bound:x:2030": "many", "was:x:2030": "1"})
    assert "“many”不是数字" in bad.text
    none = client.post(
        f"/run/{standing.run}/solve", data={"bound:nothing:2030": "1", "was:nothing:2030": "2"}
    )
    assert none.status_code == 200
    assert 'role="alert"' in none.text


@pytest.mark.parametrize("person", ["verifier", "jinan", "province"])
def test_the_same_page_for_everybody_who_may_see_it(standing: Console, person: str) -> None:
    own = standing.browser("lin").get(f"/run/{standing.run}/inventory").text
    theirs = standing.browser(person).get(f"/run/{standing.run}/inventory").text
    part = re.compile(r'<section id="key_figures".*</section>', re.S)
    assert part.findall(own) == part.findall(theirs)


FIGURE = re.compile(r'<td class="num">([^<]+)</td>|<p class="card-value">([^<]+)<')


def figures(text: str) -> Counter[str]:
    """Return the figures of tables and cards, as they are printed."""
    return Counter(first or second for first, second in FIGURE.findall(text))


@pytest.mark.parametrize("language", ["zh", "en"])
def test_figures_of_all_chapters_are_those_that_the_library_printed(standing: Console, language: str) -> None:
    client = standing.browser("lin")
    (report,) = (standing.folder / "results").glob(f"*/report.{language}.html")
    printed, shown = figures(report.read_text("utf-8")), Counter[str]()
    rooms_told = standing.api("lin", "run.rooms", run=standing.run)
    for room in (row[0] for row in rooms_told["rows"]):
        page = client.get(f"/run/{standing.run}/{room}?language={language}").text
        told = standing.api("lin", "run.page", run=standing.run, room=room, language=language)
        assert figures(page) == figures(told["answer"]["html"])
        shown += figures(page)
    assert shown.total() > 100
    assert shown == printed


def test_carbon_dioxide_equivalents_are_traced_by_their_gases(standing: Console) -> None:
    client = standing.browser("lin")
    page = client.get(f"/run/{standing.run}/explain?species=CO2e&year=2021").text
    assert "折算相加" in page
    assert "species=CO2&amp;year=2021" in page
    assert "species=SO2" not in page
    assert "不认识物质" in client.get(f"/run/{standing.run}/explain?species=phlogiston").text


@pytest.mark.parametrize(
    ("bound", "text"),
    [
        (923819.340441752, "923819"),
        (0.7, "0.7"),
        (0.0, "0"),
        (12345678.9, "12345679"),
        (-1.25e-5, "-0.0000125"),
    ],
)
def test_a_bound_is_written_with_six_digits(bound: float, text: str) -> None:
    assert _short(bound) == text
