from __future__ import annotations

import pytest

from tongyuan.reference.language import catalogue, preferred_language, say


def test_a_sentence_in_both_languages() -> None:
    values = {"columns": "a, b"}
    assert say("reference", "column_missing", "zh", **values) == "文件缺少列：a, b。"
    assert say("reference", "column_missing", "en", **values) == "The file lacks the columns a, b."


def test_missing_sentences_and_values_are_errors() -> None:
    with pytest.raises(KeyError):
        say("reference", "no_such_sentence", "zh")
    with pytest.raises(KeyError):
        say("reference", "column_missing", "zh")
    assert "column_missing" in catalogue("reference")


@pytest.mark.parametrize(("value", "language"), [("en", "en"), ("EN_gb", "en"), ("zh_CN", "zh")])
def test_the_language_can_be_chosen(monkeypatch: pytest.MonkeyPatch, value: str, language: str) -> None:
    monkeypatch.setenv("TONGYUAN_LANGUAGE", value)
    assert preferred_language() == language


def test_a_system_language_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("TONGYUAN_LANGUAGE", raising=False)
    assert preferred_language() in ("zh", "en")
