"""Settings are strict, and every mistake in them is a finding."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from tongyuan.ledger.branch import AccountSettings, PlanSettings
from tongyuan.ledger.finding import FindingError
from tongyuan.ledger.settings import (
    SETTINGS,
    Settings,
    changed,
    fields,
    read_settings,
    setting_title,
    settings_page,
    settings_text,
)

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
        (GOOD + '[account]\nseed = "many"\n', ["settings_value"]),
        (GOOD + "[account]\ndraws = -1\n", ["settings_value"]),
        (GOOD + '[assess]\nindex = "park"\n', []),
        (GOOD + "[assess]\nindex = 3\n", ["settings_value"]),
        (GOOD + "[account]\nyears = [21]\n", ["settings_value"]),
        (GOOD + '[account]\ngwp_set = "AR99"\n', ["settings_value"]),
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
    settings = Settings(
        name=name,
        kind="city",
        account=AccountSettings(years=tuple(years), grid_variant="ets"),
        plan=PlanSettings(price_index={"EUR": "ea_hicp"}, discount_rate=0.05),
        region='引"号\\',
    )
    assert Settings.model_validate(tomllib.loads(settings_text(settings))) == settings


def test_settings_are_frozen() -> None:
    settings = Settings(name="x", kind="park")
    with pytest.raises(ValidationError):
        settings.name = "y"  # type: ignore[misc]
    assert settings.region_id == ""
    assert Settings(name="x", kind="park", region="自编园区").region_id == "自编园区"


@pytest.mark.parametrize(
    ("text", "row", "where"),
    [
        ('[account]\nindex = "city"\n', 4, "branch [assess] (index"),
        ('[method]\nregion = "x"\n', 4, "the top, before any"),
        ("[report]\n# draws = 2\ndraws = 3\n", 5, "branch [account]"),
    ],
)
def test_a_setting_in_the_wrong_branch_is_told_its_place(
    tmp_path: Path, text: str, row: int, where: str
) -> None:
    (tmp_path / SETTINGS).write_text(GOOD + text, encoding="utf-8")
    settings, found = read_settings(tmp_path)
    assert settings is None
    (moved,) = [f for f in found if f.check == "settings_moved"]
    assert moved.row == row
    assert where in moved.message("en")


def test_settings_before_every_branch_are_read_as_if_in_theirs(tmp_path: Path) -> None:
    flat = 'draws = 300\nyears = [2021]\nindex = "city"\n'
    (tmp_path / SETTINGS).write_text(GOOD + flat, encoding="utf-8")
    settings, found = read_settings(tmp_path)
    assert settings is not None
    assert (settings.account.draws, settings.account.years, settings.assess.index) == (300, (2021,), "city")
    assert [(f.check, f.severity, f.row) for f in found] == [
        ("settings_flat", "notice", n) for n in (3, 4, 5)
    ]
    assert "[account]" in found[0].message("zh")


@pytest.mark.parametrize(
    ("text", "row", "check"),
    [
        ("draws = 3\n", 3, "settings_value"),
        ("draws = 300\n[account]\ndraws = 400\n", 3, "settings_moved"),
        ("colour = 1\n", 3, "settings_unknown_key"),
    ],
)
def test_a_setting_before_the_branches_is_checked_and_stands_once(
    tmp_path: Path, text: str, row: int, check: str
) -> None:
    (tmp_path / SETTINGS).write_text(GOOD + text, encoding="utf-8")
    settings, found = read_settings(tmp_path)
    assert settings is None
    assert [f.row for f in found if f.check == check] == [row]


@pytest.mark.parametrize(
    ("text", "row", "allowed"),
    [
        ('[method]\nrice = "ipcc_1996"\n', 4, "'ipcc_2006', 'ipcc_2019', 'provincial_guideline'"),
        ('[account]\ngrid_variant = "footprint"\n', 4, "average, excluding_traded, fossil, ets"),
        ("[plan]\ncurrency = 'CNY'\ndiscount_rate = 1.0\n", 5, "below 1"),
        ("account = 3\n", 3, "branch"),
        ("[account]\ndraws = 99\n", 4, "at least 100"),
        ("[report]\nlanguages = []\n", 4, "empty"),
        ("account.seed = -1\n", 3, "at least 0"),
        ("[acount]\nyears = [2020]\n", 3, "account"),
    ],
)
def test_a_value_that_cannot_be_names_its_line_and_what_can(
    tmp_path: Path, text: str, row: int, allowed: str
) -> None:
    (tmp_path / SETTINGS).write_text(GOOD + text, encoding="utf-8")
    (found,) = read_settings(tmp_path)[1]
    assert found.row == row
    assert allowed in found.message("en") + found.next_step("en")


def test_titles_of_a_shelf_name_its_ids() -> None:
    assert AccountSettings(grid_variant="化石能源电力").grid_variant == "fossil"


def test_every_setting_is_described_in_both_languages_and_listed() -> None:
    page = settings_page()
    for branch, name, _ in fields():
        key = f"{branch}.{name}" if branch else name
        zh, en = setting_title(key, "zh"), setting_title(key, "en")
        assert zh
        assert en not in ("", zh)
        assert f"| `{key}` | {zh} | {en} |" in page
    assert setting_title("draws", "zh") is None


def test_settings_are_changed_by_dotted_name_and_wrong_ones_are_findings() -> None:
    before = Settings(name="w", kind="city")
    after = changed(before, {"account.gwp_set": "AR6", "plan.discount_rate": 0.08, "name": "x"})
    assert (after.account.gwp_set, after.plan.discount_rate, after.name) == ("AR6", 0.08, "x")
    assert before.account.gwp_set == "AR5"
    for key, value in (("account.gwp_set", "AR9"), ("account.gwp", "AR6"), ("gwp_set", "AR6"), ("kind", "x")):
        with pytest.raises(FindingError) as refused:
            changed(before, {key: value})
        assert key.rpartition(".")[2] in refused.value.findings[0].message("en")
