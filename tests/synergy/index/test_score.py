import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tongyuan.ledger.finding import FindingError
from tongyuan.synergy.index.index import load
from tongyuan.synergy.index.indicator import Columns, columns_from_wide
from tongyuan.synergy.index.score import _variance_share, aggregated, quantiles, score, weights_of

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
    assert set(map(tuple, value["missing"])) == {("ozone",)}


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


HALF = np.array([0.5, 0.5])
FOUR = np.array([[0.2, 0.8], [0.6, 0.4]])


def test_weights_of_what_is_absent_are_shared_out() -> None:
    """Weights 0.5, 0.3, 0.2; without the second: (0.5 × 0.4 + 0.2 × 0.9) / 0.7 = 0.38 / 0.7."""
    made = aggregated("weighted_sum", np.array([[0.4, np.nan, 0.9]]), np.array([0.5, 0.3, 0.2]))
    assert made[0] == pytest.approx(0.38 / 0.7, rel=1e-12)
    assert made[0] == pytest.approx(0.542857142857, rel=1e-9)
    assert np.isnan(aggregated("weighted_sum", np.array([[np.nan, 0.5]]), np.array([1.0, 0.0]))[0])


def test_geometric_mean_by_hand() -> None:
    """√(0.2 × 0.8) = 0.4, √(0.6 × 0.4) = √0.24; 0.25^0.75 × 0.81^0.25 = 0.335410; zero stays zero."""
    made = aggregated("weighted_geometric", FOUR, HALF)
    assert made == pytest.approx([0.4, 0.24**0.5], rel=1e-12)
    weighed = aggregated("weighted_geometric", np.array([[0.25, 0.81]]), np.array([0.75, 0.25]))
    assert weighed[0] == pytest.approx(0.335410196625, rel=1e-9)
    assert aggregated("weighted_geometric", np.array([[0.0, 1.0]]), HALF)[0] == 0
    absent = aggregated("weighted_geometric", np.array([[np.nan, 0.3]]), HALF)
    assert absent[0] == pytest.approx(0.3, rel=1e-12)


def test_topsis_between_fixed_ideals_by_hand() -> None:
    """(0.2, 0.8): D⁻² = (0.04 + 0.64)/2 = 0.34 = D⁺², so 1/2; (0.6, 0.4): 0.26 and 0.26; (0.3, 0.9):
    D⁻ = √0.45 = 0.670820, D⁺ = √0.25 = 0.5: 0.670820/1.170820 = 0.572949."""
    made = aggregated("topsis_fixed", np.vstack([FOUR, [0.3, 0.9]]), HALF)
    assert made == pytest.approx([0.5, 0.5, 0.45**0.5 / (0.45**0.5 + 0.5)], rel=1e-12)
    assert made[2] == pytest.approx(0.572949016875, rel=1e-9)
    assert aggregated("topsis_fixed", np.array([[0.0, 0.0], [1.0, 1.0]]), HALF) == pytest.approx([0, 1])


def test_a_relative_method_needs_two_whole_cases() -> None:
    """Of two cases the one that is better in everything is 1, the other 0; a case with a gap has no score."""
    whole = np.array([[0.9, 0.8], [0.3, 0.2]])
    assert aggregated("topsis_improved", whole, HALF) == pytest.approx([1.0, 0.0])
    gap = np.vstack([whole, [0.5, np.nan]])
    made = aggregated("topsis_improved", gap, HALF)
    assert made[:2] == pytest.approx([1.0, 0.0])
    assert np.isnan(made[2])
    with pytest.raises(FindingError, match="complete data"):
        aggregated("topsis_improved", gap[1:], HALF)


def test_the_interval_is_of_95_per_cent() -> None:
    """Of the draws 0, 1, …, 1000 the 2.5 % quantile is 25 and the 97.5 % quantile 975."""
    sample = np.random.default_rng(1).permutation(np.arange(1001.0))[:, None] * np.array([1.0, -2.0])
    low, high = quantiles(sample)
    assert low == pytest.approx([25, -1950])
    assert high == pytest.approx([975, -50])
    sample[3, 1] = np.nan
    low, high = quantiles(sample)
    assert np.isnan([low[1], high[1]]).all()
    assert (low[0], high[0]) == (25, 975)


