from __future__ import annotations

import polars as pl

from tongyuan.report.facility.words import MEAN, against, head, names, place, rate, subject


def test_names_places_and_heads() -> None:
    assert names({}) == {}
    frame = pl.DataFrame({"facility": ["A", "B"], "name": ["甲厂", None]})
    assert names({"enterprise": frame}) == {"A": "甲厂"}
    assert [place(o, "zh") for o in ("DA001", "", None, "whole")] == ["DA001", "全厂", "全厂", "全厂"]
    assert head("share", "en", numeric=True).title == "Share"


def test_what_a_finding_is_about_is_said_in_words() -> None:
    assert subject("DA001 a34013", "en").startswith("DA001 ")
    assert "a34013" not in subject("DA001 a34013", "zh")
    assert subject("works", "zh") == "全厂"
    assert subject("bituminous", "zh") == "烟煤"
    assert (subject("1号窑", "en"), subject(None, "en")) == ("1号窑", "")


def test_means_weigh_their_valid_hours_and_name_their_unit() -> None:
    months = pl.DataFrame({"mean": [10.0, 40.0, None], "hours_valid": [700.0, 100.0, 0.0]})
    assert months.select(MEAN).item() == 13.75
    none = pl.DataFrame(
        {"mean": [None], "hours_valid": [0.0]}, schema={"mean": pl.Float64, "hours_valid": pl.Float64}
    )
    assert against(none.select(MEAN).item(), 35.0, "mg/m3") == "– / 35 mg/m³"
    assert against(13.75, None, None) == "13.8 / –"
    assert against(None, None, "mg/m3") == "–"


def test_chances_below_one_in_a_million_are_not_told_apart() -> None:
    assert [rate(p) for p in (1.7e-179, 9.9e-7, 1e-6, 0.0123, 0.5, None)] == [
        "<10⁻⁶", "<10⁻⁶", "0.000001", "0.012", "0.5", "–",
    ]  # fmt: skip
