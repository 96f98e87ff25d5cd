"""Shares on Spark by tile: those made here, to the bit."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
import shapely
from tests.local_spark import local_spark

from tongyuan.allocation.grid import Grid
from tongyuan.allocation.weight.cluster import shares_on_spark, tiles_of
from tongyuan.allocation.weight.source import geometry_shares

GRID = Grid("g", "longlat", 100, 20, 0.5, 0.5, 40, 30)


def shapes() -> Any:
    draw = np.random.default_rng(5)
    middle = draw.uniform([99, 19], [121, 36], (60, 2))
    points, discs = shapely.points(middle[:20]), shapely.buffer(shapely.points(middle[20:40]), 1.3)
    ends = np.stack([middle[40:], middle[40:] + draw.uniform(-2, 2, (20, 2))], axis=1)
    return draw.permutation(np.concatenate([points, discs, shapely.linestrings(ends)]))


def test_every_feature_is_in_one_tile() -> None:
    made = tiles_of(shapes(), GRID, 10)
    assert len(made) == 12
    assert sorted(np.concatenate(made).tolist()) == list(range(60))


@pytest.fixture(scope="module")
def spark() -> Iterator[Any]:
    with local_spark() as running:
        yield running


@pytest.mark.spark
@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("side", [10, 25, 1000])
def test_shares_are_those_made_here(spark: Any, side: int) -> None:
    here, there = geometry_shares(shapes(), GRID), shares_on_spark(spark, shapes(), GRID, side=side)
    assert here.indptr.tolist() == there.indptr.tolist()
    assert here.indices.tolist() == there.indices.tolist()
    assert here.data.tobytes() == there.data.tobytes()
