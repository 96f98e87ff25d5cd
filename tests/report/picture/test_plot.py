"""A plain picture: sums of a place, the largest first, one unit in words."""

from __future__ import annotations

from collections.abc import Iterator

import matplotlib
import polars as pl
import pytest
from matplotlib import pyplot

from tongyuan.report.picture.plot import plot, title

matplotlib.use("Agg")

FRAME = pl.DataFrame(
    {
        "process": ["energy.power", "transport.road", "energy.power", "transport.road"],
        "year": [2020, 2020, 2021, 2021],
        "value": [2e4, 1e4, 3e4, 5e4],
    }
)


@pytest.fixture(autouse=True)
def _closed() -> Iterator[None]:
    yield
    pyplot.close("all")


def test_bars_are_sums_of_their_place_in_a_unit_people_read() -> None:
    axes = plot("emission", FRAME, "bar", "process", "value", None, "t", "zh")
    # road 6 × 10⁴ t, power 5 × 10⁴ t: 6 and 5 万吨, the larger on top
    assert [patch.get_width() for patch in axes.patches] == [6.0, 5.0]
    assert axes.get_xlabel() == "万吨"
    assert (
        plot("emission", FRAME, "bar", "process", "value", None, "t", "en", top=1).patches[0].get_width()
        == 60.0
    )


def test_a_line_runs_along_the_years_whatever_the_order_of_rows() -> None:
    axes = plot("emission", FRAME.reverse(), "line", "year", "value", "process", "t", "zh")
    drawn = {line.get_label(): list(line.get_ydata()) for line in axes.lines}
    assert sorted(drawn.values()) == [[1.0, 5.0], [2.0, 3.0]]


def test_a_histogram_counts_every_value() -> None:
    axes = plot("samples", FRAME, "hist", "year", "value", None, "t", "en")
    assert sum(patch.get_height() for patch in axes.patches) == 4
    assert axes.get_xlabel() == "kt"


def test_titles_are_those_of_the_ledger_or_the_name() -> None:
    assert title("emission", "value", "en") != title("emission", "value", "zh")
    assert title("own", "value", "en") == "own"
