import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tongyuan.inventory.methods.livestock import emission_from_livestock
from tongyuan.inventory.methods.manure_nitrogen import (
    census_livestock_discharge,
    liao2017_ammonia,
    liao2017_nitrogen_flow,
    liao2017_tan,
)

share = st.floats(0, 1)
quarter = st.floats(0, 0.25)


def test_tan_per_head_as_published() -> None:
    pig = [float(liao2017_tan(1, m, n, t, 122)) for m, n, t in ((3.36, 0.004, 0.7), (2.04, 0.0034, 0.3))]
    cow = [float(liao2017_tan(1, m, n, t, 365)) for m, n, t in ((12.89, 0.009, 0.6), (30.67, 0.0038, 0.2))]
    assert [round(v, 3) for v in pig] == [1.148, 0.254]
    assert [round(v, 2) for v in cow] == [25.41, 8.51]


@given(st.floats(0, 1e6), share, st.tuples(quarter, quarter, quarter, quarter), share, share, share)
def test_nitrogen_closes(
    tan: float,
    house: float,
    store: tuple[float, float, float, float],
    spread: float,
    bound: float,
    feed: float,
) -> None:
    flow = liao2017_nitrogen_flow(tan, house=house, store=store, spread=spread, immobilised=bound, feed=feed)
    assert flow.out == pytest.approx(tan, rel=1e-9, abs=1e-9)
    assert 0 <= flow.ammonia <= tan * (1 + 1e-12)


def test_ammonia_grows_with_every_stage() -> None:
    base = {"house": 0.1, "store": (0.05, 0.0, 0.0, 0.0), "spread": 0.4}
    low = liao2017_ammonia(liao2017_nitrogen_flow(100.0, **base))
    for change in ({"house": 0.2}, {"spread": 0.5}, {"store": (0.1, 0.0, 0.0, 0.0)}):
        assert liao2017_ammonia(liao2017_nitrogen_flow(100.0, **{**base, **change})) > low
    assert liao2017_ammonia(liao2017_nitrogen_flow(100.0, **base)) == pytest.approx(
        1.214 * (10 + 90 * 0.05 + 90 * 0.95 * 0.4)
    )


def test_pig_ammonia_of_the_adaptor(rows) -> None:
    result = emission_from_livestock(rows({"animal": "生猪", "throughput": 1000.0}))
    nh3 = result.filter(pl.col("species") == "NH3")
    assert set(nh3["process"]) == {"agriculture.manure", "agriculture.manure_spreading"}
    per_head = nh3["value"].sum()
    assert 0.5 < per_head < 1.402 * 1.214


def test_poultry_has_solid_manure_only(rows) -> None:
    result = emission_from_livestock(rows({"animal": "蛋鸡", "heads": 1000.0}))
    assert set(result.filter(pl.col("species") == "NH3")["technology"]) == {"solid"}


def test_water_pollutants_of_a_herd() -> None:
    assert float(census_livestock_discharge(100, 3.879, 365, 0.5)) == pytest.approx(100 * 3.879 * 365 / 2000)


@pytest.mark.parametrize(
    ("year", "days", "cow_days"),
    [(2021, None, 365), (2021, 365.0, 365), (2020, None, 366), (2020, 366.0, 366), (2020, 365.0, 366)],
)
def test_days_of_a_herd(rows, year: int, days: float | None, cow_days: int) -> None:
    """All year is the days of that year; 365 of 366 days are 1,000 · 366/365 animals of 365 days each."""
    cells = {"animal": "奶牛", "heads": 1000.0, "water_removal": 0.0, "year": year, "days": days}
    result = emission_from_livestock(rows(cells))
    cod = result.filter(pl.col("species") == "COD")["value"].sum()
    assert cod == pytest.approx(1000 * 3.879 * cow_days / 1000)


def test_a_herd_named_by_its_throughput_counts_the_days_of_a_life(rows) -> None:
    """Pigs that live twice as long leave twice as much, whatever the days of the year."""
    lives = [
        emission_from_livestock(
            rows(
                {
                    "animal": "生猪",
                    "heads": 1.0,
                    "throughput": 1000.0,
                    "days": d,
                    "year": 2020,
                    "water_removal": 0.0,
                }
            )
        )
        for d in (100.0, 200.0)
    ]
    short, long = (r.filter(pl.col("species") == "COD")["value"].sum() for r in lives)
    assert long == pytest.approx(2 * short)
