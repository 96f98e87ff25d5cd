import polars as pl
import pytest

from tongyuan.flows.assess import assess, assess_all, track
from tongyuan.ledger.settings import Settings
from tongyuan.ledger.table import conform
from tongyuan.reference.energy import fuels

SETTINGS = Settings(
    name="x",
    kind="province",
    region="370000",
    account={"fuel_set": "C", "gwp_set": "AR5", "draws": 200, "seed": 1},
)


def emission(rows):
    names = ("year", "process", "product", "species", "value")
    frame = pl.DataFrame([dict(zip(names, row, strict=True)) for row in rows]).with_columns(
        pl.lit("370000").alias("region"),
        pl.lit("combustion").alias("origin"),
        pl.lit("direct").alias("scope"),
        pl.when(pl.col("species") == "CO2").then(pl.lit("ghg")).otherwise(pl.lit("air")).alias("medium"),
        pl.lit("t").alias("unit"),
        pl.lit("f").alias("method"),
        pl.lit(["A1"]).alias("activity_id"),
        pl.lit(["F1"]).alias("factor_id"),
        pl.col("value").alias("uncontrolled"),
        pl.lit("").alias("technology"),
        pl.lit("default").alias("tier"),
        pl.lit("").alias("control"),
    )
    return frame


POWER = ("energy.power", "raw_coal")
EMISSION = emission(
    [
        (2014, *POWER, "CO2", 100.0),
        (2014, *POWER, "SO2", 10.0),
        (2021, *POWER, "CO2", 110.0),
        (2021, *POWER, "SO2", 4.0),
        (2014, "industry.cement", "clinker", "CO2", 50.0),
    ]
)
ACTIVITY = pl.DataFrame(
    {
        "region": ["370000"] * 2,
        "year": [2014, 2021],
        "process": [POWER[0]] * 2,
        "product": [POWER[1]] * 2,
        "value": [50.0, 55.0],
        "unit": ["t"] * 2,
        "source": ["s"] * 2,
    }
)
OBSERVATION = conform(
    "observation",
    pl.DataFrame(
        {
            "region": ["370000"] * 5,
            "period": ["2014", "2021", "2020", "2021", "2022"],
            "indicator": ["地区生产总值"] * 2 + ["优良天数比例"] * 3,
            "value": [59426.6, 83095.9, 69.1, 71.1, 73.2],
            "unit": ["亿元", "亿元", "%", "%", "%"],
            "source": ["s"] * 5,
            "confidence": ["read"] * 5,
        }
    ),
)
SUMMARY = pl.DataFrame(
    {
        "region": ["370000"] * 2,
        "year": [2014, 2021],
        "sector": ["energy"] * 2,
        "species": ["CO2"] * 2,
        "value": [1.0] * 2,
        "unit": ["t"] * 2,
    }
)
TABLES = {"emission": EMISSION, "activity": ACTIVITY, "observation": OBSERVATION, "summary": SUMMARY}


@pytest.fixture(scope="module")
def made():
    return assess_all(TABLES, SETTINGS)


def test_change_is_compared_like_for_like_and_what_is_left_out_is_named(made):
    row = made.tables["co_control"].filter(pl.col("pollutant") == "SO2").row(0, named=True)
    assert row["pollution_change"] == pytest.approx(-0.6)
    assert row["carbon_change"] == pytest.approx(0.1)
    assert row["quadrant"] == "pollution_only"
    assert row["elasticity"] == pytest.approx(-6)
    told = next(f for f in made.findings if f.check == "not_in_every_year")
    assert "水泥" in told.message("zh")


def test_decoupling_and_causes(made):
    states = dict(made.tables["decoupling"].select("species", "state").iter_rows())
    assert states == {"SO2": "strong_decoupling", "CO2e": "weak_decoupling"}
    effects = made.tables["lmdi"].filter(pl.col("group").fill_null("") == "")
    sums = dict(effects.group_by("species").agg(pl.col("value").sum()).iter_rows())
    assert sums["CO2"] == pytest.approx(10)
    assert sums["SO2"] == pytest.approx(-6)
    carbon = dict(effects.filter(pl.col("species") == "CO2").select("effect", "value").iter_rows())
    assert carbon["factor"] == pytest.approx(0, abs=1e-9)
    assert fuels.heating_value("raw_coal", "C")[0] > 0


