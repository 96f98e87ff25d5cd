from __future__ import annotations

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tongyuan.inventory.account.algebra import assemble, codes, encode, evaluate, factor_matrix, fine

ROW = st.tuples(
    st.sampled_from(["370000", "110000", "120000"]),
    st.sampled_from(["energy.power", "industry.steel", "building"]),
    st.sampled_from(["", "coal", "gas"]),
    st.integers(2014, 2016),
    st.floats(0, 1e6),
)
KEY = ("process", "product", "year")


def table(rows: list[tuple[str, str, str, int, float]]) -> pl.DataFrame:
    names = {
        "region": pl.String,
        "process": pl.String,
        "product": pl.String,
        "year": pl.Int64,
        "value": pl.Float64,
    }
    return pl.DataFrame(rows, schema=names, orient="row")


def factors_for(count: int, species: int = 3) -> np.ndarray:
    return np.random.default_rng(count).random((count, species))


@given(st.lists(ROW, min_size=1, max_size=60))
@settings(max_examples=50, deadline=None)
def test_conservation_over_any_grouping(rows: list[tuple[str, str, str, int, float]]) -> None:
    frame = table(rows)
    totals = []
    for by in ([], ["region"], ["process", "year"], ["region", "process", "product", "year"]):
        encoded = encode(frame, by, key=KEY)
        totals.append(evaluate(encoded, factors_for(encoded.keys.height)).sum(axis=0))
    rows_total = fine(encoded, factors_for(encoded.keys.height)).sum(axis=0)
    for total in [*totals, rows_total]:
        np.testing.assert_allclose(total, totals[0], rtol=1e-12, atol=1e-9)


@given(st.lists(ROW, min_size=1, max_size=60), st.floats(0, 100))
@settings(max_examples=50, deadline=None)
def test_linear_in_activity(rows: list[tuple[str, str, str, int, float]], scale: float) -> None:
    frame = table(rows)
    one = encode(frame, ["region"], key=KEY)
    many = encode(frame.with_columns(pl.col("value") * scale), ["region"], key=KEY)
    factors = factors_for(one.keys.height)
    np.testing.assert_allclose(
        evaluate(many, factors), scale * evaluate(one, factors), rtol=1e-12, atol=1e-300
    )


@given(st.lists(ROW, min_size=2, max_size=60), st.randoms(use_true_random=False))
@settings(max_examples=50, deadline=None)
def test_permutation_invariance(rows: list[tuple[str, str, str, int, float]], random: object) -> None:
    mixed = list(rows)
    random.shuffle(mixed)  # type: ignore[attr-defined]
    first, second = encode(table(rows), ["region"], key=KEY), encode(table(mixed), ["region"], key=KEY)
    assert first.groups.equals(second.groups)
    assert first.keys.equals(second.keys)
    np.testing.assert_allclose(first.matrix.toarray(), second.matrix.toarray(), rtol=1e-12)


@given(
    st.lists(ROW, min_size=0, max_size=60),
    st.sampled_from([["region"], ["process", "year"], ["year", "process"]]),
)
@settings(max_examples=30, deadline=None)
def test_sums_alone_are_the_sums_of_the_rows(
    rows: list[tuple[str, str, str, int, float]], by: list[str]
) -> None:
    whole, sums = encode(table(rows), by, key=KEY), encode(table(rows), by, key=KEY, rows=False)
    assert sums.groups.equals(whole.groups)
    assert sums.keys.equals(whole.keys)
    np.testing.assert_allclose(sums.matrix.toarray(), whole.matrix.toarray(), rtol=1e-13)
    assert sums.key_code.size == 0


def test_the_same_rows_give_the_same_bits() -> None:
    rng = np.random.default_rng(0)
    frame = pl.DataFrame({"k": rng.choice(list("abcdef"), 50_000), "value": rng.random(50_000)})
    runs = [encode(frame, ["k"], key=["k"]).matrix.toarray().tobytes() for _ in range(5)]
    assert len(set(runs)) == 1


def test_against_a_plain_group_by() -> None:
    rng = np.random.default_rng(1)
    count = 5_000
    frame = pl.DataFrame(
        {
            "region": rng.choice(["a", "b", "c"], count),
            "process": rng.choice([f"p{i}" for i in range(40)], count),
            "year": rng.integers(2000, 2030, count),
            "value": rng.random(count),
        }
    )
    encoded = encode(frame, ["region", "year"], key=["process"])
    factors = factors_for(encoded.keys.height, 4)
    long = encoded.keys.with_columns(pl.Series(f"s{i}", factors[:, i]) for i in range(4))
    joined = frame.join(long, on="process")
    plain = (
        joined.group_by("region", "year")
        .agg((pl.col("value") * pl.col(f"s{i}")).sum().alias(f"e{i}") for i in range(4))
        .sort("region", "year")
    )
    assert encoded.groups.equals(plain.select("region", "year"))
    np.testing.assert_allclose(
        evaluate(encoded, factors), plain.select("e0", "e1", "e2", "e3").to_numpy(), rtol=1e-12
    )


