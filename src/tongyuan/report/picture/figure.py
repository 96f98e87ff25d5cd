"""Pictures for documents: the charts of `tongyuan.report.chart` drawn with matplotlib.

Reads the ECharts options our own builders make (bars, lines, waterfalls, intervals, points on one pair of
axes); flows have no picture.
"""

from __future__ import annotations

import io
from functools import cache
from importlib.resources import as_file, files
from typing import Any

from tongyuan.report.base.block import Option
from tongyuan.report.chart import CLEAR, INK, text_width

FONT = files("tongyuan.report") / "vendor" / "NotoSansCJKsc-Regular-subset.ttf"
"""The font of every picture: it ships with the package, so that no picture depends on the machine."""


@cache
def family() -> str:
    """Return the name of the font of pictures, made known to matplotlib before any font of the machine."""
    from matplotlib.font_manager import fontManager

    with as_file(FONT) as path:
        fontManager.addfont(path)
    shipped = fontManager.ttflist.pop()
    fontManager.ttflist.insert(0, shipped)
    return shipped.name


def drawable(option: Option) -> bool:
    """Tell whether an option can be drawn here: it has axes."""
    return "xAxis" in option and "yAxis" in option


def _number(value: Any) -> float:
    if isinstance(value, dict):
        value = value["value"]
    return float("nan") if value is None else float(value)


def _bars(axes: Any, option: Option, horizontal: bool) -> None:
    drawn = [one for one in option["series"] if one["type"] == "bar"]
    names = (option["yAxis"] if horizontal else option["xAxis"]).get("data", [])
    places = list(range(len(names)))
    stacked = bool(drawn) and all("stack" in one for one in drawn)
    above, below = [0.0] * len(names), [0.0] * len(names)
    for index, one in enumerate(drawn):
        values = [0.0 if (v := _number(item)) != v else v for item in one["data"]]
        colours = [
            (item if isinstance(item, dict) and "itemStyle" in item else one)["itemStyle"]["color"]
            for item in one["data"]
        ]
        colours = ["none" if colour == CLEAR else colour for colour in colours]
        width = 0.7 if stacked else 0.75 / max(1, len(drawn))
        shift = 0.0 if stacked else (index - (len(drawn) - 1) / 2) * width
        base = (
            [(above if v >= 0 else below)[i] for i, v in enumerate(values)]
            if stacked
            else [0.0] * len(values)
        )
        at = [place + shift for place in places]
        named = one.get("name") or None
        if horizontal:
            axes.barh(at, values, height=width, left=base, color=colours, label=named)
        else:
            axes.bar(at, values, width=width, bottom=base, color=colours, label=named)
        for i, (v, item) in enumerate(zip(values, one["data"], strict=True)):
            (above if v >= 0 else below)[i] += v
            if horizontal and isinstance(item, dict) and "label" in item:
                _write(axes, item["label"], base[i], base[i] + v, at[i])


def _write(axes: Any, label: Option, start: float, end: float, at: float) -> None:
    """Write the value of a bar inside it, or behind its end."""
    text, look = label["formatter"], {"textcoords": "offset points", "fontsize": 7, "va": "center"}
    if label["position"] == "inside":
        axes.annotate(text, ((start + end) / 2, at), (0, 0), ha="center", color=label["color"], **look)
    else:
        axes.annotate(text, (max(start, end), at), (3, 0), **look)


def _others(axes: Any, option: Option, horizontal: bool) -> None:
    names = (option["yAxis"] if horizontal else option["xAxis"]).get("data", [])
    for one in option["series"]:
        colour = one.get("itemStyle", {}).get("color", INK)
        if one["type"] == "line" and not names and "areaStyle" not in one:
            rims = [[float("nan") if v is None else v for v in pair] for pair in one["data"]]
            axes.plot(*zip(*rims, strict=True), color=colour, linewidth=1.2, label=one.get("name"))
        elif one["type"] == "line" and not names:
            across, up = zip(*one["data"], strict=True)
            axes.fill(across, up, color=colour, alpha=0.75, linewidth=0.8, label=one.get("name"))
        elif one["type"] == "line":
            points = list(enumerate(_number(item) for item in one["data"]))
            if one.get("connectNulls"):
                points = [(place, value) for place, value in points if value == value]
            along = [place for place, _ in points], [value for _, value in points]
            pair = along[::-1] if horizontal else along
            style = "--" if one.get("lineStyle", {}).get("type") == "dashed" else "-"
            marker = "" if one.get("symbolSize") == 0 else "o"
            look = {"linestyle": style, "marker": marker, "markersize": 3.5, "linewidth": 1.6}
            axes.plot(*pair, color=colour, label=one.get("name"), **look)
        elif one["type"] == "scatter" and names:
            at = [names.index(item[1]) for item in one["data"]]
            values = [item[0] for item in one["data"]]
            axes.scatter(values, at, color=colour, s=28, zorder=3, label=one.get("name"))
            if "markLine" in one:
                axes.axvline(1.0, color="#b5432f", linestyle="--", linewidth=1)
        elif one["type"] == "scatter":
            pairs = [item["value"] for item in one["data"]]
            axes.scatter(*zip(*pairs, strict=True), color=colour, s=28, zorder=3, label=one.get("name"))
            for item in one["data"] if "label" in one else ():
                lift = 4 - 0.75 * item.get("label", {}).get("offset", [0, 0])[1]
                axes.annotate(
                    item["name"],
                    item["value"],
                    (0, lift),
                    textcoords="offset points",
                    fontsize=8,
                    ha="center",
                )


