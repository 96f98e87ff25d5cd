import polars as pl
import pytest

from tongyuan.facility.evidence.collect import collect
from tongyuan.facility.simulate.meter import metered
from tongyuan.facility.simulate.tables import province, tables_of_year
from tongyuan.facility.simulate.world import KINDS, _change, changed


@pytest.fixture(scope="module")
def plants() -> dict[str, pl.DataFrame]:
    return province(40, seed=1)


def test_what_was_changed_is_listed_and_nothing_else_was(plants: dict[str, pl.DataFrame]) -> None:
    made, changes = changed(plants, seed=2)
    assert changes["facility"].n_unique() == 4
    assert set(changes["kind"]) == set(KINDS[:-1])
    assert changes["note"].str.contains("示例").all()
    same = ~pl.col("facility").is_in(changes["facility"].unique().to_list())
    for name in plants:
        if "facility" in plants[name].columns:
            assert made[name].filter(same).equals(plants[name].filter(same)), name
    assert changed(plants, seed=2)[1].equals(changes)


def test_coal_that_was_left_out_leads_the_suspicions(plants: dict[str, pl.DataFrame]) -> None:
    made, changes = changed(plants, seed=2)
    coal = changes.filter(pl.col("kind") == "coal_left_out")
    found = collect(made)["suspicion"].filter(pl.col("q_value") < 0.05)
    assert set(zip(coal["facility"], coal["period"], strict=True)) <= set(
        zip(found["facility"], found["period"], strict=True)
    )
    assert set(found["facility"]) <= set(changes["facility"])


def test_hours_are_held_where_there_are_hours() -> None:
    plant = tables_of_year(metered(seed=3), "SIM")
    made = _change(plant, "SIM", "hours_held", ["2025-01"])["reading"]
    day = made.filter(
        (pl.col("parameter") == "a21026") & (pl.col("hour").dt.day() == 15) & (pl.col("flag") == "N")
    )
    assert day["value"].unique().to_list() == [17.3]
    assert made.filter(pl.col("parameter") == "a21002").equals(
        plant["reading"].filter(pl.col("parameter") == "a21002")
    )
