"""The commands of ``tongyuan impact``."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from tongyuan.cli.impact import app
from tongyuan.ledger.finding import FindingError

RUN = CliRunner()


def run(*words: object) -> str:
    result = RUN.invoke(app, [str(w) for w in words], catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return result.output


@pytest.fixture
def city(tmp_path: Path) -> Path:
    (tmp_path / "tongyuan.toml").write_text('name = "X"\nkind = "city"\nlanguage = "en"\n', "utf-8")
    folder = tmp_path / "tables"
    folder.mkdir()
    (folder / "observation.csv").write_text(
        "region,period,indicator,value,unit,source\n山东省,2021,PM2.5年均浓度,39,µg/m3,a bulletin\n", "utf-8"
    )
    return tmp_path


def test_the_air_of_a_workspace(city: Path, tmp_path: Path) -> None:
    told = run("air", city, "--language", "en", "-o", tmp_path / "air.xlsx")
    assert "39" in told
    assert "GB3095-2012" in told
    assert (tmp_path / "air.xlsx").stat().st_size > 4000
    rows = json.loads(run("air", city, "--json"))
    assert rows["air_statistic"][0]["limit"] == 35
    assert rows["burden"][0]["share"] == pytest.approx(0.25186, abs=5e-6)


def test_a_workspace_without_weather_is_told_what_is_needed(city: Path) -> None:
    with pytest.raises(FindingError) as caught:
        run("weather", city)
    assert [f.check for f in caught.value.findings] == ["weather_none"]


def test_the_whole_climate_model_says_what_it_needs(tmp_path: Path) -> None:
    pytest.importorskip("fair", reason="the extra fair is not installed")
    excerpt = Path(__file__).parent.parent / "impact" / "climate" / "fair_excerpt"
    wrong: list[tuple[tuple[object, ...], str]] = [
        (("CO2", 1e9, tmp_path), "fair_files"),
        (("SF6", 1.0, excerpt), "air_unknown"),
        (("CO2", 1.0, excerpt, "--years", "90"), "fair_wrong"),
        (("CO2", 1.0, excerpt, "--years", "0"), "air_too_low"),
        (("OC", 1.0, excerpt, "--years", "1"), "fair_wrong"),
    ]
    for words, check in wrong:
        with pytest.raises(FindingError) as caught:
            run("ensemble", *words)
        assert [f.check for f in caught.value.findings] == [check]
    told = json.loads(run("ensemble", "CO2", 1e9, excerpt, "--years", "10", "--members", "1", "--json"))
    assert 0 < told["answer"][0]["warming"] < 5.4e-4
    assert told["members"] == 1


def test_the_index_of_a_day_in_both_editions() -> None:
    values = ("PM2.5=68", "PM10=131", "O3=172", "SO2=33", "NO2=61", "CO=1.3")
    old = json.loads(run("index", *values, "--date", "2025-06-01", "--json"))
    assert (old["aqi"], old["grade"]) == (111, 3)
    assert [r["sub_index"] for r in old["answer"]] == [92, 91, 111, 33, 77, 33]
    assert "108" in run("index", "PM2.5=68", "--date", "2026-03-01")


def test_a_cut_by_per_cent_and_by_share() -> None:
    first = json.loads(run("screen", "SO2=-40%", "NOx=-0.2", "--json"))["answer"]
    assert first == json.loads(run("screen", "SO2=-0.4", "NOx=-20%", "--json"))["answer"]
    assert first[0]["ratio"] < 1
    assert first[0]["reach"] == "within_reach"
    assert "六成以内" in run("screen", "SO2=-40%", "--language", "zh")


def test_a_pulse() -> None:
    rows = json.loads(run("pulse", "CO2", "1e-3", "--years", "100", "--json"))["answer"]
    assert rows[0]["warming"] == pytest.approx(3.945974e-16, rel=1e-6)
    assert "K" in run("pulse", "CH4", "1e6", "--language", "en")


@pytest.mark.parametrize(
    ("words", "check"),
    [
        (("index", "PM2.5"), "air_pair"),
        (("index", "PM2.5=x"), "air_pair"),
        (("index", "PM2.5=1", "PM2.5=2"), "air_pair"),
        (("index", "PM1=3"), "air_unknown"),
        (("index", "PM2.5=-3"), "air_too_low"),
        (("screen", "Hg=-10%"), "air_unknown"),
        (("screen", "SO2=-140%"), "air_too_low"),
        (("pulse", "SF6", "1"), "air_unknown"),
        (("pulse", "CO2", "1", "--years", "-5"), "air_too_low"),
    ],
)
def test_bad_input_has_its_sentence(words: tuple[str, ...], check: str) -> None:
    with pytest.raises(FindingError) as caught:
        RUN.invoke(app, list(words), catch_exceptions=False, standalone_mode=False)
    assert [f.check for f in caught.value.findings] == [check]


def test_a_workspace_without_air(city: Path) -> None:
    (city / "tables" / "observation.csv").unlink()
    with pytest.raises(FindingError) as caught:
        RUN.invoke(app, ["air", str(city)], catch_exceptions=False, standalone_mode=False)
    assert "air_none" in [f.check for f in caught.value.findings]


@pytest.fixture
def aired(tmp_path: Path) -> Path:
    """The minimal example with a response, a receptor, an observation, and runs of a model."""
    from tongyuan.ledger.example import copy_example

    folder = tmp_path / "w"
    copy_example("minimal", folder)
    tables = {
        "response": "receptor,species,value,unit,base_emission,base_unit\n"
        "city,SO2,8,µg/m3/kt,0.5,kt\ncity,NOx,3,µg/m3/kt,2.3,kt\n",
        "receptor": "receptor,value,unit\ncity,39,µg/m3\n",
        "receptor_observation": "receptor,year,value,unit,error\ncity,2021,41,µg/m3,0.5\n",
        "model_run": "run,receptor,value,unit\n"
        + "".join(f"r{i},city,{30 + 9 * r},µg/m3\n" for i, r in enumerate((0.4, 0.7, 1.0, 1.2))),
        "model_run_emission": "run,species,ratio,base_emission,unit\n"
        + "".join(f"r{i},SO2,{r},0.5,kt\n" for i, r in enumerate((0.4, 0.7, 1.0, 1.2))),
    }
    for name, text in tables.items():
        (folder / "tables" / f"{name}.csv").write_text(text, "utf-8")
    return folder


def test_an_inventory_is_constrained_and_runs_are_fitted(aired: Path, tmp_path: Path) -> None:
    rows = json.loads(run("constrain", aired, "--json"))
    scaled = rows["scaling_factor"]
    assert {row["species"] for row in scaled} == {"SO2", "NOx"}
    assert all(row["posterior_sd"] <= row["prior_sd"] for row in scaled)
    assert run("constrain", aired, "--lognormal", "--language", "en")
    made = json.loads(run("fit", aired, "--json"))
    assert made["response"][0]["value"] == pytest.approx(9 / 0.5)
    assert made["receptor"][0]["value"] == pytest.approx(39)
    run("fit", aired, "--free", "-o", tmp_path / "air.xlsx")
    assert (tmp_path / "air.xlsx").stat().st_size > 4000


def test_what_is_missing_is_said(city: Path) -> None:
    for command in ("constrain", "fit"):
        with pytest.raises(FindingError):
            RUN.invoke(app, [command, str(city)], catch_exceptions=False)