def test_targets_of_nation_and_province_stand_side_by_side(made):
    status = made.tables["target_status"]
    assert set(status["plan"]) == {"national", "national_other", "shandong"}
    rows = {r["target"]: r for r in status.iter_rows(named=True)}
    assert rows["cn.fertiliser.2025"]["state"] == "met"
    assert rows["sd.good_days.2025"]["count"] == 3
    assert rows["sd.good_days.2025"]["probability"] > 0.9
    assert rows["sd.non_fossil.2025"]["state"] == "no_data"
    assert {f.values["indicator"].zh for f in made.findings if f.check == "target_conflict"} >= {
        "单位GDP能耗下降",
        "重度及以上污染天数比率",
    }


def test_one_year_has_no_change_but_has_targets():
    tables = assess(
        {k: v.filter(pl.col("year") == 2021) if "year" in v.columns else v for k, v in TABLES.items()},
        SETTINGS,
    )
    assert {"indicator_observation", "target_status", "score"} <= set(tables)
    assert not {"co_control", "decoupling", "lmdi"} & set(tables)
    assert "score_stability" in tables
    assert tables["score_stability"]["change"].null_count() == 1


def test_another_region_has_the_national_targets_only():
    tables = assess({}, SETTINGS.model_copy(update={"region": "110000"}))
    assert set(tables["target_status"]["region"]) == {"100000"}


def test_a_workspace_with_its_own_targets_uses_them():
    own = conform(
        "programme_target",
        pl.DataFrame(
            {
                "plan": ["mine"],
                "target": ["t"],
                "indicator": ["good_days"],
                "region": ["370000"],
                "year": [2022],
                "comparator": ["at_least"],
                "value": [73.0],
                "unit": ["%"],
            }
        ),
    )
    tables = assess({"observation": OBSERVATION, "programme_target": own}, SETTINGS)
    mine = tables["target_status"].filter(pl.col("plan") == "mine").row(0, named=True)
    assert (mine["state"], mine["observed"]) == ("met", 73.2)
    assert "shandong" not in set(tables["target_status"]["plan"])


def test_without_gdp_there_is_no_decoupling():
    tables = assess({**TABLES, "observation": OBSERVATION.filter(pl.col("unit") == "%")}, SETTINGS)
    assert "decoupling" not in tables
    assert tables["co_control"].height
    assert tables["lmdi"].height


def test_a_revised_product_replaces_the_first_one():
    first = OBSERVATION.filter((pl.col("indicator") == "地区生产总值") & (pl.col("period") == "2014"))
    revised = first.with_columns(
        pl.lit("地区生产总值（修订）").alias("indicator"), pl.lit(50774.8).alias("value")
    )
    tables = assess({**TABLES, "observation": pl.concat([OBSERVATION, revised])}, SETTINGS)
    grown = tables["decoupling"]["driver_change"].unique().to_list()
    assert grown == pytest.approx([83095.9 / 50774.8 - 1])


@pytest.mark.parametrize("kind", ["park", "enterprise"])
def test_targets_of_governments_are_not_those_of_a_park_or_an_enterprise(kind):
    settings = SETTINGS.model_copy(update={"kind": kind})
    tables = {"emission": EMISSION}
    assert "target_status" not in track(tables, settings).tables
    own = conform(
        "programme_target",
        pl.DataFrame(
            {"plan": ["own"], "target": ["t"], "indicator": ["i"], "region": ["p"]}
            | {"year": [2030], "comparator": ["at_most"], "value": [1.0], "unit": ["t"]}
        ),
    )
    told = track({**tables, "programme_target": own}, settings).tables["target_status"]
    assert told["plan"].to_list() == ["own"]