def test_shares_of_the_variance_by_hand() -> None:
    """Draws of x: -1, 0, 1 and of y: 1, -2, 1 (uncorrelated), score 3x + y.

    r2 of x = (3 x 2)^2 / (2 x (9 x 2 + 6)) = 36/48, of y = 6^2 / (6 x 24) = 36/144: 3/4 and 1/4.
    """
    x, y = np.array([-1.0, 0.0, 1.0]), np.array([1.0, -2.0, 1.0])
    normal = np.stack([x, y], axis=-1)[:, None, :]
    share = _variance_share(normal, (3 * x + y)[:, None])
    assert share[0] == pytest.approx([0.75, 0.25], rel=1e-12)
    double = _variance_share(np.concatenate([normal, normal], axis=-1), (3 * x + y)[:, None])
    assert double[0] == pytest.approx([0.375, 0.125, 0.375, 0.125], rel=1e-12)
    assert np.isnan(_variance_share(np.zeros((3, 1, 2)), np.zeros((3, 1)))).all()


def test_entropy_weights_by_hand() -> None:
    """Columns (1, 3) and (1, 1) of two cases: shares (1/4, 3/4) and (1/2, 1/2), entropies 0.811 and 1.

    All the weight goes to the first, whose entropy is not whole; two such columns have half each.
    """
    normal = np.full((2, len(INDEX.indicator)), 0.5)
    normal[:, 0] = [0.25, 0.75]
    given_entropy = weights_of(INDEX, normal, "entropy", None)
    assert given_entropy[0] == pytest.approx(1.0)
    assert given_entropy[1:] == pytest.approx(np.zeros(len(INDEX.indicator) - 1), abs=1e-12)
    normal[:, 1] = [0.25, 0.75]
    assert weights_of(INDEX, normal, "entropy", None)[:2] == pytest.approx([0.5, 0.5])


def test_weights_where_no_case_is_whole_are_those_of_the_indicators_with_data() -> None:
    """The second indicator is nowhere known: it weighs nothing, the others as if it were not asked."""
    count = len(INDEX.indicator)
    normal = np.full((3, count), 0.5)
    normal[:, 0], normal[:, 2] = [0.25, 0.75, 0.5], [0.1, 0.2, 0.9]
    normal[:, 1] = np.nan
    made = weights_of(INDEX, normal, "entropy", None)
    rest = np.delete(np.arange(count), 1)
    full = np.full((3, count), 0.5)
    full[:, 0], full[:, 2] = normal[:, 0], normal[:, 2]
    assert made[1] == 0.0
    assert made[rest] == pytest.approx(weights_of(INDEX, full, "entropy", None)[rest])
    assert made[0] > 0
    assert made[2] > made[0]


def test_a_deviation_of_one_case_is_enough_for_intervals() -> None:
    frame = table().with_columns(
        pl.when(pl.int_range(pl.len()) == 1).then(0.3).otherwise(0.0).alias("NOx_deviation")
    )
    rows = score(INDEX, columns_from_wide(INDEX, frame), draws=50).score.filter(pl.col("level") == "index")
    wide = rows.filter(pl.col("year") == 2021).with_columns(width=pl.col("upper") - pl.col("lower"))
    assert wide.filter(pl.col("region") == "r0")["width"][0] > 1e-6
    assert wide.filter(pl.col("region") != "r0")["width"].to_list() == pytest.approx([0.0] * 3)


def test_a_thousand_draws_unless_said() -> None:
    given = columns(0, 0.1)
    assert score(INDEX, given).score.equals(score(INDEX, given, draws=1000).score)


@pytest.mark.parametrize(
    "name", ["weighted_sum", "weighted_geometric", "topsis_fixed", "topsis_improved", "topsis_classical"]
)
def test_every_draw_is_aggregated_as_if_alone(name: str) -> None:
    cube = np.random.default_rng(3).uniform(0.1, 0.9, (4, 5, 3))
    weights = np.array([0.5, 0.3, 0.2])
    whole = aggregated(name, cube, weights)
    assert whole.shape == (4, 5)
    for draw in range(4):
        assert whole[draw] == pytest.approx(aggregated(name, cube[draw], weights))
