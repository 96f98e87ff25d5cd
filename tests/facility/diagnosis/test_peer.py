from __future__ import annotations

import polars as pl
import pytest

from tongyuan.facility.diagnosis.peer import bands


def figures(n: int) -> pl.DataFrame:
    return pl.DataFrame(
        {
            "facility": [f"F{k}" for k in range(n)],
            "kind": "cement",
            "indicator": "CO2",
            "value": [float(k) for k in range(n)],
        }
    )


def test_a_band_of_the_others() -> None:
    row = bands(figures(11)).filter(pl.col("facility") == "F10").row(0, named=True)
    assert (row["peers"], row["place"]) == (10, 1.0)
    assert (row["low"], row["middle"], row["high"]) == pytest.approx((0.9, 4.5, 8.1))


def test_fewer_than_five_peers_are_no_band() -> None:
    assert bands(figures(5))["middle"].null_count() == 5
    assert bands(figures(6))["middle"].null_count() == 0


def test_a_missing_value_has_no_place_and_is_nobodys_peer() -> None:
    rows = figures(7).with_columns(value=pl.when(pl.col("facility") == "F0").then(None).otherwise("value"))
    got = bands(rows)
    assert got.filter(pl.col("facility") == "F0")["place"].to_list() == [None]
    assert got.filter(pl.col("facility") == "F1")["peers"].to_list() == [5]
