from dataclasses import dataclass, field

import polars as pl
import pytest
from tests.impact.station.test_tables import FLAT, STATIONS, year_of

from tongyuan.flows.impact.air import air_of
from tongyuan.ledger.settings import Settings
from tongyuan.ledger.table import from_rows


@dataclass
class Brought:
    tables: dict[str, pl.DataFrame]
    settings: Settings = field(default_factory=lambda: Settings(name="X", kind="city"))
    letters: dict[str, dict[str, str]] = field(default_factory=dict)


def observed(rows: list[tuple[str, str, str, float, str]]) -> pl.DataFrame:
    frame = pl.DataFrame(rows, schema=["region", "period", "indicator", "value", "unit"], orient="row")
    return frame.with_columns(pl.lit("read").alias("confidence"), pl.lit("a bulletin").alias("source"))


def test_published_concentrations_are_evaluated_and_charged() -> None:
    rows = [
        ("370000", "2021", "PM2.5年均浓度", 39.0, "微克/立方米"),
        ("370000", "2021", "O3日最大8小时90百分位年评价值", 166.0, "微克/立方米"),
        ("370000", "2014", "PM2.5年均浓度", 0.082, "毫克/立方米"),
    ]
    made, found = air_of(Brought({"observation": observed(rows)}))
    assert not found
    statistic = made["air_statistic"].sort("year", "pollutant")
    assert statistic["value"].to_list() == pytest.approx([82.0, 166.0, 39.0])
    assert statistic["attained"].to_list() == [None, False, False]
    assert statistic["state"].to_list() == ["273K", "298K", "actual"]
    assert made["burden"].filter(pl.col("base_year") == 2014)["share"].to_list() == pytest.approx(
        [0.171107], abs=1e-6
    )


def test_readings_go_before_what_was_published() -> None:
    rows = [("X", "2025", "PM2.5年均浓度", 99.0, "µg/m3"), ("X", "2025", "SO2年均浓度", 7.0, "µg/m3")]
    tables = {
        "station_reading": year_of({"PM2.5": FLAT["PM2.5"]}),
        "station": STATIONS,
        "observation": observed(rows),
    }
    made, _ = air_of(Brought(tables))
    city = made["air_statistic"].filter(pl.col("kind") == "region", pl.col("statistic") == "mean")
    assert {r["pollutant"]: (r["value"], r["origin"]) for r in city.iter_rows(named=True)} == {
        "PM2.5": (39.0, "computed"),
        "SO2": (7.0, "published"),
    }


def test_each_trouble_has_its_sentence() -> None:
    readings = pl.concat(
        [
            year_of({"PM2.5": 200.0}, ("a", "nowhere")),
            year_of({"O3": 80.0}, ("a",)).with_columns(pl.lit("ppb").alias("unit")),
            year_of({"SO2": 0.0}, ("a",)),
        ]
    )
    made, found = air_of(Brought({"station_reading": readings, "station": STATIONS}))
    assert {f.check for f in found} == {"station_unknown", "air_unit", "air_noughts", "risk_outside"}
    assert "O3" not in made["air_statistic"]["pollutant"].to_list()
    assert all(f.message("zh") and f.message("en") for f in found)


def test_without_air_there_is_nothing() -> None:
    assert air_of(Brought({})) == ({}, ())
    only = year_of({"O3": 80.0}).with_columns(pl.lit("ppb").alias("unit"))
    made, found = air_of(Brought({"station_reading": only, "station": STATIONS}))
    assert made == {}
    assert [f.check for f in found] == ["air_unit"]


def test_a_named_standard_is_a_scenario() -> None:
    settings = Settings(name="X", kind="city", impact={"standard": "GB3095-2026", "zone": 1})  # type: ignore[arg-type]
    rows = [("X", "2021", "PM2.5年均浓度", 12.0, "µg/m3")]
    made, _ = air_of(Brought({"observation": observed(rows)}, settings))
    assert made["air_statistic"].row(0, named=True)["limit"] == 10


def test_the_edition_of_the_risk_function_is_a_choice() -> None:
    rows = observed([("X", "2021", "PM2.5年均浓度", 39.0, "µg/m3")])
    without = Settings(name="X", kind="city", impact={"chinese_cohort": False})  # type: ignore[arg-type]
    shares = [
        air_of(Brought({"observation": rows}, settings))[0]["burden"]["share"][0]
        for settings in (Settings(name="X", kind="city"), without)
    ]
    assert shares == pytest.approx([0.251863, 0.253239], abs=1e-6)


def test_cases_by_function_and_what_cannot_act_is_said() -> None:
    rows = [("370000", "2021", "PM2.5年均浓度", 39.0, "µg/m3")]
    cases = pl.DataFrame({
        "region": ["370000"] * 2, "year": [2021] * 2, "function": ["crea_pm_preterm", "yin_2017_o3_stroke"],
        "cases": [1000.0, 1.0], "source": ["test"] * 2,
    })  # fmt: skip
    made, found = air_of(Brought({"observation": observed(rows), "baseline_case": cases}))
    row = made["health_case"].row(0, named=True)
    assert row["cases"] == pytest.approx(1000 * (1 - 1.15 ** -((39 - 8.8) / 10)))
    assert [f.check for f in found] == ["case_of_days"]


def test_a_further_function_needs_its_points_and_causes_nobody_knows_are_said() -> None:
    rows = [("370000", "2021", "PM2.5年均浓度", 39.0, "µg/m3")]
    deaths = pl.DataFrame({
        "region": ["370000"], "year": [2021], "endpoint": ["diabetes"], "age": ["25+"], "deaths": [1e4],
        "source": ["test"],
    })  # fmt: skip
    own = Settings.model_validate({"name": "X", "kind": "city", "impact": {"risk_function": "own"}})
    _, found = air_of(Brought({"observation": observed(rows), "baseline_death": deaths}, own))
    assert {f.check for f in found} == {"risk_point_none", "risk_unknown"}
    fusion = Settings.model_validate(
        {"name": "X", "kind": "city", "impact": {"risk_function": "fusion_2022"}}
    )
    made, found = air_of(Brought({"observation": observed(rows), "baseline_death": deaths}, fusion))
    assert found == ()
    assert set(made["burden"]["function"]) == {"gemm_2018", "fusion_2022"}


@pytest.mark.parametrize(
    ("ages", "check"),
    [
        (["60-64", "80+"], "baseline_missing"),
        (["25+", "60-64"], "baseline_twice"),
        (["25+"], None),
        ([None], None),
    ],
)
def test_missing_ages_and_ages_told_twice_have_their_sentence(
    ages: list[str | None], check: str | None
) -> None:
    deaths = from_rows("baseline_death", [
        {"region": "370000", "year": 2021, "endpoint": "ihd", "age": age, "deaths": 1000.0} for age in ages
    ])  # fmt: skip
    rows = [("370000", "2021", "PM2.5年均浓度", 39.0, "微克/立方米")]
    _, found = air_of(Brought({"observation": observed(rows), "baseline_death": deaths}))
    told = [f for f in found if f.check.startswith("baseline_")]
    assert [f.check for f in told] == ([check] if check else [])
    if check == "baseline_missing":
        assert "25-29" in told[0].message("en")
        assert "60-64" not in told[0].message("zh")
