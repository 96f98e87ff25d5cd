"""The report as one picture (一图读懂) or as slides: HTML, or PNG and PDF where a Chromium is installed."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Literal

import polars as pl

from tongyuan.ledger.write.atomic import replacing, write_text
from tongyuan.reference.shelf import Language
from tongyuan.report.base.block import Cards, ChartBlock, Choice, Section, TableBlock
from tongyuan.report.chapters import all_sections
from tongyuan.report.html.document import render_html

Layout = Literal["brief", "slides"]
WIDTH = 1240
"""Width of the picture [px]."""
SLIDE = "254mm 143mm"
"""Size of a slide, 16 : 9, on which the type of the page reads from a distance."""
SEEN = (Cards, ChartBlock, Choice, TableBlock)
"""Blocks that make a slide; a chapter that stands open with words alone has none."""
FRONT = "first_page"
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome", "msedge")
SECONDS = 120


def browser() -> str | None:
    """Return a Chromium on this machine, None without one."""
    return next((found for name in BROWSERS if (found := shutil.which(name))), None)


def opened(sections: Sequence[Section], layout: Layout) -> list[Section]:
    """Return what a picture or slides show: the first page, or the figures that stand open in chapters."""
    if layout == "brief":
        return [section for section in sections if section.key == FRONT]
    shown = [replace(s, blocks=tuple(s.blocks)[: s.shown], shown=None) for s in sections]
    return [
        section
        for section in shown
        if any(isinstance(b, SEEN) and not getattr(b, "folded", False) for b in section.blocks)
    ]


def brief_html(
    tables: Mapping[str, pl.DataFrame],
    language: Language,
    layout: Layout,
    *,
    title: str | None = None,
    page: str = "",
) -> str:
    """Return the picture or the slides as the text of one HTML file; `page` is the size printed."""
    sections = opened(all_sections(tables, language), layout)
    text = render_html(tables, language, title=title, sections=sections, layout=layout)
    size = page or (SLIDE if layout == "slides" else "")
    margin = "8mm 9mm" if layout == "slides" else "0"
    rule = f"@page {{ size: {size}; margin: {margin}; }}\n</style>" if size else "</style>"
    return text.replace("</style>", rule, 1)


def _chromium(program: str, page: Path, folder: Path, *options: str) -> str:
    """Run a headless Chromium on a page and return what it prints."""
    sandbox = ["--no-sandbox"] if hasattr(os, "geteuid") and os.geteuid() == 0 else []
    command = [
        program, "--headless", "--disable-gpu", "--hide-scrollbars", "--no-first-run", *sandbox,
        f"--user-data-dir={folder / 'profile'}", "--virtual-time-budget=5000", *options, page.as_uri(),
    ]  # fmt: skip
    done = subprocess.run(command, check=True, capture_output=True, timeout=SECONDS)
    return done.stdout.decode("utf-8", "replace")


def write_brief(
    tables: Mapping[str, pl.DataFrame],
    path: str | Path,
    language: Language,
    *,
    layout: Layout = "brief",
    title: str | None = None,
) -> Path:
    """Write the report as one picture or as slides.

    Parameters
    ----------
    tables : mapping of str to polars.DataFrame
        Ledger tables by name.
    path : str or Path
        ``.html``, ``.pdf`` or, for the picture, ``.png``.
    language : {'zh', 'en'}
    layout : {'brief', 'slides'}
    title : str, optional
        Heading.

    Returns
    -------
    Path
        The file written: ``.html`` in place of another kind where no Chromium is installed.
    """
    target = Path(path)
    program = browser()
    if target.suffix == ".html" or program is None:
        target = target.with_suffix(".html")
        write_text(target, brief_html(tables, language, layout, title=title))
        return target
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        page, picture = folder / "page.html", folder / f"page{target.suffix}"
        write_text(page, brief_html(tables, language, layout, title=title))
        if layout == "brief":
            seen = _chromium(program, page, folder, f"--window-size={WIDTH},900", "--dump-dom")
            found = re.search(r'data-height="(\d+)"', seen)
            height = int(found[1]) if found else 2000
            size = f"{WIDTH}px {height + 20}px"
            write_text(page, brief_html(tables, language, layout, title=title, page=size))
        if target.suffix == ".png":
            _chromium(program, page, folder, f"--window-size={WIDTH},{height}", f"--screenshot={picture}")
        else:
            _chromium(program, page, folder, "--no-pdf-header-footer", f"--print-to-pdf={picture}")
        with replacing(target) as temporary:
            shutil.copyfile(picture, temporary)
    return target
