from pathlib import Path

import polars as pl
import pytest
from matplotlib.font_manager import findfont, get_font
from matplotlib.image import imread

import tongyuan
from tongyuan.report import chart
from tongyuan.report.picture import figure

FRAME = pl.DataFrame({"n": ["能源", "工业"], "v": [3.0, -1.0], "low": [-10.0, -20.0], "high": [5.0, 40.0]})


@pytest.mark.parametrize(
    "option",
    [
        chart.bars(FRAME, "n", "v", unit="万吨"),
        chart.bars(FRAME, "n", "v", "n", unit="万吨", horizontal=True, stack=True, maximum=100),
        chart.lines(FRAME, "n", "v", unit="t"),
        chart.waterfall(FRAME, "n", "v", unit="t", start=("a", 5.0), end=("b", 7.0)),
        chart.intervals(FRAME, "n", "low", "high", unit="%", names=("low", "high")),
        chart.pareto(FRAME, "n", "high", "high", unit="%", names=("a", "b")),
        chart.ratios(FRAME, "n", "high", unit="r", mark="1"),
        chart.points(FRAME, "low", "high", "n", x_title="x", y_title="y"),
        chart.cost_curve(FRAME, "n", "high", "v", x_title="x", y_title="y"),
        chart.contributions(FRAME, "n", "v", unit="t", total="合计"),
        chart.spans(FRAME, "n", "low", "v", "high", unit="r", names=("a", "b"), minimum=-20.0),
    ],
)
def test_every_chart_with_axes_becomes_a_picture(option, tmp_path):
    path = tmp_path / "picture.png"
    path.write_bytes(figure.png(option, width=12.0, height=6.0, dots=100))
    picture = imread(path)
    assert picture.shape[:2] == (236, 472)
    assert picture[..., :3].std() > 0.02


def test_flows_have_no_picture():
    flows = pl.DataFrame({"s": ["a"], "t": ["b"], "v": [1.0]})
    option = chart.sankey([("a", 0, "#000"), ("b", 1, "#000")], flows, source="s", target="t", value="v")
    assert not figure.drawable(option)
    with pytest.raises(ValueError, match="axes"):
        figure.png(option)


def test_pictures_repeat():
    option = chart.bars(FRAME, "n", "v", unit="t")
    assert figure.png(option) == figure.png(option)


def test_pictures_are_written_by_the_font_of_the_package():
    found = findfont(figure.settings()["font.family"][0], fallback_to_default=False)
    assert found.endswith("report/vendor/NotoSansCJKsc-Regular-subset.ttf")


def test_the_font_has_every_character_of_the_package_and_its_licence():
    spare = findfont("DejaVu Sans")  # ships with matplotlib and is asked second
    known = set(get_font(str(figure.FONT)).get_charmap()) | set(get_font(spare).get_charmap())
    words = set()
    for path in sorted(Path(tongyuan.__file__).parent.rglob("*.csv")):
        words |= set(path.read_text("utf-8"))
    assert not {c for c in words if c.isprintable() and ord(c) not in known}
    licence = Path(str(figure.FONT)).with_name("LICENSE-noto-sans-cjk").read_text("utf-8")
    assert "SIL OPEN FONT LICENSE Version 1.1" in licence
