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
from typing import Any

import jinja2
import polars as pl
from markupsafe import Markup, escape

from tongyuan.ledger.write.atomic import write_text
from tongyuan.reference.language import say
from tongyuan.reference.shelf import Language
from tongyuan.report.base import label
from tongyuan.report.base.block import (
    Card,
    Cards,
    ChartBlock,
    Heading,
    Links,
    Note,
    Paragraph,
    Section,
    TableBlock,
)
from tongyuan.report.base.excerpt import cut
from tongyuan.report.chapters import all_sections

_CJK = re.compile(r"[\u3000-\u303f\u3400-\u9fff\uff00-\uffef]")
_KINDS = {
    Heading: "heading",
    Paragraph: "paragraph",
    Note: "note",
    TableBlock: "table",
    ChartBlock: "chart",
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


def _numbered(sections: Sequence[Section], language: Language) -> tuple[list[dict[str, Any]], list[Any]]:
    """Return the chapters as the template wants them, and the chart options in order."""
    options: list[Any] = []
    tables = 0
    chapters = []
    for section in sections:
        blocks = []
        for given in section.blocks:
            block = cut(given, language) if isinstance(given, TableBlock) else given
            if isinstance(block, ChartBlock) and block.table is not None:
                block = replace(block, table=cut(block.table, language))
            entry: dict[str, Any] = {"kind": _KINDS[type(block)], "block": block}
            if isinstance(block, ChartBlock):
                options.append(block.option)
                entry["number"] = say("report", "page.figure", language, number=len(options))
                entry["index"] = len(options) - 1
            elif isinstance(block, TableBlock):
                tables += 1
                entry["number"] = say("report", "page.tabular", language, number=tables)
            blocks.append(entry)
        chapters.append({"key": section.key, "title": section.title, "blocks": blocks})
    return chapters, options


def region_names(tables: Mapping[str, pl.DataFrame], language: Language) -> str:
    """Return the name of the region, or of the first and the number of regions."""
    for name in ("emission", "summary", "activity"):
        frame = tables.get(name)
        if frame is not None and frame.height:
            found = sorted(frame["region"].drop_nulls().unique().to_list())
            first = label.title("region", found[0], language)
            if len(found) == 1:
                return first
            return say("report", "page.regions", language, first=first, count=len(found))
    return ""


def default_title(tables: Mapping[str, pl.DataFrame], language: Language) -> str:
    """Return the title of an inventory report for the region of the tables."""
    region = region_names(tables, language)
    if not region:
        return say("report.inventory", "title.inventory_plain", language)
    return say("report.inventory", "title.inventory", language, region=region)


def render_html(
    tables: Mapping[str, pl.DataFrame],
    language: Language,
    *,
    title: str | None = None,
    settings: Mapping[str, str] | None = None,
    alternate: str | None = None,
    sections: Sequence[Section] | None = None,
) -> str:
    """Return the report as the text of one HTML file; the arguments are those of :func:`write_html`."""
    sections = all_sections(tables, language) if sections is None else sections
    chapters, options = _numbered(sections, language)
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
    environment = jinja2.Environment(
        loader=jinja2.PackageLoader("tongyuan.report", "html/template"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals["say"] = lambda key, **values: say("report", key, language, **values)
    environment.filters["words"] = lambda text: _words(text, language)
    return environment.get_template("report.html.j2").render(
        language="zh-Hans" if language == "zh" else "en",
        other="en" if language == "zh" else "zh-Hans",
        title=title or default_title(tables, language),
        years=", ".join(map(str, years)),
        chapters=chapters,
        data=embed_json(options),
        style=Markup(_asset("html", "template", "page.css")),
        library=Markup(library),
        script=Markup(script),
        policy=f"default-src 'none'; script-src {_hash(library)} {_hash(script)}; style-src 'unsafe-inline'; "
        "img-src data:; base-uri 'none'; form-action 'none'",
        settings=dict(settings or {}),
        alternate=alternate,
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

    Returns
    -------
    Path
        The file written. The same tables give the same bytes.
    """
    target = Path(path)
    text = render_html(
        tables, language, title=title, settings=settings, alternate=alternate, sections=sections
    )
    write_text(target, text)
    return target
