"""Native charts of the workbook, drawn by Excel itself from the figures beside them."""

from __future__ import annotations

from typing import Any

import polars as pl

from tongyuan.reference.language import say
from tongyuan.reference.shelf import Language
from tongyuan.report.base import label
from tongyuan.report.base.excerpt import excerpt
from tongyuan.report.base.totals import (
    Tables,
    has,
    headline,
    moved,
    sectors_in_order,
    species_in_order,
    years,
)
from tongyuan.report.excel.canvas import Canvas, native
from tongyuan.report.inventory.chapter.common_source import shares
from tongyuan.report.inventory.chapter.control_effect import induced_by_control
from tongyuan.report.inventory.chapter.uncertainty import DRAWN, best_intervals, interval_names
from tongyuan.report.synergy.chapter.synergy import chart_blocks


def _common_source(canvas: Canvas, totals: pl.DataFrame, language: Language) -> None:
    year = years(totals)[-1]
    part = shares(totals, year)
    if not part.height:
        return
    sectors, species = sectors_in_order(part), species_in_order(part)
    held = {(a, b): v for a, b, v in part.select("species", "sector", "share").iter_rows()}
    title = say("report.inventory", "common_source.caption", language, year=year)
    heads = [say("report", "column.species", language), *(label.sector_title(s, language) for s in sectors)]
    lines = [[label.symbol(s, language), *(held.get((s, p), 0.0) for p in sectors)] for s in species]
    name = canvas.data.get_name()
    start, end = canvas.figures(title, heads, lines, share=True)
    chart = canvas.book.add_chart({"type": "bar", "subtype": "percent_stacked"})
    for index, sector in enumerate(sectors):
        chart.add_series(
            {
                "name": [name, start - 1, 1 + index],
                "categories": [name, start, 0, end, 0],
                "values": [name, start, 1 + index, end, 1 + index],
                "fill": {"color": label.colour(sector)},
                "gap": 40,
            }
        )
    chart.set_y_axis({"reverse": True, "interval_unit": 1, "num_font": {"size": 8}})
    chart.set_x_axis({"name": say("report.inventory", "common_source.unit", language), "num_format": "0%"})
    chart.set_legend({"position": "bottom"})
    height = 160 + 18 * len(species)
    canvas.place(chart, title, height)


def _change(canvas: Canvas, totals: pl.DataFrame, language: Language) -> None:
    first, last = years(totals)[0], years(totals)[-1]
    lines: list[list[Any]] = []
    for species in headline(totals, 14):
        before, after = moved(totals, species)[2:4]
        if before and after is not None and before > 0:
            lines.append([label.symbol(species, language), after / before - 1])
    if first == last or not lines:
        return
    title = say("report.inventory", "section.change", language, first=first, last=last)
    heads = [say("report", f"column.{c}", language) for c in ("species", "change")]
    name = canvas.data.get_name()
    start, end = canvas.figures(title, heads, lines, share=True)
    chart = canvas.book.add_chart({"type": "column"})
    chart.add_series(
        {
            "name": title,
            "categories": [name, start, 0, end, 0],
            "values": [name, start, 1, end, 1],
            "fill": {"color": "#3B5B92"},
            "data_labels": {"value": True, "num_format": "+0%;-0%"},
            "gap": 60,
        }
    )
    chart.set_x_axis({"label_position": "low"})
    chart.set_y_axis({"name": say("report", "column.change", language), "num_format": "0%"})
    chart.set_legend({"none": True})
    canvas.place(chart, title)


def _uncertainty(canvas: Canvas, tables: Tables, language: Language) -> None:
    if not has(tables, "uncertainty"):
        return
    part = best_intervals(tables).filter((pl.col("group") == "total") & (pl.col("value") > 0))
    part = part.filter(pl.col("upper").is_not_null())
    part = part.filter(pl.col("year") == pl.col("year").max())
    rows = excerpt("uncertainty", part, DRAWN).frame
    if rows.is_empty():
        return
    heads = [
        say("report", f"column.{c}", language) for c in ("species", "relative_estimate", "below", "above")
    ]
    lines = [
        [name, 1.0, 1 - lower / value, upper / value - 1]
        for _, name, lower, upper, value in sorted(
            zip(
                map(label.species_order, rows["species"]),
                interval_names(rows, language),
                *(rows[c] for c in ("lower", "upper", "value")),
                strict=True,
            )
        )
    ]
    title = say("report.inventory", "uncertainty.caption", language, year=rows["year"][0])
    name = canvas.data.get_name()
    start, end = canvas.figures(title, heads, lines, share=True)
    chart = canvas.book.add_chart({"type": "column"})
    chart.add_series(
        {
            "name": title,
            "categories": [name, start, 0, end, 0],
            "values": [name, start, 1, end, 1],
            "fill": {"color": "#9DB6D6"},
            "y_error_bars": {
                "type": "custom",
                "plus_values": f"='{name}'!$D${start + 1}:$D${end + 1}",
                "minus_values": f"='{name}'!$C${start + 1}:$C${end + 1}",
                "line": {"color": "#B5432F", "width": 1.5},
            },
        }
    )
    chart.set_x_axis({"interval_unit": 1, "num_font": {"size": 8, "rotation": -90}})
    most = min(5.0, 1.0 + max(line[3] for line in lines) * 1.05)
    chart.set_y_axis(
        {
            "name": say("report", "column.relative_estimate", language),
            "num_format": "0%",
            "min": 0,
            "max": most,
        }
    )
    chart.set_legend({"none": True})
    canvas.place(chart, title)


def _control(canvas: Canvas, tables: Tables, language: Language) -> None:
    made = induced_by_control(tables, language) if has(tables, "control_effect") else None
    if made is None:
        return
    title, unit, pairs = made
    heads = [say("report", "column.control", language), unit]
    name = canvas.data.get_name()
    start, end = canvas.figures(title, heads, [list(pair) for pair in pairs], share=False)
    chart = canvas.book.add_chart({"type": "bar"})
    chart.add_series(
        {
            "name": title,
            "categories": [name, start, 0, end, 0],
            "values": [name, start, 1, end, 1],
            "fill": {"color": "#B5432F"},
            "gap": 60,
        }
    )
    chart.set_y_axis({"reverse": True, "interval_unit": 1, "num_font": {"size": 8}})
    chart.set_x_axis({"name": unit})
    chart.set_legend({"none": True})
    canvas.place(chart, title, 140 + 30 * len(pairs))


def add_charts(
    book: Any,
    sheets: tuple[Any, Any],
    formats: tuple[Any, Any, Any],
    tables: Tables,
    totals: pl.DataFrame,
    language: Language,
) -> int:
    """Write the charts to the first of `sheets` and their figures to the second; return how many there are.

    Parameters
    ----------
    formats : tuple
        Cell formats of headers, of shares and of everything else.
    """
    sheet, data = sheets
    data.set_column(0, 0, 24)
    data.set_column(1, 14, 12)
    canvas = Canvas(book, sheet, data, *formats)
    if totals.height:
        _common_source(canvas, totals, language)
        _change(canvas, totals, language)
    _uncertainty(canvas, tables, language)
    _control(canvas, tables, language)
    for block in chart_blocks(tables, language):
        native(canvas, block)
    return canvas.count
