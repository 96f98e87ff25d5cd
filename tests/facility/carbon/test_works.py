"""The three totals of a steel works."""

from __future__ import annotations

from decimal import Decimal

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tongyuan.facility.carbon.works import REST, closed, enterprise_total, quota_intensity


@pytest.mark.parametrize(
    ("fuel", "process", "electricity", "product", "steel", "total", "intensity"),
    [
        (518.43, 63.53, 29.1, 4.8, 311.71, 606.26, 1.9449),
        (699.66, 71.34, 29.19, 28.34, 421.05, 771.85, 1.8332),
        (744.03, 69.22, -0.95, 29.68, 435.2, 782.61, 1.7983),
    ],
)
def test_a_works_in_hubei_2020_2021_2023(
    fuel: float, process: float, electricity: float, product: float, steel: float, total: float,
    intensity: float,
) -> None:  # fmt: skip
    """Verification report of 2024-06-03, 10⁴ t, to the printed digit (vectors STL-01, STL-02, STL-04).

    The four items of 2023 are printed with two decimals, so their sum is 782.62 in whatever order it is
    taken; the total printed beside them is 782.61. The report adds what it has not rounded: four items, each
    off by up to 0.005, may leave 782.60 to 782.64. Their sum is ours, and the printed total lies within.
    """
    got = float(enterprise_total(fuel, process, electricity, product))
    exact = sum(map(Decimal, map(str, (fuel, process, electricity)))) - Decimal(str(product))
    assert Decimal(str(round(got, 9))) == exact
    assert abs(exact - Decimal(str(total))) <= 4 * Decimal("0.005")
    assert exact == Decimal(str(total)) or (total, str(exact)) == (782.61, "782.62")
    assert round(got / steel, 4) == intensity


def test_the_metric_of_allocation_is_sinter_and_ironmaking_over_pig_iron() -> None:
    """Vector STL-06: the definition."""
    assert float(quota_intensity(500.0, 3500.0, 2500.0)) == 1.6


def frame(*rows: tuple[str, str, float]) -> pl.DataFrame:
    return pl.DataFrame(
        [
            {
                "facility": "E1", "month": "2026-01", "kind": "steel", "region": "370000",
                "guide": "steel_2025",
                "installation": name, "installation_kind": kind, "process": "industry.steel", "product": "",
                "species": "CO2", "emission": value, "origin": "process", "method": "guide_default",
                "problem": "", "counted": True,
            }
            for name, kind, value in rows
        ]
    )  # fmt: skip


def test_the_table_is_closed_to_the_total_of_the_works() -> None:
    """502.62 of 747.01 ×10⁴ t stand in processes (facts of the works, 2022); a converter is below zero."""
    got = closed(
        frame(("全厂", "whole", 747.01), ("烧结", "sinter", 180.0), ("炼铁", "blast_furnace", 352.62),
              ("转炉", "converter", -30.0), ("自备电厂", "own_power", 100.0))
    )  # fmt: skip
    rest = got.filter(pl.col("installation") == REST)
    assert rest["emission"].to_list() == pytest.approx([747.01 - 502.62 - 100.0])
    assert float(got.filter("counted")["emission"].sum()) == pytest.approx(747.01)
    assert not got.filter(pl.col("installation") == "全厂")["counted"].any()


def test_works_that_report_one_level_only_count_by_it() -> None:
    for rows in ([("全厂", "whole", 100.0)], [("烧结", "sinter", 60.0), ("转炉", "converter", -5.0)]):
        got = closed(frame(*rows))
        assert got["counted"].all()
        assert got.height == len(rows)


@given(st.lists(st.floats(-1e4, 1e6), min_size=1, max_size=6), st.floats(-1e3, 1e7))
def test_the_total_is_that_of_the_works_whatever_its_processes(parts: list[float], total: float) -> None:
    rows = [(f"P{i}", "sinter", value) for i, value in enumerate(parts)]
    got = closed(frame(("全厂", "whole", total), *rows)).filter("counted")
    assert float(got["emission"].sum()) == pytest.approx(total, abs=1e-3)
