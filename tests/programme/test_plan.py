import polars as pl
import pytest

from tongyuan.programme.plan import (
    TABLES,
    articles,
    indicators_of,
    known_indicators,
    national_plan,
    observations,
    targets_in,
    targets_of,
)
from tongyuan.reference import units
from tongyuan.reference.shelf import shelf


def test_the_national_plan_has_every_task_in_both_languages_and_its_numeric_targets():
    plan = national_plan()
    assert set(plan) == set(TABLES)
    tasks = plan["task"]
    assert tasks.height == 135
    assert tasks["text_zh"].null_count() == tasks["text_en"].null_count() == tasks["lead"].null_count() == 0
    assert set(tasks["article"]) == set(range(4, 30))
    targets = plan["programme_target"].filter(pl.col("value").is_not_null())
    told = {(i, y): v for i, y, v in targets.select("indicator", "year", "value").iter_rows()}
    assert told == {
        ("short_process_steel", 2025): 15,
        ("short_process_steel", 2030): 20,
        ("secondary_aluminium", 2025): 1150,
        ("renewable_aluminium", 2030): 30,
        ("nev_share_key_region", 2030): 50,
        ("fertiliser_efficiency", 2025): 43,
        ("pesticide_efficiency", 2025): 43,
        ("new_bulk_waste", 2025): 60,
    }


def test_every_task_of_a_target_exists_and_says_the_number():
    plan = national_plan()
    texts = dict(plan["task"].select("task", "text_zh").iter_rows())
    for row in plan["programme_target"].filter(pl.col("value").is_not_null()).iter_rows(named=True):
        assert f"{row['value']:g}" in texts[row["task"]], row["target"]


def test_the_articles_are_29():
    assert articles()["article"].to_list() == list(range(1, 30))


def test_printed_series_keep_ranges_gaps_scope_and_status():
    frame = observations()
    assert frame["citation"].null_count() == 0
    steel = frame.filter((pl.col("indicator") == "short_process_steel") & (pl.col("period") == "2021")).row(
        0, named=True
    )
    assert (steel["value"], steel["lower"], steel["upper"], steel["printed"]) == (None, 10.6, 11.0, "10.6–11")
    aluminium = frame.filter(pl.col("indicator") == "secondary_aluminium")
    assert set(aluminium.filter(pl.col("comparable"))["period"]) == {"2023-H1", "2024", "2025-H1"}
    fertiliser = frame.filter(pl.col("indicator") == "fertiliser_efficiency")
    assert "2021" not in fertiliser["period"].to_list()
    bundled = frame.filter(pl.col("note").fill_null("").str.contains("one citation for several figures"))
    assert set(bundled["status"]) == {"unverified"}
    assert bundled.height == 18
    traced = frame.filter(pl.col("status") != "unverified", pl.col("region") == "100000")
    assert set(traced["indicator"]) == {
        "fertiliser_efficiency",
        "pesticide_efficiency",
        "renewable_aluminium",
    }


def test_provincial_targets_are_all_there_with_their_documents():
    frame = targets_of("shandong")
    assert frame.height == 63
    assert frame["document"].null_count() == frame["citation"].null_count() == 0
    assert frame.equals(targets_in("370000"))
    assert targets_in("110000").is_empty()
    with pytest.raises(KeyError, match="shandong"):
        targets_of("nowhere")


def test_every_target_has_an_indicator_of_the_same_dimension():
    known = {r["indicator"]: r for r in known_indicators().iter_rows(named=True)}
    for row in shelf("programme_target").to_dicts():
        unit = known[row["indicator"]]["unit"]
        assert (row["comparator"] == "qualitative") == (row["value"] == ""), row["target"]
        if row["value"]:
            assert units.dimension(row["unit"]) == units.dimension(unit), row["target"]
    for row in shelf("programme_observation").to_dicts():
        assert row["indicator"] in known


def test_indicators_of_targets_are_those_named():
    targets = targets_of("national_other")
    assert set(indicators_of(targets, "x")["indicator"]) == {"renewable_aluminium", "bulk_waste"}
