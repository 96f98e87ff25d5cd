from __future__ import annotations

import polars as pl
import pytest

from tongyuan.pathway.ask.scenario import adopt, compare, continued, grow, outcome
from tongyuan.pathway.example import steel


@pytest.fixture(scope="module")
def grown():
    case = steel()
    base = case["stock"].select("node", "technology", "control", value="activity")
    return case, grow(base, [2025, 2030], {"furnace": 0.02}, 2025)


def test_growth_compounds_and_leaves_the_rest(grown):
    _, rows = grown
    at = {(r["technology"], r["year"]): r["value"] for r in rows.filter(pl.col("node") == "north").to_dicts()}
    assert at["furnace", 2030] == pytest.approx(8000 * 1.02**5)
    assert at["coal_power", 2030] == at["coal_power", 2025] == 9e4


def test_adoption_moves_service_and_changes_emission(grown):
    case, rows = grown
    moved = adopt(rows, ("furnace", ""), ("arc", ""), {2030: 0.25})
    year = moved.filter(pl.col("year") == 2030).group_by("technology").agg(pl.col("value").sum())
    at = dict(year.iter_rows())
    assert at["arc"] == pytest.approx(at["furnace"] / 3)
    table = compare({"base": outcome(case, rows), "arc": outcome(case, moved)})
    co2 = table.filter((pl.col("species") == "CO2") & (pl.col("year") == 2030)).row(0, named=True)
    assert co2["arc"] < co2["base"]


def test_shares_beyond_one_are_refused(grown):
    with pytest.raises(ValueError, match="between 0 and 1"):
        adopt(grown[1], ("furnace", ""), ("arc", ""), {2030: 1.5})


def test_as_today_carries_the_base_year_on_with_demand() -> None:
    case = steel(growth=0.1)
    found = continued(case)
    run = found["plan_activity"].filter(pl.col("technology") == "furnace")
    by_year = dict(run.group_by("year").agg(pl.col("value").sum()).iter_rows())
    assert by_year[2025] == pytest.approx(12_000.0)  # 8,000 t in the north and 4,000 t in the south
    assert by_year[2030] == pytest.approx(13_200.0)
    nox = found["plan_emission"].filter((pl.col("species") == "NOx") & (pl.col("technology") == "furnace"))
    assert nox.filter(pl.col("year") == 2030)["value"].sum() == pytest.approx(13_200.0 * 0.0015)
    assert set(found["plan_activity"]["scenario"]) == {"continued"}
    assert "arc" not in set(found["plan_activity"]["technology"])
