import dataclasses

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tongyuan.ledger.finding import FindingError
from tongyuan.synergy.index.index import load
from tongyuan.synergy.index.indicator import Columns, columns_from_wide
from tongyuan.synergy.index.score import score
from tongyuan.synergy.index.standing import standing

INDEX = load("city")
EMITTED = ("SO2", "NOx", "NMVOC", "PM", "COD", "CO2")


def columns(regions: int = 5, deviation: float = 0.0, seed: int = 0, **missing: object) -> Columns:
    g = np.random.default_rng(seed)
    rows = 2 * regions
    frame = pl.DataFrame(
        {
            "region": np.repeat([f"r{k}" for k in range(regions)], 2),
            "year": np.tile([2014, 2021], regions),
            "pm25": g.uniform(20, 70, rows),
            "ozone": g.uniform(120, 200, rows),
            "good_days": g.uniform(50, 95, rows),
            "gdp": g.uniform(500, 9000, rows),
            "population": g.uniform(100, 900, rows),
            "non_fossil": g.uniform(5, 30, rows),
            "coal_share": g.uniform(30, 80, rows),
            **{n: g.uniform(1e3, 1e5, rows) * (500 if n == "CO2" else 1) for n in EMITTED},
        }
    )
    if deviation:
        frame = frame.with_columns(pl.lit(deviation).alias(f"{name}_deviation") for name in EMITTED)
    for name, region in missing.items():
        gap = pl.when(pl.col("region") == region).then(None).otherwise(pl.col(name))
        frame = frame.with_columns(gap.alias(name))
    return columns_from_wide(INDEX, frame)


def test_certain_data_and_fixed_weights_do_not_move() -> None:
    made = standing(INDEX, columns(), draws=50, concentration=1e9)
    stable = made.score_stability
    assert np.allclose(stable["weight_lower"], stable["weight_upper"], atol=1e-3)
    moved = stable.drop_nulls("change")
    assert np.allclose(moved["lower"], moved["change"], atol=1e-3)
    assert set(moved["rise"]) <= {0.0, 1.0}
    bands = made.rank_band
    assert (bands["lower"] == bands["rank"]).all()
    assert (bands["upper"] == bands["rank"]).all()


def test_drawn_ranks_bracket_the_rank_and_the_scores_are_those_of_the_scoring() -> None:
    c = columns(deviation=0.3)
    made = standing(INDEX, c, draws=400, seed=3)
    bands = made.rank_band
    assert (bands["lower"] <= bands["median"]).all()
    assert (bands["median"] <= bands["upper"]).all()
    assert bands.filter(pl.col("lower") < pl.col("upper")).height > 0
    assert bands.group_by("year").agg(pl.col("top").sum())["top"].to_list() == pytest.approx([1, 1])
    scored = score(INDEX, c, missing="reweight", draws=0).score.filter(pl.col("level") == "index")
    both = made.score_stability.join(scored, on=["region", "year"])
    assert np.allclose(both["score"], both["score_right"])


def test_years_are_compared_on_the_indicators_known_in_both() -> None:
    made = standing(INDEX, columns(), draws=20)
    now = made.score_stability.filter(pl.col("year") == 2021)
    assert set(now["base_year"]) == {2014}
    synergy = sum(i.weight for i in INDEX.indicator if i.criterion == "synergy")
    assert now["shared"].to_list() == pytest.approx([1 - synergy] * 5)
    assert np.allclose(now["after"] - now["before"], now["change"])
    assert made.score_stability.filter(pl.col("year") == 2014)["change"].null_count() == 5


def test_a_region_without_the_common_indicators_has_no_rank_and_is_named() -> None:
    made = standing(INDEX, columns(ozone="r1"), draws=20)
    assert set(made.rank_band["region"]) == {"r0", "r2", "r3", "r4"}
    assert {f.check for f in made.findings} == {"rank_left_out"}
    assert "r1" in made.findings[0].message("zh")
    assert "ozone" in made.rank_band["indicators"][0]


def test_an_indicator_most_regions_lack_is_not_ranked_by() -> None:
    c = columns(3, ozone="r1")
    gap = np.array([r in ("r1", "r2") for r in c.keys["region"]])
    thin = dataclasses.replace(c, value=c.value | {"ozone": np.where(gap, np.nan, c.value["ozone"])})
    made = standing(INDEX, thin, draws=20)
    assert set(made.rank_band["region"]) == {"r0", "r1", "r2"}
    assert "ozone" not in made.rank_band["indicators"][0]


@given(st.integers(0, 50))
def test_the_order_of_regions_does_not_matter(seed: int) -> None:
    c = columns(4, seed=seed)
    made = standing(INDEX, c, draws=30, seed=1)
    back = dataclasses.replace(
        c,
        keys=c.keys.with_columns(pl.col("region").replace({"r0": "r3", "r3": "r0"})).sort("region", "year"),
        value={n: v.reshape(4, 2)[[3, 1, 2, 0]].reshape(-1) for n, v in c.value.items()},
    )
    again = standing(INDEX, back, draws=30, seed=1)
    named = again.rank_band.with_columns(pl.col("region").replace({"r0": "r3", "r3": "r0"}))
    keys = ["region", "year"]
    assert (
        named.sort(keys)
        .select("rank", "lower", "upper")
        .equals(made.rank_band.sort(keys).select("rank", "lower", "upper"))
    )


def test_blocks_do_not_change_what_certain_data_give(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = standing(INDEX, columns(), draws=60, seed=2)
    monkeypatch.setattr("tongyuan.synergy.index.standing.BLOCK", 500)
    parts = standing(INDEX, columns(), draws=60, seed=2)
    assert whole.rank_band.equals(parts.rank_band)


def test_relative_methods_have_no_score_to_be_stable_and_one_draw_is_refused() -> None:
    relative = INDEX.model_copy(update={"normalise": "min_max"})
    assert standing(relative, columns(), draws=20).tables() == {}
    with pytest.raises(FindingError):
        standing(INDEX, columns(), draws=1)
