import html
import json
import re

import polars as pl
import pytest

from tongyuan.report.base.block import Column, Paragraph, Section, TableBlock
from tongyuan.report.html.document import embed_json, render_html, write_html


def test_embedded_json_cannot_leave_its_element():
    hostile = {"a": "</script><script>alert(1)</script>&\u2028"}
    text = str(embed_json(hostile))
    assert "<" not in text
    assert "&" not in text
    assert "\u2028" not in text
    assert json.loads(text) == hostile


def test_words_from_outside_are_escaped(tables):
    page = render_html(tables, "en", title="<img src=x onerror=alert(1)>")
    assert "<img src=x" not in page
    assert "An unusual value: 1e9 &lt;b&gt;t&lt;/b&gt;." in page


def test_file_is_small_self_contained_and_repeatable(tables, tmp_path):
    first = write_html(tables, tmp_path / "deep" / "a.html", "zh")
    again = write_html(tables, tmp_path / "b.html", "zh")
    assert first.read_bytes() == again.read_bytes()
    assert first.stat().st_size < 3_000_000
    head = first.read_text(encoding="utf-8").split("<script", 1)[0]
    assert not re.search(r"(src|href)=\"(https?:)?//", head)
    assert "default-src 'none'" in html.unescape(head)


def test_language_link_settings_and_title(tables):
    page = render_html(tables, "zh", alternate="r.en.html", settings={"GWP": "AR6"})
    assert '<a href="r.en.html" lang="en"' in page
    assert "<dt>GWP</dt><dd>AR6</dd>" in page
    assert "<title>山东省减污降碳融合排放清单</title>" in page
    assert '<html lang="zh-Hans">' in page


def test_several_regions_are_counted_in_the_title(tables):
    two = tables["emission"].with_columns(
        pl.when(pl.col("process") == "energy.power")
        .then(pl.lit("410000"))
        .otherwise("region")
        .alias("region")
    )
    assert "(2 regions)" in render_html({"emission": two}, "en")


@pytest.mark.parametrize("language", ["zh", "en"])
def test_nothing_to_show_is_said(no_tables, language):
    for held in ({}, no_tables):
        page = render_html(held, language)
        assert "<section" not in page
        assert "page." not in page.split("<script>")[0].split("</style>")[1]


def test_own_sections_can_be_written():
    own = Section("plan", "Plan", (Paragraph("山东", quoted=True), TableBlock("T", (Column("c"),), [["1"]])))
    page = render_html({}, "en", sections=[own])
    assert '<span lang="zh-Hans">山东</span>' in page
    assert 'id="plan"' in page