def test_codes_are_sorted_combinations() -> None:
    frame = pl.DataFrame({"a": ["y", "x", "y", None], "b": [2, 1, 2, 5]})
    code, names = codes(frame, ["a", "b"])
    assert names.rows() == [("", 5), ("x", 1), ("y", 2)]
    assert code.tolist() == [2, 1, 2, 0]


def test_categorical_wide_integer_and_empty_columns() -> None:
    frame = pl.DataFrame({"a": pl.Series(["q", "p"], dtype=pl.Categorical), "b": [10**12, 3]})
    code, names = codes(frame, ["a", "b"])
    assert names.rows() == [("p", 3), ("q", 10**12)]
    assert code.tolist() == [1, 0]
    empty, none = codes(frame.clear(), ["a", "b"])
    assert len(empty) == 0
    assert none.height == 0


def test_many_combinations_fall_back_to_sorting() -> None:
    count = 30
    columns = {f"c{i}": [str(n) for n in range(count)] for i in range(8)}
    code, names = codes(pl.DataFrame(columns), list(columns))
    assert names.height == count
    assert sorted(code.tolist()) == list(range(count))


def test_missing_is_not_zero() -> None:
    frame = table([("370000", "building", "", 2014, 1.0)])
    for bad in (None, float("nan"), float("inf")):
        with pytest.raises(ValueError, match="missing"):
            encode(frame.with_columns(pl.lit(bad, dtype=pl.Float64).alias("value")), [], key=KEY)
    with pytest.raises(ValueError, match="missing"):
        encode(frame.with_columns(pl.lit(None, dtype=pl.Int64).alias("year")), [], key=KEY)


def test_evaluate_refuses_missing_factors_and_wrong_shapes() -> None:
    encoded = encode(table([("370000", "building", "", 2014, 1.0)]), [], key=KEY)
    with pytest.raises(ValueError, match="finite"):
        evaluate(encoded, np.array([[np.nan]]))
    with pytest.raises(ValueError, match="shape"):
        evaluate(encoded, np.ones((2, 1)))


@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf])
def test_evaluate_refuses_what_is_not_finite(bad: float) -> None:
    encoded = encode(table([("1", "a", "", 2014, 1.0)]), [], key=KEY)
    with pytest.raises(ValueError, match="not finite"):
        evaluate(encoded, np.array([[bad]]))


def test_what_stands_where_there_is_no_factor_is_the_caller_s_choice() -> None:
    encoded = encode(table([("1", "a", "", 2014, 1.0)]), [], key=KEY)
    none = pl.DataFrame(schema={"process": pl.String, "species": pl.String, "value": pl.Float64})
    assert np.isnan(factor_matrix(encoded.keys, none, ["SO2"], missing=np.nan)).all()
    assert factor_matrix(encoded.keys, none, ["SO2"], missing=7.0).tolist() == [[7.0]]


def test_many_rows_are_summed_in_halves_each_row_once() -> None:
    """200,001 rows: the first is 1, the last 2, those about the middle 3 and 4, all others 0."""
    rows = 200_001
    value = np.zeros(rows)
    value[[0, rows // 2 - 1, rows // 2, rows - 1]] = 1.0, 3.0, 4.0, 2.0
    frame = pl.DataFrame(
        {
            "region": ["1"] * rows,
            "process": ["a", "b"] * (rows // 2) + ["a"],
            "product": [""] * rows,
            "year": [2014] * rows,
            "value": value,
        }
    )
    encoded = encode(frame, ["region"], key=KEY, rows=False)
    sums = dict(zip(encoded.keys["process"], encoded.matrix.toarray()[0], strict=True))
    assert sums == {"a": 1.0 + 4.0 + 2.0, "b": 3.0}
    ones = frame.with_columns(value=pl.lit(1.0))
    counted = encode(ones, ["region"], key=KEY, rows=False).matrix.toarray()[0]
    assert counted.tolist() == [rows // 2 + 1, rows // 2]


def test_factor_matrix_places_each_factor_once() -> None:
    encoded = encode(table([("1", "a", "", 2014, 1.0), ("1", "b", "", 2014, 2.0)]), [], key=KEY)
    long = pl.DataFrame(
        {
            "process": ["b", "a"],
            "product": ["", ""],
            "year": [2014, 2014],
            "species": ["NOx", "SO2"],
            "value": [3.0, 5.0],
        }
    )
    matrix = factor_matrix(encoded.keys, long, ["SO2", "NOx"], missing=0.0)
    assert matrix.tolist() == [[5.0, 0.0], [0.0, 3.0]]
    assert evaluate(encoded, matrix).tolist() == [[5.0, 6.0]]
    with pytest.raises(ValueError, match="more than one"):
        factor_matrix(encoded.keys, pl.concat([long, long]), ["SO2"], missing=0.0)


def test_sums_made_elsewhere_give_the_same_matrix() -> None:
    frame = table([("1", "a", "", 2014, 1.0), ("1", "a", "", 2014, 2.5), ("2", "b", "x", 2015, 4.0)])
    summed = frame.group_by("region", *KEY).agg(pl.col("value").sum())
    whole, parts = encode(frame, ["region"], key=KEY), assemble(summed, ["region"], key=KEY)
    assert (whole.matrix != parts.matrix).nnz == 0
    assert parts.value.size == 0
