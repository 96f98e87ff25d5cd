"""What a record acted for is counted over the keys of its class, whatever their order."""

from __future__ import annotations

import numpy as np
import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from tongyuan.inventory.account.used import uses

TERM = pl.DataFrame(
    {"key": [0, 0, 1], "species": ["NOx", "SO2", "SO2"], "record_id": ["n", "s", "t"]}
    | {"factor": [1.0, 2.0, 4.0], "penetration": [1.0, 0.5, 1.0]}
)
NOTHING = pl.DataFrame(schema={"record_id": pl.String, "species": pl.String, "value": pl.Float64})


def found(
    of: list[int], total: list[float], count: list[int], caused: pl.DataFrame = NOTHING
) -> pl.DataFrame:
    return uses(TERM, np.array(of, dtype=np.int64), np.array(total), np.array(count, dtype=np.int64), caused)


def test_rows_and_amounts_are_those_of_all_keys() -> None:
    """Keys of 10 and 20 (two rows) in one class, 5 in the other: SO2 is 10 + 20 of s and 20 of t."""
    rows = found([0, 1, 0], [10.0, 5.0, 20.0], [1, 1, 2]).rows()
    assert rows == [("n", "NOx", 3, 30.0, 30.0), ("s", "SO2", 3, 30.0, 50.0), ("t", "SO2", 1, 20.0, 50.0)]


def test_what_devices_cause_counts_with_it() -> None:
    caused = NOTHING.vstack(pl.DataFrame({"record_id": ["grid"], "species": ["NOx"], "value": [10.0]}))
    assert found([0], [10.0], [1], caused).rows()[0] == ("grid", "NOx", 1, 10.0, 20.0)


def test_no_key_is_no_use() -> None:
    assert uses(TERM.clear(), np.zeros(0, np.int64), np.zeros(0), np.zeros(0, np.int64), NOTHING).is_empty()


@given(st.permutations(range(40)))
def test_sums_do_not_depend_on_the_order_of_the_keys(order: list[int]) -> None:
    rng = np.random.default_rng(1)
    of, total, count = rng.integers(0, 2, 40), rng.lognormal(0, 9, 40), rng.integers(1, 4, 40)
    shuffled = uses(TERM, of[order], total[order], count[order], NOTHING)
    assert shuffled.equals(uses(TERM, of, total, count, NOTHING))
