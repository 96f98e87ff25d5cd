"""Pictures of every page of the console, of every role, in both languages, on a desk and on a phone.

``python tools/pages.py FOLDER [ORGANISATION=WORKSPACE …]`` makes an office with one person in every role,
brings the workspaces with their runs into it for the organisations A, B and P of that office (the smallest
example for A where none is given), follows every link a person sees and takes one picture of each kind of
page. Sheets of all pictures stand in FOLDER; it tells pages that fail, are too wide, complain, or show a word
that is none.
"""

from __future__ import annotations

import re
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import polars as pl
from playwright.sync_api import Browser, Error, Page, sync_playwright

sys.path.insert(0, str(Path(__file__).parents[1]))

from tests.office.desk import PEOPLE, Town, submission, town
from tests.web.served import Server

from tongyuan.flows.run import run
from tongyuan.ledger.example import copy_example
from tongyuan.office.operator import bring_folder
from tongyuan.store.database import open_database
from tongyuan.store.upgrade import upgrade

SIZES = {"desk": 1400, "phone": 390}
EVERYBODY = (None, "province", "lin", "park", "jinan", "verifier", "auditor", "admin")
"""Whose pages are taken, in this order: a page of a kind that was taken already is not taken again."""

HIGHEST = 2_600
"""Most of a page that its picture shows [px]."""

A_SHEET = 8
"""Pictures on one sheet."""

ALIKE = (
    (r"/submission/\d+", "/submission/1"), (r"/(run|public)/[^/]+", r"/\1/x"), (r"/table/\w+", "/table/x"),
    (r"(/submission/1)/(?!guide\b)[a-z_]+", r"\1/x"),
)  # fmt: skip
STYLE = (
    "body{margin:4px;display:grid;grid-template-columns:repeat(4,1fr);gap:6px}img{width:100%}"
    "figure{margin:0;max-height:960px;overflow:hidden;border:1px solid #999}"
)
FIGURE = "<figure><figcaption>{}</figcaption><img src='{}'></figure>"
NO_WORD = re.compile(r"\b(?:column|field|state|kind|waits|help)\.\w+|\bNone\b|\bnan\b|\d\.\d{7,}")


def kind_of(address: str) -> str:
    """Return what pages of one kind share of their addresses."""
    path, _, asked = address.partition("?")
    for found, shown in ALIKE:
        path = re.sub(found, shown, path)
    return path + ("?line" if "line=" in asked else "?species" if "/explain" in path and asked else "")


def pages_of(page: Page, address: str, seen: set[str], first: bool) -> Iterator[tuple[str, str]]:
    """Yield kind and address of every page a person can reach, each kind once among all persons."""
    waiting, known = ["/"], {"/"}
    while waiting:
        here = waiting.pop(0)
        kind = kind_of(here)
        if kind in seen and not (here == "/" and first):
            continue
        seen.add(kind)
        try:
            answer = page.goto(address + here)
        except Error:  # a file to be kept, no page
            continue
        if answer is None or "text/html" not in answer.headers.get("content-type", ""):
            continue
        yield kind, here
        found = page.evaluate(
            "[...document.querySelectorAll('a[href]')].map(a => [a.origin, a.pathname + a.search])"
        )
        for origin, to in found:
            if origin == address and kind_of(to) not in known and "language=" not in to and "as=" not in to:
                known.add(kind_of(to))
                waiting.append(to)


def taken(page: Page, address: str, here: str, name: str, folder: Path, said: list[str]) -> list[str]:
    """Take a page in both languages and sizes; return what is wrong with it."""
    told = []
    for language in ("zh", "en"):
        for size, width in SIZES.items():
            page.set_viewport_size({"width": width, "height": 900})
            answer = page.goto(f"{address}{here}{'&' if '?' in here else '?'}language={language}")
            page.wait_for_timeout(250)
            high = min(HIGHEST, page.evaluate("document.documentElement.scrollHeight"))
            page.screenshot(
                path=folder / f"{name}.{language}.{size}.png", full_page=True,
                clip={"x": 0, "y": 0, "width": width, "height": high},
            )  # fmt: skip
            where = f"{here} ({language}, {size})"
            if answer is not None and answer.status >= 400:
                told.append(f"{where}: {answer.status}")
            wide = page.evaluate(
                "document.documentElement.scrollWidth - document.documentElement.clientWidth"
            )
            told += [f"{where}: {wide} px too wide"] if wide > 0 else []
            text = page.evaluate("document.body.innerText")
            told += [f"{where}: {word}" for word in sorted(set(NO_WORD.findall(text)))]
            if language == "en":
                left = page.locator("main").inner_text() if page.locator("main").count() else ""
                lines = {line for line in left.splitlines() if re.search("[\u4e00-\u9fff]", line)}
                told += [f"{where}: {line[:90]}" for line in sorted(lines)[:4]]
            told += [f"{where}: {one}" for one in said]
            said.clear()
    return told


