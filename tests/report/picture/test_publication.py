from pathlib import Path

import polars as pl
import pytest
from matplotlib.image import imread

from tongyuan.report import chart
from tongyuan.report.base.block import ChartBlock
from tongyuan.report.picture.publication import save

FRAME = pl.DataFrame(
    {"n": ["活动", "强度"], "v": [3.0, -5.0], "low": [1.0, 2.0], "mid": [2.0, 3.0], "high": [4.0, 6.0]}
)
STEPS = ChartBlock("CO₂", chart.contributions(FRAME, "n", "v", unit="万吨", total="总变化"), "")
BANDS = ChartBlock("ranks", chart.spans(FRAME, "n", "low", "mid", "high", unit="", names=("a", "b")), "")
POINTS = ChartBlock("points", chart.points(FRAME, "v", "low", "n", x_title="x", y_title="y"), "")
FLOW = ChartBlock(
    "flow",
    chart.sankey(
        [("a", 0, "#000"), ("b", 1, "#000")],
        pl.DataFrame({"s": ["a"], "t": ["b"], "v": [1.0]}),
        source="s",
        target="t",
        value="v",
    ),
    "",
)


@pytest.mark.parametrize("ending", ["svg", "pdf", "png"])
def test_panels_are_written_and_repeat(ending: str, tmp_path: Path) -> None:
    first = save([STEPS, BANDS, POINTS], tmp_path / f"one.{ending}")
    again = save([STEPS, BANDS, POINTS], tmp_path / f"two.{ending}")
    assert first.read_bytes() == again.read_bytes()
    assert first.stat().st_size > 5_000


def test_a_lone_panel_is_wide_and_flows_are_left_out(tmp_path: Path) -> None:
    one = imread(save([STEPS, FLOW], tmp_path / "one.png", dots=100))
    two = imread(save([STEPS, BANDS], tmp_path / "two.png", dots=100))
    assert one.shape[1] == pytest.approx(8.6 * 1.8 / 2.54 * 100, abs=2)
    assert two.shape[1] == pytest.approx(8.6 * 2 / 2.54 * 100, abs=2)


def test_what_cannot_be_drawn_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="chart with axes"):
        save([FLOW], tmp_path / "x.svg")
    with pytest.raises(ValueError, match="svg"):
        save([STEPS], tmp_path / "x.gif")