def _tiles(axes: Any, option: Option) -> None:
    """Draw tiles in the colours of their classes, with the classes beside them."""
    from matplotlib.patches import Patch, Rectangle

    pieces = option["visualMap"]["pieces"]
    for item in option["series"][0]["data"]:
        column, row, value = item["value"]
        edge = item.get("itemStyle", {}).get("borderColor", "none")
        colour = "none"
        if value is not None:
            colour = next((p["color"] for p in pieces if value <= p["lte"]), pieces[-1]["color"])
        axes.add_patch(Rectangle((column - 0.5, row - 0.5), 1, 1, facecolor=colour, edgecolor=edge))
    for axis, ticks, labels in (
        ("xAxis", axes.set_xticks, option["xAxis"]["data"]),
        ("yAxis", axes.set_yticks, option["yAxis"]["data"]),
    ):
        every = range(0, len(labels), option[axis]["axisLabel"]["interval"] + 1)
        ticks(list(every), [labels[place] for place in every])
    axes.set_xlim(-0.5, len(option["xAxis"]["data"]) - 0.5)
    axes.set_ylim(len(option["yAxis"]["data"]) - 0.5, -0.5)
    shown = [Patch(color=p["color"], label=p["label"]) for p in pieces]
    axes.legend(
        handles=shown,
        title=option["visualMap"]["text"][0],
        loc="upper left",
        bbox_to_anchor=(1, 1),
        fontsize=7,
    )


def _axes(axes: Any, option: Option, horizontal: bool) -> None:
    category, value = (option["yAxis"], option["xAxis"]) if horizontal else (option["xAxis"], option["yAxis"])
    if "data" in category:
        places, names = list(range(len(category["data"]))), category["data"]
        if horizontal:
            axes.set_yticks(places, names)
            axes.set_ylim(len(names) - 0.4, -0.6)
        else:
            rotated = category["axisLabel"].get("rotate", 0)
            axes.set_xticks(places, names, rotation=rotated, ha="right" if rotated else "center")
    else:
        axes.set_xlabel(option["xAxis"]["name"])
        if "min" in value and value["min"] > 0:
            axes.set_xlim(category["min"], category["max"])
            axes.set_ylim(bottom=value["min"])
        else:
            axes.axhline(0, color=INK, linewidth=0.8)
            axes.axvline(0, color=INK, linewidth=0.8)
    if value.get("type") == "log":
        axes.set_xscale("log")
        axes.set_xlim(value["min"], value["max"])
        ticks = [t for t in (0.1, 0.2, 0.5, 1, 2, 5, 10) if value["min"] <= t <= value["max"]]
        axes.set_xticks(ticks, [f"{t:g}" for t in ticks])
        axes.minorticks_off()
    elif "max" in value and horizontal:
        axes.set_xlim(right=value["max"])
    elif "max" in value:
        axes.set_ylim(top=value["max"])
    (axes.set_xlabel if horizontal else axes.set_ylabel)(value["name"])
    axes.grid(axis="x" if horizontal else "y", color="#d8dee4", linewidth=0.7)
    axes.set_axisbelow(True)
    for side in ("top", "right"):
        axes.spines[side].set_visible(False)


def settings() -> Any:
    """Return the settings of matplotlib that every picture shares."""
    chosen: Any = {"axes.unicode_minus": False, "font.size": 9, "text.color": INK}
    chosen |= {"svg.hashsalt": "tongyuan", "svg.fonttype": "path", "pdf.fonttype": 42}
    return chosen | {"font.family": [family(), "DejaVu Sans"]}


def draw(axes: Any, option: Option) -> None:
    """Draw a chart with a pair of axes on `axes` of matplotlib."""
    if option["series"][0]["type"] == "heatmap":
        _tiles(axes, option)
        return
    horizontal = option["yAxis"]["type"] == "category"
    _bars(axes, option, horizontal)
    _others(axes, option, horizontal)
    _axes(axes, option, horizontal)


def png(option: Option, *, width: float = 15.5, height: float = 8.0, dots: int = 160) -> bytes:
    """Return the chart of `option` as a PNG picture.

    Parameters
    ----------
    option : dict
        An option made by `tongyuan.report.chart` with a pair of axes.
    width, height : float
        Size of the picture [cm].
    dots : int
        Resolution [dots per inch].

    Raises
    ------
    ValueError
        If the option has no axes (flows, radars).
    """
    from matplotlib import rc_context
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    if not drawable(option):
        raise ValueError("only charts with axes can be drawn as a picture")
    with rc_context(settings()):
        figure = Figure(figsize=(width / 2.54, height / 2.54), layout="constrained")
        FigureCanvasAgg(figure)
        axes = figure.add_subplot()
        draw(axes, option)
        if option.get("legend"):
            handles, names = axes.get_legend_handles_labels()
            widest = max(text_width(name) for name in names) * 0.66 + 40  # points, with the colour key
            columns = max(1, min(len(names), int(width / 2.54 * 72 / widest)))
            figure.legend(handles, names, loc="outside upper left", ncols=columns, frameon=False, fontsize=8)
        stream = io.BytesIO()
        figure.savefig(stream, format="png", dpi=dots, metadata={"Software": None})
    return stream.getvalue()
