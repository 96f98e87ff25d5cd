"""One self-contained HTML file: charts, tables and words, read from a USB stick without any network."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from importlib.metadata import version
from importlib.resources import files
from pathlib import Path
from typing import Any, Literal

import jinja2
import polars as pl
from markupsafe import Markup, escape

from tongyuan.ledger.write.atomic import write_text
from tongyuan.reference.language import say
from tongyuan.reference.shelf import Language
from tongyuan.report.base import label
from tongyuan.report.base.block import (
    Block,
    Card,
    Cards,
    ChartBlock,
    Choice,
    Heading,
    Links,
    Note,
    Paragraph,
    Section,
    TableBlock,
    folds,
)
from tongyuan.report.base.excerpt import cut
from tongyuan.report.base.totals import has
from tongyuan.report.chapters import all_sections

_CJK = re.compile(r"[\u3000-\u303f\u3400-\u9fff\uff00-\uffef]")
_KINDS = {
    Heading: "heading",
    Paragraph: "paragraph",
    Note: "note",
    TableBlock: "table",
    ChartBlock: "chart",
    Choice: "choice",
    Cards: "cards",
    Card: "card",
    Links: "links",
}


def _asset(*parts: str) -> str:
    return files("tongyuan.report").joinpath(*parts).read_text(encoding="utf-8")


def embed_json(value: Any) -> Markup:
    """Return `value` as JSON safe inside a script element (no ``<``, ``>``, ``&``, line separators)."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    for character in "<>&\u2028\u2029":
        text = text.replace(character, f"\\u{ord(character):04x}")
    return Markup(text)


def _hash(script: str) -> str:
    return "'sha256-" + base64.b64encode(hashlib.sha256(script.encode()).digest()).decode() + "'"


def _words(text: str, language: Language) -> Markup:
    """Return escaped text of a source; marked as Chinese where it is Chinese on an English page."""
    if language == "en" and _CJK.search(text):
        return Markup('<span lang="zh-Hans">{}</span>').format(text)
    return escape(text)


class _Numbering:
    """Puts blocks into the form the template wants, numbers figures and tables, keeps the chart options."""

    def __init__(self, language: Language) -> None:
        self.language = language
        self.options: list[Any] = []
        self.figures = self.tables = 0

    def chapter(self, section: Section) -> dict[str, Any]:
        """Return a chapter: what stands open, and what is folded away with what it holds."""
        parts = []
        for fold in folds(section):
            held = {"figures": self.figures, "tables": self.tables}
            entries = [self.entry(block) for block in fold.blocks]
            held = {"figures": self.figures - held["figures"], "tables": self.tables - held["tables"]}
            parts.append({"title": fold.title, "open": fold.open, "entries": entries, **held})
        return {"key": section.key, "title": section.title, "parts": parts}

    def entry(self, block: Block) -> dict[str, Any]:
        """Return one block with its kind and numbers."""
        made: dict[str, Any] = {"kind": _KINDS[type(block)], "block": block}
        if isinstance(block, Choice):
            self.figures += 1
            made["number"] = say("report", "page.figure", self.language, number=self.figures)
            made["charts"] = [(name, self._chart(chart)) for name, chart in block.charts]
        elif isinstance(block, ChartBlock):
            self.figures += 1
            made |= self._chart(block)
            made["number"] = say("report", "page.figure", self.language, number=self.figures)
        elif isinstance(block, TableBlock):
            self.tables += 1
            made["block"] = cut(block, self.language)
            made["number"] = say("report", "page.tabular", self.language, number=self.tables)
        return made

    def _chart(self, block: ChartBlock) -> dict[str, Any]:
        if block.table is not None:
            block = replace(block, table=cut(block.table, self.language))
        self.options.append(block.option)
        return {"block": block, "index": len(self.options) - 1}


