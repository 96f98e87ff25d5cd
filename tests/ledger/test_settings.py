"""Settings are strict, and every mistake in them is a finding."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from tongyuan.ledger.settings import SETTINGS, Settings, read_settings, settings_text

GOOD = 'name = "x"\nkind = "province"\n'


def checks(folder: Path, text: str | bytes) -> list[str]:
    (folder / SETTINGS).write_bytes(text if isinstance(text, bytes) else text.encode())
    settings, findings = read_settings(folder)
    assert (settings is None) == any(f.severity == "error" for f in findings)
    for f in findings:
        assert f.message("zh")
        assert f.next_step("en")
    return [f.check for f in findings]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (GOOD, []),
        ("\ufeff" + GOOD, []),
        ("name = ", ["settings_syntax"]),
        ('name = "x"\n', ["settings_missing_key"]),
        ("", ["settings_missing_key", "settings_missing_key"]),
        (GOOD + "colour = 1\n", ["settings_unknown_key"]),
        (GOOD + "yaers = [2021]\n", ["settings_unknown_key"]),
        ('name = "x"\nkind = "country"\n', ["settings_value"]),
        (GOOD + 'seed = "many"\n', ["settings_value"]),
        (GOOD + "draws = -1\n", ["settings_value"]),
        (GOOD + 'index = "park"\n', []),
        (GOOD + "index = 3\n", ["settings_value"]),
        (GOOD + "years = [21]\n", ["settings_value"]),
        (GOOD + 'gwp_set = "AR99"\n', ["settings_value"]),
        (GOOD + 'tables = "a"\nlanguage = "fr"\n', ["settings_value", "settings_value"]),
    ],
)
def test_mistakes_are_findings(tmp_path: Path, text: str, expected: list[str]) -> None:
    assert sorted(checks(tmp_path, text)) == sorted(expected)


def test_other_encodings_and_absence_are_findings(tmp_path: Path) -> None:
    assert [f.check for f in read_settings(tmp_path)[1]] == ["settings_missing"]
    assert checks(tmp_path, '名称 = "x"'.encode("gb18030")) == ["settings_encoding"]


def test_a_misspelt_key_is_recognised(tmp_path: Path) -> None:
    (tmp_path / SETTINGS).write_text(GOOD + "regoin = '山东省'\n", encoding="utf-8")
    (found,) = read_settings(tmp_path)[1]
    assert found.row == 3
    assert "region" in found.message("en")


def test_syntax_errors_name_the_line(tmp_path: Path) -> None:
    (tmp_path / SETTINGS).write_text(GOOD + "= 3\n", encoding="utf-8")
    assert read_settings(tmp_path)[1][0].row == 3


@given(
    st.text(min_size=1, max_size=30).filter(lambda t: t.strip()),
    st.lists(st.integers(1900, 2100), max_size=3),
)
def test_written_settings_are_read_back(name: str, years: list[int]) -> None:
    settings = Settings(name=name, kind="city", years=tuple(years), region='引"号\\')
    assert Settings.model_validate(tomllib.loads(settings_text(settings))) == settings


def test_settings_are_frozen() -> None:
    settings = Settings(name="x", kind="park")
    with pytest.raises(ValidationError):
        settings.name = "y"  # type: ignore[misc]
    assert settings.region_id == ""
    assert Settings(name="x", kind="park", region="自编园区").region_id == "自编园区"
