from __future__ import annotations

import polars as pl
import pytest

from tongyuan.facility.tax.reduction import SHARES, reduction


@pytest.mark.parametrize(
    ("mean", "limit", "over", "which"),
    [
        (24.5, 35.0, 0, "reduced_75"),
        (24.51, 35.0, 0, "no_reduction"),
        (17.5, 35.0, 0, "reduced_50"),
        (17.51, 35.0, 0, "reduced_75"),
        (21.0, 30.0, 0, "reduced_75"),
        (0.7, 1.0, 0, "reduced_75"),
        (0.0, 35.0, 0, "reduced_50"),
        (10.0, 35.0, 1, "no_reduction"),
        (10.0, None, 0, "no_reduction"),
        (None, 35.0, 0, "no_reduction"),
        (10.0, 35.0, None, "no_reduction"),
        (0.0, 0.0, 0, "no_reduction"),
    ],
)
def test_boundaries(mean: float | None, limit: float | None, over: int | None, which: str) -> None:
    frame = pl.DataFrame({"m": [mean], "l": [limit], "o": [over]}, schema=dict.fromkeys("mlo", pl.Float64))
    assert frame.select(reduction(pl.col("m"), pl.col("l"), pl.col("o"))).item() == which


def test_shares_are_those_of_article_13() -> None:
    assert SHARES == {"no_reduction": 1.0, "reduced_75": 0.75, "reduced_50": 0.5, "exempt": 0.0}
