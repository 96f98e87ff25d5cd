import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tongyuan.ledger.finding import FindingError
from tongyuan.synergy.index import load
from tongyuan.synergy.indicator import Columns, columns_from_wide
from tongyuan.synergy.score import score

INDEX = load("city")
EMITTED = ("SO2", "NOx", "NMVOC", "PM", "COD", "CO2")


def table(seed: int = 0, regions: int = 4) -> pl.DataFrame:
    g = np.random.default_rng(seed)
    rows = {
        "region": np.repeat([f"r{k}" for k in range(regions)], 2),
        "year": np.tile([2014, 2021], regions),
        "pm25": g.uniform(20, 70, 2 * regions),
        "ozone": g.uniform(120, 200, 2 * regions),
        "good_days": g.uniform(50, 95, 2 * regions),
        "gdp": g.uniform(500, 9000, 2 * regions),
        "population": g.uniform(100, 900, 2 * regions),
        "non_fossil": g.uniform(5, 30, 2 * regions),
        "coal_share": g.uniform(30, 80, 2 * regions),
    }
    for name in EMITTED:
        rows[name] = g.uniform(1e3, 1e5, 2 * regions) * (500 if name == "CO2" else 1)
    return pl.DataFrame(rows)


def columns(seed: int = 0, deviation: float = 0.0) -> Columns:
    frame = table(seed)
    if deviation:
        frame = frame.with_columns(pl.lit(deviation).alias(f"{name}_deviation") for name in EMITTED)
    return columns_from_wide(INDEX, frame)


def test_scores_add_up_and_the_base_year_has_none() -> None:
    result = score(INDEX, columns())
    total = result.score.filter(pl.col("level") == "index")
    assert total.filter(pl.col("year") == 2014)["score"].null_count() == 4
    now = total.filter(pl.col("year") == 2021)
    assert now["score"].is_between(0, 1).all()
    assert sorted(now["rank"].to_list()) == [1, 2, 3, 4]
    assert (now["coverage"] > 1 - 1e-9).all()
    parts = (
        result.score_influence.filter(pl.col("year") == 2021)
        .group_by("region")
        .agg(pl.col("contribution").sum())
    )
    both = parts.join(now, on="region")
    assert np.allclose(both["contribution"], both["score"])
    assert result.weight["weight"].sum() == pytest.approx(1)
    assert set(result.coupling["form"]) == {"traditional", "modified", "k_power"}
    assert "index_proposal" in [f.check for f in result.findings]
    for name, frame in result.tables().items():
        from tongyuan.ledger.table import table as definition

        assert frame.columns == [c.name for c in definition(name).columns]


@settings(max_examples=40)
@given(
    st.integers(0, 50), st.sampled_from(EMITTED), st.integers(0, 3), st.floats(1.0, 10.0),
    st.sampled_from(["weighted_sum", "weighted_geometric", "topsis_fixed"]),
    st.sampled_from(["given", "equal"]),
)  # fmt: skip
def test_raising_an_emission_never_raises_the_score(
    seed: int, species: str, region: int, factor: float, aggregate: str, weight: str
) -> None:
    before = table(seed)
    place = (pl.col("region") == f"r{region}") & (pl.col("year") == 2021)
    after = before.with_columns(
        pl.when(place).then(pl.col(species) * factor).otherwise(pl.col(species)).alias(species)
    )
    results = [
        score(INDEX, columns_from_wide(INDEX, f), aggregate=aggregate, weight=weight).score
        for f in (before, after)
    ]
    low, high = (r.filter(place & (pl.col("level") == "index"))["score"][0] for r in reversed(results))
    assert low <= high + 1e-9


@settings(max_examples=10)
@given(st.permutations(range(8)))
def test_order_of_rows_does_not_matter(order: list[int]) -> None:
    a = score(INDEX, columns_from_wide(INDEX, table())).score
    b = score(INDEX, columns_from_wide(INDEX, table()[order])).score
    assert a.equals(b)


