"""Chart builders: a tidy table in, an ECharts option (plain JSON values, no functions) out.

The builders know nothing of emissions: they take a frame and the names of its columns, already in words and
in display units. Categories and series keep the order of their first appearance.
`tongyuan.report.picture.figure` draws the same options with matplotlib where a document needs a picture.
"""

from tongyuan.report.chart.bars import bars, intervals, lines, pareto
from tongyuan.report.chart.base import CLEAR, DOWN, INK, PALETTE, TOTAL, UP, Option, text_width
from tongyuan.report.chart.curve import cost_curve
from tongyuan.report.chart.flow import sankey
from tongyuan.report.chart.points import points, ratios, spans
from tongyuan.report.chart.radar import radar
from tongyuan.report.chart.steps import contributions, waterfall
from tongyuan.report.chart.tiles import tiles

__all__ = [
    "CLEAR",
    "DOWN",
    "INK",
    "PALETTE",
    "TOTAL",
    "UP",
    "Option",
    "bars",
    "contributions",
    "cost_curve",
    "intervals",
    "lines",
    "pareto",
    "points",
    "radar",
    "ratios",
    "sankey",
    "spans",
    "text_width",
    "tiles",
    "waterfall",
]
