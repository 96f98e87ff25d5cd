from importlib.resources import files
from pathlib import Path

import pytest

from tongyuan.ledger.finding import FindingError
from tongyuan.synergy.index.index import load, monotone_findings, names, read

CITY = (files("tongyuan.synergy") / "indexes" / "city.toml").read_text(encoding="utf-8")


def test_shipped_systems_load_and_never_reward_an_emission() -> None:
    assert set(names()) == {"city", "park", "enterprise", "zero_waste_city_2025", "low_carbon_city_2025"}
    for name in names():
        index = load(name)
        assert index.status in ("proposal", "published")
        assert monotone_findings(index, index.normalise, index.weight, index.aggregate) == []
        assert sum(i.weight for i in index.indicator) == pytest.approx(1, abs=0.011)


def test_proposals_say_that_no_standard_was_found() -> None:
    for name in ("city", "park", "enterprise"):
        index = load(name)
        assert index.status == "proposal"
        assert "no official" in (index.note_en + index.source).lower()


def test_published_weights_are_as_printed() -> None:
    waste = {i.id: i.weight for i in load("zero_waste_city_2025").indicator}
    assert waste["sewage"] == 0.15
    assert waste["wastewater"] == 0.10
    low = {i.id: i.weight for i in load("low_carbon_city_2025").indicator}
    assert low["public_attention"] == 0.3698
    assert len(low) == 15


def test_a_file_of_the_user_is_read(tmp_path: Path) -> None:
    path = tmp_path / "own.toml"
    path.write_text(CITY.replace('id = "city"', 'id = "own"'), encoding="utf-8")
    assert load(str(path)).id == "own"
    with pytest.raises(FindingError):
        load("nowhere")


def checks(text: str) -> list[str]:
    with pytest.raises(FindingError) as error:
        read(text)
    for found in error.value.findings:
        assert found.message("zh")
        assert found.message("en")
    return [f.check for f in error.value.findings]


def test_faults_are_named_together() -> None:
    broken = CITY.replace('formula = "coal_share"', 'formula = "steam + coal_share"').replace(
        'criterion = "synergy"\ntitle_zh = "同减', 'criterion = "joy"\ntitle_zh = "同减'
    )
    assert set(checks(broken)) == {"index_column", "index_criterion"}
    assert checks(CITY.replace("upper = 75", "upper = 1")) == ["index_bounds"]
    assert checks(CITY.replace('id = "ozone"', 'id = "pm25"', 1)) == ["index_double"]
    assert checks(CITY.replace('normalise = "bounds"', 'normalise = "magic"')) == ["unknown_method"]
    assert checks(CITY.replace('formula = "coal_share"', 'formula = "open(coal_share)"')) == [
        "formula_syntax"
    ]
    assert checks("nonsense =") == ["index_toml"]
    assert "index_field" in checks(CITY + "\nextra_key = 1\n")
    assert checks(CITY.replace('coupling = ["pollution", "carbon"]', 'coupling = ["pollution", "joy"]')) == [
        "index_criterion"
    ]


def refused(formula: str, direction: str = "positive") -> list[str]:
    text = CITY.replace('formula = "min(reduction(SO2), reduction(CO2))"', f'formula = "{formula}"').replace(
        'unit = "fraction"\ndirection = "positive"', f'unit = "fraction"\ndirection = "{direction}"', 1
    )
    index = read(text)
    return [f.check for f in monotone_findings(index, "bounds", "given", "weighted_sum")]


def test_an_index_that_rewards_an_emission_is_refused_with_the_reason() -> None:
    # the elasticity many papers score: raising CO2 can raise it
    assert set(refused("reduction(SO2) / reduction(CO2)")) == {"monotone_unproved"}
    assert refused("SO2") == ["rewards_emission"]
    assert refused("SO2", "negative") == []
    assert refused("reduction(CO2) - reduction(SO2)") == ["rewards_emission"]


def test_methods_that_may_reward_an_emission_are_refused() -> None:
    index = load("city")
    for choice in (("min_max", "entropy", "weighted_sum"), ("min_max", "given", "topsis_improved"),
                   ("bounds", "critic", "weighted_sum")):  # fmt: skip
        assert [f.check for f in monotone_findings(index, *choice)] == ["method_rewards_emission"]
    assert monotone_findings(index, "bounds", "equal", "topsis_fixed") == []
    assert monotone_findings(index, "bounds", "given", "topsis_improved") == []
