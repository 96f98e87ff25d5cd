from __future__ import annotations

import polars as pl

from tongyuan.report.facility.words import head, names, place


def test_names_places_and_heads() -> None:
    assert names({}) == {}
    frame = pl.DataFrame({"facility": ["A", "B"], "name": ["甲厂", None]})
    assert names({"enterprise": frame}) == {"A": "甲厂"}
    assert [place(o, "zh") for o in ("DA001", "", None, "whole")] == ["DA001", "全厂", "全厂", "全厂"]
    assert head("share", "en", numeric=True).title == "Share"
