from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest
from tests.flows.conftest import changed_settings, example

from tongyuan.flows.account.account import Account
from tongyuan.flows.score import cases_of, compared, emission_of, index_of, score_of
from tongyuan.flows.source import INDEX
from tongyuan.ledger.branch import AssessSettings
from tongyuan.ledger.finding import FindingError
from tongyuan.ledger.settings import Settings
from tongyuan.ledger.table import conform, names, table
from tongyuan.ledger.workspace import Workspace, load
from tongyuan.synergy.index.index import names as index_names

CITY = Settings(name="x", kind="city", account={"draws": 100})


@pytest.mark.parametrize("kind", ["province", "city", "park", "enterprise"])
def test_every_kind_of_workspace_has_an_index(kind: str) -> None:
    index = index_of(Settings(name="x", kind=kind))
    assert index is not None
    assert index.id in index_names()
    assert index_of(Settings(name="x", kind=kind, assess={"index": "none"})) is None


def test_an_index_of_ones_own_is_the_text_the_workspace_brings() -> None:
    from importlib.resources import files

    text = (files("tongyuan.synergy") / "indexes" / "park.toml").read_text("utf-8")
    text = text.replace('id = "park"', 'id = "mine"')
    index = index_of(Settings(name="x", kind="city", assess={"index": "mine.toml"}), {INDEX: text})
    assert index is not None
    assert index.id == "mine"
    for wrong in ("absent.toml", "nothing"):
        with pytest.raises(FindingError):
            index_of(CITY.model_copy(update={"assess": AssessSettings(index=wrong)}))


@pytest.fixture(scope="module")
def made(shandong: Account, province: Workspace) -> dict[str, pl.DataFrame]:
    tables, findings = score_of(shandong.tables, province.settings)
    assert {f.check for f in findings} >= {"index_proposal", "indicators_absent"}
    return tables


def test_tables_are_those_of_the_ledger(made: dict[str, pl.DataFrame]) -> None:
    for name, frame in made.items():
        assert name in names()
        assert frame.columns == [column.name for column in table(name).columns]


def test_shandong_is_scored_like_for_like(made: dict[str, pl.DataFrame], shandong: Account) -> None:
    """Cement stands in the inventory of 2014 only: counted, it would pass for a reduction of carbon."""
    values = {
        (row["indicator"], row["year"]): row["value"] for row in made["indicator_value"].iter_rows(named=True)
    }
    assert values["joint_SO2_CO2", 2021] < 0
    assert values["co_reduction", 2021] == 0
    emission = shandong.tables["emission"]
    assert "industry.cement" in "".join(emission.filter(pl.col("year") == 2014)["process"].unique())
    kept, told = compared(emission)
    years = kept.group_by("process").agg(pl.col("year").n_unique())
    assert set(years["year"]) == {2}
    assert [f.check for f in told] == ["not_in_every_year"]


def test_shandong_figures_are_of_the_right_size(made: dict[str, pl.DataFrame]) -> None:
    """About 1 t CO2 per 10 000 yuan and 8 t per head in 2021, and the observations as published."""
    values = {
        (row["indicator"], row["year"]): row["value"] for row in made["indicator_value"].iter_rows(named=True)
    }
    assert values["pm25", 2014] == 82
    assert values["pm25", 2021] == 39
    assert 0.9e4 < values["carbon_intensity", 2021] < 1.1e4 < values["carbon_intensity", 2014] < 1.7e4
    assert 7 < values["carbon_per_head", 2021] < 10
    assert values["non_fossil", 2021] is None


def test_scores_carry_intervals_coverage_and_stability(made: dict[str, pl.DataFrame]) -> None:
    total = made["score"].filter(pl.col("level") == "index").sort("year")
    assert (total["lower"] < total["score"]).all()
    assert (total["score"] < total["upper"]).all()
    assert total["coverage"].to_list() == pytest.approx([0.35, 0.77])
    change = made["score_stability"].filter(pl.col("year") == 2021).row(0, named=True)
    assert change["shared"] == pytest.approx(0.35)
    assert change["lower"] > 0
    assert change["rise"] > 0.99
    assert "rank_band" not in made


def published(**more: object) -> pl.DataFrame:
    rows = {
        "region": ["370100", "370200"],
        "year": [2021, 2021],
        "species": ["CO2", "CO2"],
        "boundary": ["all", "all"],
        "value": [100.0, 40.0],
        "lower": [50.0, None],
        "upper": [200.0, None],
        "unit": ["Mt", "Mt"],
        "source": ["s", "s"],
    }
    return conform("published_total", pl.DataFrame(rows | more))


def test_published_totals_stand_in_for_an_inventory_and_say_so() -> None:
    emission, uncertainty, told = emission_of({"published_total": published()})
    assert emission is not None
    assert uncertainty is not None
    assert emission.height == 2
    assert uncertainty.height == 1
    assert [f.check for f in told] == ["published_used"]
    assert emission_of({"published_total": published()}, [2020])[0] is None


def test_two_published_totals_for_one_cell_count_neither() -> None:
    both = pl.concat([published(), published(boundary=["other", "other"]).head(1)])
    emission, _, told = emission_of({"published_total": both})
    assert emission is not None
    assert emission["region"].to_list() == ["370200"]
    assert "published_double" in {f.check for f in told}