def sheets(page: Page, folder: Path) -> None:
    """Write sheets of all pictures of one language and size."""
    for language in ("zh", "en"):
        for size in SIZES:
            names = sorted(folder.glob(f"*.{language}.{size}.png"))
            for first in range(0, len(names), A_SHEET):
                shown = "".join(
                    FIGURE.format(one.name.split(".")[0], one.name) for one in names[first : first + A_SHEET]
                )
                sheet = folder / f"sheet-{language}-{size}-{first // A_SHEET + 1:02d}.html"
                sheet.write_text(f"<style>{STYLE}</style>{shown}", "utf-8")
                page.set_viewport_size({"width": 2000, "height": 1960})
                page.goto(sheet.as_uri())
                page.screenshot(path=sheet.with_suffix(".png"))


def public(made: Town) -> None:
    """Make the inventory of the park public, where it has one without errors: its results are seen by all."""
    listed = made.do("park", "submission.list")
    assert isinstance(listed, pl.DataFrame)
    for number, version in listed.filter(organisation="P").select("submission", "version").iter_rows():
        for person, act in (("park", "submit"), ("jinan", "accept"), ("jinan", "publish")):
            asked = {"submission": number, "version": version}
            version = int(made.told(person, f"submission.{act}", **asked)["version"])


def opened(browser: Browser, address: str, token: str | None, said: list[str]) -> Page:
    """Return a browser's page of one person, who has entered."""
    context: Any = browser.new_context(locale="zh-CN")
    if token:
        context.add_cookies([{"name": "entry", "value": token, "url": address}])
    page: Page = context.new_page()
    page.set_default_timeout(120_000)
    page.on("console", lambda m: said.append(m.text) if m.type == "error" else None)
    page.on("pageerror", lambda error: said.append(str(error)))
    return page


def write(folder: Path, brought: list[tuple[str, Path]]) -> list[str]:
    """Write every picture and the sheets; return what is wrong."""
    folder.mkdir(parents=True, exist_ok=True)
    told = list[str]()
    with TemporaryDirectory() as place, sync_playwright() as running:
        engine = open_database(f"sqlite:///{place}/a.db")
        upgrade(engine)
        (Path(place) / "runs").mkdir()
        made = town(engine, Path(place) / "runs")
        if not brought:
            copy_example("minimal", Path(place) / "w")
            run(Path(place) / "w")
            brought = [("A", Path(place) / "w")]
        for organisation, workspace in brought:
            bring_folder(made.office, workspace, organisation)
        public(made)
        for person, organisation in (("lin", "A"), ("wu", "B"), ("park", "P")):
            submission(made, person, organisation)
        found = shutil.which("chromium") or shutil.which("chromium-browser")
        browser = running.chromium.launch(executable_path=found, args=["--no-sandbox"])
        server, seen = Server(made), set[str]()
        tokens = {name: made.tokens[name] for name in (*PEOPLE, "admin")}
        for person in EVERYBODY:
            said = list[str]()
            page = opened(browser, server.address, tokens[person] if person else None, said)
            for kind, here in list(pages_of(page, server.address, seen, True)):
                name = re.sub(r"\W+", "-", f"{person or 'public'}{kind}").strip("-")
                told += taken(page, server.address, here, name, folder, said)
                print(name, flush=True)
            page.context.close()
        sheets(browser.new_page(), folder)
        server.stop()
        browser.close()
        engine.dispose()
    return told


if __name__ == "__main__":
    given = [(name, Path(path)) for name, _, path in (one.partition("=") for one in sys.argv[2:])]
    for fault in write(Path(sys.argv[1]).resolve(), given):
        print(fault)
