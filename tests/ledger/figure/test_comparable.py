from __future__ import annotations

import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from tongyuan.ledger.figure.comparable import direct, incomparable, like_for_like


def rows(*cases: tuple[str, int, str, float], scope: str = "direct") -> pl.DataFrame:
    return pl.DataFrame(cases, schema=["region", "year", "process", "value"], orient="row").with_columns(
        pl.lit(scope).alias("scope")
    )


def test_a_source_of_one_year_only_is_left_out_of_every_year() -> None:
    frame = rows(("a", 2014, "power", 1.0), ("a", 2021, "power", 2.0), ("a", 2014, "cement", 5.0))
    assert like_for_like(frame)["value"].to_list() == [1.0, 2.0]
    assert incomparable(frame).rows() == [("a", "cement")]


def test_zero_is_data_and_indirect_rows_are_none() -> None:
    zero = rows(("a", 2014, "power", 1.0), ("a", 2021, "power", 2.0))
    closed = rows(("a", 2014, "cement", 5.0), ("a", 2021, "cement", 0.0))
    assert incomparable(pl.concat([zero, closed])).is_empty()
    bought = rows(("a", 2014, "bought", 5.0), scope="indirect")
    assert direct(pl.concat([zero, bought]))["process"].unique().to_list() == ["power"]
    assert incomparable(pl.concat([zero, bought])).is_empty()


def test_every_region_has_its_own_years_and_one_year_compares_with_itself() -> None:
    frame = rows(("a", 2014, "power", 1.0), ("a", 2021, "power", 2.0), ("b", 2021, "cement", 5.0))
    assert like_for_like(frame).height == 3
    part = rows(("a", 2014, "x", 1.0), ("a", 2015, "x", 1.0), ("a", 2016, "y", 1.0), ("a", 2015, "y", 1.0))
    assert incomparable(part)["process"].to_list() == ["x", "y"]


def test_sectors_do_where_nothing_finer_is_known() -> None:
    frame = pl.DataFrame(
        {"region": ["a"] * 3, "year": [1, 2, 2], "sector": ["e", "e", "i"], "value": [1.0] * 3}
    )
    assert like_for_like(frame, "sector")["sector"].to_list() == ["e", "e"]


@given(
    st.lists(
        st.tuples(st.sampled_from("ab"), st.integers(2000, 2003), st.sampled_from("xyz"), st.floats(0, 9)),
        min_size=1,
        max_size=30,
    )
)
def test_what_is_kept_has_the_same_sources_in_every_year(cases: list[tuple[str, int, str, float]]) -> None:
    frame = rows(*cases)
    kept = like_for_like(frame)
    years = {r: set(frame.filter(pl.col("region") == r)["year"]) for r in frame["region"]}
    for (region, _), part in kept.group_by("region", "process"):
        assert set(part["year"]) == years[str(region)]
    gone = frame.join(incomparable(frame), on=["region", "process"], how="semi")
    assert kept.height + gone.height == frame.height