def _environment(language: Language) -> jinja2.Environment:
    environment = jinja2.Environment(
        loader=jinja2.PackageLoader("tongyuan.report", "html/template"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals["say"] = lambda key, **values: say("report", key, language, **values)
    environment.filters["words"] = lambda text: _words(text, language)
    return environment


def render_sections(sections: Sequence[Section], language: Language) -> tuple[str, list[Any]]:
    """Return chapters as HTML to stand inside a page, and the options of its charts by their number.

    The page brings ``page.css``, ``page.js`` and the library of charts, and the options as JSON in an
    element ``chart-data``.
    """
    numbering = _Numbering(language)
    chapters = [numbering.chapter(section) for section in sections]
    page = _environment(language).get_template("part.html.j2")
    return page.render(chapters=chapters, annex=False), numbering.options


def region_names(tables: Mapping[str, pl.DataFrame], language: Language) -> str:
    """Return the name of the region, or of the first and the number of regions."""
    for name in ("emission", "summary", "activity", "indicator_value"):
        frame = tables.get(name)
        if frame is not None and frame.height:
            found = sorted(frame["region"].drop_nulls().unique().to_list())
            first = label.title("region", found[0], language)
            if len(found) == 1:
                return first
            return say("report", "page.regions", language, first=first, count=len(found))
    return ""


def default_title(tables: Mapping[str, pl.DataFrame], language: Language) -> str:
    """Return the title of a report for the region of the tables: of an inventory where there is one."""
    region = region_names(tables, language)
    counted = any(has(tables, name) for name in ("emission", "summary", "activity"))
    room, key = ("report.inventory", "title.inventory") if counted else ("report", "title.report")
    return say(room, key, language, region=region) if region else say(room, f"{key}_plain", language)


def render_html(
    tables: Mapping[str, pl.DataFrame],
    language: Language,
    *,
    title: str | None = None,
    settings: Mapping[str, str] | None = None,
    alternate: str | None = None,
    sections: Sequence[Section] | None = None,
    annex: bool = False,
    layout: Literal["page", "brief", "slides"] = "page",
) -> str:
    """Return the report as the text of one HTML file; the arguments are those of :func:`write_html`.

    `layout` is that of a page, of one poster, or of slides (:mod:`tongyuan.report.html.brief`).
    """
    sections = all_sections(tables, language) if sections is None else sections
    numbering = _Numbering(language)
    chapters = [numbering.chapter(section) for section in sections]
    library = _asset("vendor", "echarts.min.js")
    script = _asset("html", "template", "page.js")
    years = sorted(
        {
            int(year)
            for name in ("emission", "summary")
            if name in tables and tables[name].height
            for year in tables[name]["year"].unique()
        }
    )
    environment = _environment(language)
    return environment.get_template("report.html.j2").render(
        language="zh-Hans" if language == "zh" else "en",
        other="en" if language == "zh" else "zh-Hans",
        title=title or default_title(tables, language),
        years=", ".join(map(str, years)),
        chapters=chapters,
        data=embed_json(numbering.options),
        style=Markup(_asset("html", "template", "page.css")),
        library=Markup(library),
        script=Markup(script),
        policy=f"default-src 'none'; script-src {_hash(library)} {_hash(script)}; style-src 'unsafe-inline'; "
        "img-src data:; base-uri 'none'; form-action 'none'",
        settings=dict(settings or {}),
        alternate=alternate,
        annex=annex,
        layout=layout,
        version=version("tongyuan"),
    )


def write_html(
    tables: Mapping[str, pl.DataFrame],
    path: str | Path,
    language: Language,
    *,
    title: str | None = None,
    settings: Mapping[str, str] | None = None,
    alternate: str | None = None,
    sections: Sequence[Section] | None = None,
    annex: bool = False,
) -> Path:
    """Write the report of `tables` as one self-contained HTML file.

    Parameters
    ----------
    tables : mapping of str to polars.DataFrame
        Ledger tables by name; each chapter appears when the tables it speaks of are there.
    path : str or Path
        The file to write.
    language : {'zh', 'en'}
    title : str, optional
        Title of the report; by default the region and "fused inventory".
    settings : mapping, optional
        Settings to be named at the head of the report, in words.
    alternate : str, optional
        Name of the same report in the other language, beside this file, for a link between them.
    sections : sequence of Section, optional
        Chapters to write instead of those the tables give rise to.
    annex : bool
        Write everything unfolded, to be printed as an annex.

    Returns
    -------
    Path
        The file written. The same tables give the same bytes.
    """
    target = Path(path)
    text = render_html(
        tables,
        language,
        title=title,
        settings=settings,
        alternate=alternate,
        sections=sections,
        annex=annex,
    )
    write_text(target, text)
    return target