def test_a_published_part_of_an_inventory_is_no_total() -> None:
    part = published(boundary=["energy.power", "energy.power"])
    assert emission_of({"published_total": part})[0] is None


def test_cases_are_those_of_the_inventory_or_of_any_figure() -> None:
    seen = conform(
        "observation",
        pl.DataFrame(
            {
                "region": ["370100"] * 3,
                "period": ["2013", "2021", "2021-08"],
                "indicator": ["GDP"] * 3,
                "value": [1.0] * 3,
                "unit": ["亿元"] * 3,
                "source": ["s"] * 3,
            }
        ),
    )
    emission, _, _ = emission_of({"published_total": published()})
    found = cases_of({"observation": seen}, emission)
    assert sorted(found.rows()) == [("370100", 2013), ("370100", 2021), ("370200", 2021)]
    assert cases_of({"observation": seen}, emission, [2013]).rows() == [("370100", 2013)]


def test_unverified_observations_never_act_silently(shandong: Account, province: Workspace) -> None:
    doubtful = shandong.tables["observation"].with_columns(
        pl.when(pl.col("indicator").str.starts_with("PM2.5"))
        .then(pl.lit("unverified"))
        .otherwise("confidence")
        .alias("confidence")
    )
    tables = {**shandong.tables, "observation": doubtful}
    few = changed_settings(province.settings, draws=0)
    made, findings = score_of(tables, few)
    assert "figure_unverified" in {f.check for f in findings}
    pm = made["indicator_value"].filter(pl.col("indicator") == "pm25")
    assert pm["value"].null_count() == 2
    allowed, told = score_of(tables, changed_settings(few, include_unverified=True))
    assert "figure_unverified" not in {f.check for f in told}
    assert allowed["indicator_value"].filter(pl.col("indicator") == "pm25")["value"].to_list() == [82, 39]


def test_nothing_to_score_is_said() -> None:
    tables, findings = score_of({}, CITY)
    assert tables == {}
    assert [f.check for f in findings] == ["no_score"]


def test_the_cities_of_shandong(tmp_path: Path) -> None:
    workspace = load(example("cities", tmp_path / "w"))
    tables, findings = score_of(dict(workspace.tables), workspace.settings)
    assert tables["score"]["region"].n_unique() == 16
    bands = tables["rank_band"].filter(pl.col("year") == 2021)
    assert bands.height == 16
    assert set(map(tuple, bands["indicators"])) == {("carbon_intensity", "carbon_per_head")}
    assert (bands["upper"] - bands["lower"]).min() >= 4
    early = tables["rank_band"].filter(pl.col("year") == 2015)
    assert "370100" not in set(early["region"])
    assert set(map(tuple, early["indicators"])) == {("pm25", "carbon_per_head")}
    assert tables["score"].filter(pl.col("level") == "index")["coverage"].max() < 0.2
    assert {"published_used", "rank_left_out"} <= {f.check for f in findings}


def test_figures_of_the_cities_add_up_to_those_of_the_province(province: Workspace, tmp_path: Path) -> None:
    seen = load(example("cities", tmp_path / "w")).tables["observation"]
    whole = province.tables["observation"].filter(pl.col("region") == "370000")

    def of(frame: pl.DataFrame, name: str, period: str) -> pl.DataFrame:
        return frame.filter((pl.col("indicator") == name) & (pl.col("period") == period))

    gdp = of(seen, "地区生产总值", "2021")["value"].sum()
    assert gdp == pytest.approx(of(whole, "地区生产总值", "2021")["value"][0], rel=1e-3)
    people = of(seen, "常住人口", "2021")["value"].sum()
    assert people == pytest.approx(of(whole, "年末常住人口", "2021")["value"][0], rel=1e-4)
    for year in ("2014", "2015"):
        mean = of(seen, "PM2.5年均浓度", year)["value"].mean()
        assert mean == pytest.approx(of(whole, "PM2.5年均浓度", year)["value"][0], rel=0.05)


def test_limits_of_the_cities_follow_from_two_accounts_of_one_year(tmp_path: Path) -> None:
    """Their logarithmic root mean square difference in 2019 is the deviation of a published total."""
    tables = load(example("cities", tmp_path / "w")).tables
    seen = tables["observation"].filter(pl.col("period") == "2019")
    pair = [
        seen.filter(pl.col("indicator") == name).select("region", "value")
        for name in ("CO2排放量（EDGAR v8.0）", "CO2排放量（CEADs）")
    ]
    both = pair[0].join(pair[1], on="region")
    assert both.height == 11
    spread = ((both["value"] / both["value_right"]).log() ** 2).mean() ** 0.5  # type: ignore[operator]
    factor = pl.Series([1.959963984540054 * spread]).exp()[0]
    totals = tables["published_total"]
    assert (totals["upper"] / totals["value"]).to_list() == pytest.approx([factor] * totals.height, rel=1e-3)
    assert (totals["value"] / totals["lower"]).to_list() == pytest.approx([factor] * totals.height, rel=1e-3)