def test_intervals_contain_the_score_and_widen_with_the_uncertainty() -> None:
    narrow, wide = (score(INDEX, columns(0, d), draws=400).score for d in (0.05, 0.3))
    for frame in (narrow, wide):
        rows = frame.filter(pl.col("score").is_not_null() & (pl.col("level") == "index"))
        assert (rows["lower"] <= rows["score"] + 1e-6).all()
        assert (rows["upper"] >= rows["score"] - 1e-6).all()
    width = [(f["upper"] - f["lower"]).sum() for f in (narrow, wide)]
    assert width[1] > width[0] > 0


def test_which_indicator_moves_the_score() -> None:
    frame = table().with_columns(pl.lit(0.3).alias("NOx_deviation"))
    result = score(INDEX, columns_from_wide(INDEX, frame), draws=300)
    share = result.score_influence.filter((pl.col("year") == 2021) & (pl.col("variance_share") > 0.01))
    assert set(share["indicator"]) <= {"NOx_intensity", "joint_NOx_CO2", "co_reduction"}


def test_missing_is_refused_or_reweighted_by_name() -> None:
    frame = table().with_columns(
        pl.when(pl.col("region") == "r1").then(None).otherwise(pl.col("ozone")).alias("ozone")
    )
    with pytest.raises(FindingError) as error:
        score(INDEX, columns_from_wide(INDEX, frame))
    assert [f.check for f in error.value.findings] == ["indicator_missing"]
    assert "ozone" in error.value.findings[0].message("zh")
    result = score(INDEX, columns_from_wide(INDEX, frame), missing="reweight")
    rows = result.score.filter(
        (pl.col("region") == "r1") & (pl.col("year") == 2021) & (pl.col("level") == "index")
    )
    assert rows["coverage"][0] == pytest.approx(0.94)
    assert "indicator_reweighted" in [f.check for f in result.findings]
    value = result.indicator_value.filter((pl.col("indicator") == "ozone") & (pl.col("region") == "r1"))
    assert set(value["status"]) == {"missing"}
    assert set(value["missing"]) == {"ozone"}


def test_relative_and_data_driven_methods_are_refused_unless_waived() -> None:
    with pytest.raises(FindingError) as error:
        score(INDEX, columns(), weight="entropy", normalise="min_max")
    assert [f.check for f in error.value.findings] == ["method_rewards_emission"]
    result = score(
        INDEX, columns(), weight="entropy", normalise="min_max", waive=("method_rewards_emission",)
    )
    assert {"relative_method", "not_monotone_method"} <= {f.check for f in result.findings}
    assert result.weight["weight"].sum() == pytest.approx(1)
    assert result.weight["method"].unique().to_list() == ["entropy"]


def test_own_weights() -> None:
    result = score(INDEX, columns(), weights={"pm25": 3, "coal_share": 1})
    assert result.weight.filter(pl.col("indicator") == "pm25")["weight"][0] == 0.75
    with pytest.raises(FindingError):
        score(INDEX, columns(), weights={"nothing": 1})
    with pytest.raises(FindingError):
        score(INDEX, columns(), weight="ahp")


def test_published_systems_are_relative_and_say_so() -> None:
    index = load("zero_waste_city_2025")
    g = np.random.default_rng(0)
    data = {"region": list("abc"), "year": [2021] * 3} | {name: g.uniform(1, 9, 3) for name in index.column}
    result = score(index, columns_from_wide(index, pl.DataFrame(data)))
    assert "relative_method" in [f.check for f in result.findings]
    assert result.score.filter(pl.col("level") == "index")["score"].is_between(0, 1).all()


def test_topsis_takes_the_complete_cases_as_its_sample() -> None:
    result = score(INDEX, columns(0, 0.1), aggregate="topsis_improved", draws=50)
    rows = result.score.filter(pl.col("level") == "index")
    assert rows.filter(pl.col("year") == 2021)["score"].is_between(0, 1).all()
    assert rows.filter(pl.col("year") == 2014)["score"].null_count() == 4
    empty = table().with_columns(pl.lit(None, dtype=pl.Float64).alias("ozone"))
    with pytest.raises(FindingError):
        score(INDEX, columns_from_wide(INDEX, empty), aggregate="topsis_improved", missing="reweight")
