"""Names are resolved, and near misses are suggested."""

from __future__ import annotations

from tongyuan.ledger.read.lookup import (
    Lookup,
    choice_title,
    choice_titles,
    close_names,
    lookup,
    present_shelves,
)
from tongyuan.ledger.table import names as names_of_tables
from tongyuan.ledger.table import table


def column(name: str, of: str = "activity"):  # type: ignore[no-untyped-def]
    return next(c for c in table(of).columns if c.name == name)


def test_ids_titles_and_aliases_name_the_same() -> None:
    names = lookup(column("product"))
    assert names is not None
    assert {names.resolve(t) for t in ("raw_coal", "原煤", "Raw coal", "ＲＡＷ coal")} == {"raw_coal"}
    assert names.resolve("原媒") is None


def test_a_near_miss_is_suggested_in_both_languages() -> None:
    names = lookup(column("product"))
    assert names is not None
    hint = names.suggest("无烟媒")
    assert "无烟煤" in hint.zh
    assert "Anthracite" in hint.en
    assert names.suggest("zzzzzzzz").zh == ""


def test_units_are_suggested_as_spelt() -> None:
    assert Lookup.of_units().suggest("吨标准媒").zh


def test_a_column_without_shelf_takes_anything() -> None:
    assert lookup(column("note")) is None
    assert present_shelves(column("note")) == ()


def test_an_unknown_region_is_a_warning_only() -> None:
    names = lookup(column("region"))
    assert names is None or names.check == "unknown_region"


def test_choices_have_titles() -> None:
    assert choice_title("lognormal", "zh") == "对数正态"
    assert choice_title("not_a_choice", "en") == "not_a_choice"


def test_close_names_speak_the_language() -> None:
    hint = close_names("数直", [("数值", "Value"), ("单位", "Unit")])
    assert "数值" in hint.zh
    assert "Value" in hint.en
    assert close_names("zzz", [("数值", "Value")]).zh == ""


def test_words_of_the_field_name_choices() -> None:
    names = lookup(column("medium", "outlet"))
    assert names is not None
    said = {word: names.resolve(word) for word in ("废气", "空气", "air", "废水", "水", "烟")}
    assert list(said.values()) == ["air", "air", "air", "water", "water", None]


def test_every_choice_of_the_ledger_has_a_title_in_both_languages() -> None:
    asked = {c for name in names_of_tables() for column in table(name).columns for c in column.choices}
    bare = {c for c in asked if not c.isdigit() and c not in choice_titles()}
    assert bare == set()
    assert all(zh.strip() and en.strip() for zh, en in choice_titles().values())


def test_two_choices_of_a_column_never_share_a_title() -> None:
    for name in names_of_tables():
        for column in table(name).columns:
            for language in ("zh", "en"):
                titles = [choice_title(c, language) for c in column.choices]
                assert len(titles) == len(set(titles)), (name, column.name)
