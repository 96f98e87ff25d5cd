import numpy as np
import polars as pl
import pytest

from tongyuan.flows.impact.benefit import benefit_of
from tongyuan.flows.source import Inputs
from tongyuan.impact.air.crop import crop_ozone
from tongyuan.impact.air.screening import screen_tm5fasst
from tongyuan.impact.climate.pulse import agtp_ar6
from tongyuan.impact.health.crop import yield_loss_aot40
from tongyuan.impact.station.tables import statistic_row
from tongyuan.ledger.settings import Settings
from tongyuan.ledger.table import from_rows, table

SETTINGS = Settings(name="X", kind="province", region="山东省")
CONTINUED = {
    "SO2": 100.0,
    "NOx": 200.0,
    "NH3": 50.0,
    "BC": 10.0,
    "OC": 20.0,
    "NMVOC": 80.0,
    "CO2": 1e6,
    "N2O": 1.0,
}
CUT = {"SO2": 0.6, "NOx": 0.8, "NH3": 0.95, "BC": 0.7, "OC": 0.7, "NMVOC": 0.9, "CO2": 0.5, "N2O": 1.0}


def plan() -> pl.DataFrame:
    rows = [("base", 2021, s, v) for s, v in CONTINUED.items()]
    rows += [("continued", y, s, v) for y in (2025, 2030) for s, v in CONTINUED.items()]
    rows += [
        ("plan", y, s, v * (CUT[s] if y == 2030 else 1)) for y in (2025, 2030) for s, v in CONTINUED.items()
    ]
    runs = [("base", 2021), ("continued", 2025), ("continued", 2030), ("plan", 2025), ("plan", 2030)]
    rows += [(s, y, "CH4_fossil", 3.0 if (s, y) == ("plan", 2030) else 4.0) for s, y in runs]
    return pl.DataFrame(rows, schema=["scenario", "year", "species", "value"], orient="row")


def made(**given: pl.DataFrame) -> dict[str, pl.DataFrame]:
    row = statistic_row("370000", "region", 2021, "PM2.5", "mean", 39.0, "year")
    later = statistic_row("370000", "region", 2024, "PM2.5", "mean", 35.5, "year")
    columns = {c: [r.get(c) for r in (row, later)] for c in table("air_statistic").dtypes}
    air = pl.DataFrame(columns, schema=table("air_statistic").dtypes)
    tables, _ = benefit_of(Inputs(SETTINGS, given, made={"plan_emission": plan(), "air_statistic": air}))
    return tables


def test_air_is_the_ratio_on_what_was_observed_in_the_base_year() -> None:
    air = made()["plan_air"].filter(pl.col("metric") == "PM2.5")
    first, last = air.sort("year").iter_rows(named=True)
    assert (first["ratio"], first["after"], first["share"]) == (1, 39, 0)
    changes = {s: CUT[s] - 1 for s in ("SO2", "NOx", "NH3", "BC", "OC", "NMVOC")} | {"CH4": -0.25}
    assert last["ratio"] == pytest.approx(screen_tm5fasst(changes).ratio, rel=1e-12)
    assert last["after"] == pytest.approx(39 * last["ratio"])
    assert 0 < last["share_lower"] < last["share"] < last["share_upper"]
    assert last["deaths"] is None


def test_deaths_avoided_where_a_baseline_is_given() -> None:
    given = pl.DataFrame({"region": ["370000"], "year": [2020], "endpoint": ["ncd_lri"], "deaths": [7e5]})
    row = (
        made(baseline_death=given)["plan_air"]
        .sort("year")
        .filter(pl.col("metric") == "PM2.5")
        .row(-1, named=True)
    )
    assert row["deaths"] == pytest.approx(7e5 * row["share"])


def test_temperature_by_hand() -> None:
    """CO2 falls on a line from nothing in 2025 to half a million tonnes less in 2030."""
    found = made()["temperature"]
    value = {(r["year"], r["species"]): r["value"] for r in found.iter_rows(named=True)}
    less = np.linspace(0, -5e8, 6)
    by_hand = sum(less[n] * float(agtp_ar6("CO2", 6.0 - n).agtp) for n in range(6))
    assert value[2030, "CO2"] == pytest.approx(by_hand, rel=1e-9)
    assert value[2025, "CO2"] == 0
    assert value[2030, "CH4"] < 0
    assert value[2030, "N2O"] == 0


def test_without_a_scenario_to_compare_with_there_is_nothing() -> None:
    only = plan().filter(pl.col("scenario") != "continued")
    assert benefit_of(Inputs(SETTINGS, {}, made={"plan_emission": only})) == ({}, ())
    without_air, _ = benefit_of(Inputs(SETTINGS, {}, made={"plan_emission": plan()}))
    assert without_air["plan_air"]["before"].null_count() == without_air["plan_air"].height


def test_far_cuts_are_said_to_be_far() -> None:
    deep = plan().with_columns(
        pl.when((pl.col("scenario") == "plan") & (pl.col("species") == "NOx"))
        .then(pl.col("value") * 0.1)
        .otherwise(pl.col("value"))
        .alias("value")
    )
    tables, found = benefit_of(Inputs(SETTINGS, {}, made={"plan_emission": deep}))
    assert [f.check for f in found] == ["air_reach"]
    assert "、" not in found[0].message("en")
    assert set(tables["plan_air"].filter(pl.col("year") == 2030)["reach"]) == {"beyond_reach"}


def test_less_ozone_leaves_more_of_the_harvest() -> None:
    """By hand for AOT40 of wheat: the harvest of going on, times (1 − loss with the plan)/(1 − loss) − 1."""
    crop = from_rows("crop", [
        {"crop": "wheat", "production": 2637.0, "unit": "万吨", "price": 2500.0, "source": "test"},
        {"crop": "rice", "production": 100.0, "unit": "t", "source": "test"},
    ])  # fmt: skip
    gain = made(crop=crop)["crop_gain"].filter(scenario="plan", year=2030)
    row = gain.filter(crop="wheat", metric="aot40").row(0, named=True)
    changes = {s: CUT[s] - 1 for s in ("SO2", "NOx", "NH3", "BC", "OC", "NMVOC")} | {"CH4": -0.25}
    after = float(yield_loss_aot40("wheat", crop_ozone(changes, "wheat")))
    assert row["loss_before"] == pytest.approx(0.0802612, abs=5e-8)
    assert row["gain"] == pytest.approx(2637e4 * ((1 - after) / (1 - row["loss_before"]) - 1))
    assert row["value"] == pytest.approx(2500 * row["gain"])
    assert gain.filter(crop="rice", metric="aot40")["value"].item() is None
    still = made(crop=crop)["crop_gain"].filter(scenario="plan", year=2025)
    assert still["gain"].to_list() == pytest.approx([0.0] * 4)
