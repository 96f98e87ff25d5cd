"""Native charts of the workbook, drawn by Excel itself from the figures beside them."""

from __future__ import annotations

from typing import Any

import polars as pl

from tongyuan.reference.language import say
from tongyuan.reference.shelf import Language
from tongyuan.report import label
from tongyuan.report.sections.common_source import shares
from tongyuan.report.sections.control_effect import induced_by_control
from tongyuan.report.sections.uncertainty import best_intervals
from tongyuan.report.totals import (
    Tables,
    has,
    headline,
    sectors_in_order,
    species_in_order,
    value_of,
    years,
)

TOP = 4
_WIDTH, _HEIGHT = 760, 420


def _block(sheet: Any, head: Any, row: int, heads: list[str], lines: list[list[Any]]) -> int:
    """Write the figures of a chart and return the row after them."""
    for index, text in enumerate(heads):
        sheet.write_string(row, index, text, head)
    for offset, line in enumerate(lines):
        for index, value in enumerate(line):
            if value is not None:
                sheet.write(row + 1 + offset, index, value)
    return row + 1 + len(lines)


def _finish(chart: Any, sheet: Any, row: int, column: int, title: str, height: int = _HEIGHT) -> None:
    chart.set_title({"name": title, "name_font": {"size": 12}, "overlay": False})
    chart.set_size({"width": _WIDTH, "height": height})
    sheet.insert_chart(row, column, chart)


def _common_source(book: Any, sheet: Any, head: Any, row: int, totals: pl.DataFrame, language: Language) -> int:
    year = years(totals)[-1]
    part = shares(totals, year)
    if not part.height:
        return row
    sectors, species = sectors_in_order(part), species_in_order(part)
    held = {(a, b): v for a, b, v in part.select("species", "sector", "share").iter_rows()}
    title = say("report", "common_source.caption", language, year=year)
    heads = [say("report", "column.species", language), *(label.sector_title(s, language) for s in sectors)]
    lines = [[label.symbol(s, language), *(held.get((s, p), 0.0) for p in sectors)] for s in species]
    end = _block(sheet, head, row, heads, lines)
    chart = book.add_chart({"type": "bar", "subtype": "percent_stacked"})
    for index, sector in enumerate(sectors):
        chart.add_series(
            {
                "name": [sheet.get_name(), row, 1 + index],
                "categories": [sheet.get_name(), row + 1, 0, end - 1, 0],
                "values": [sheet.get_name(), row + 1, 1 + index, end - 1, 1 + index],
                "fill": {"color": label.colour(sector)},
                "gap": 40,
            }
        )
    chart.set_y_axis({"reverse": True})
    chart.set_x_axis({"name": say("report", "common_source.unit", language), "num_format": "0%"})
    chart.set_legend({"position": "bottom"})
    height = 160 + 20 * len(species)
    _finish(chart, sheet, row, len(heads) + 1, title, height)
    return max(end, row + height // 20) + 2


def _change(book: Any, sheet: Any, head: Any, row: int, totals: pl.DataFrame, language: Language) -> int:
    first, last = years(totals)[0], years(totals)[-1]
    lines: list[list[Any]] = []
    for species in headline(totals, 14):
        before, after = value_of(totals, first, species), value_of(totals, last, species)
        if before and after is not None and before > 0:
            lines.append([label.symbol(species, language), after / before - 1])
    if first == last or not lines:
        return row
    title = say("report", "section.change", language, first=first, last=last)
    end = _block(
        sheet, head, row, [say("report", f"column.{c}", language) for c in ("species", "change")], lines
    )
    chart = book.add_chart({"type": "column"})
    chart.add_series(
        {
            "name": title,
            "categories": [sheet.get_name(), row + 1, 0, end - 1, 0],
            "values": [sheet.get_name(), row + 1, 1, end - 1, 1],
            "fill": {"color": "#3B5B92"},
            "data_labels": {"value": True, "num_format": "+0%;-0%"},
            "gap": 60,
        }
    )
    chart.set_x_axis({"label_position": "low"})
    chart.set_y_axis({"name": say("report", "column.change", language), "num_format": "0%"})
    chart.set_legend({"none": True})
    _finish(chart, sheet, row, 4, title)
    return max(end, row + _HEIGHT // 20) + 2


def _uncertainty(book: Any, sheet: Any, head: Any, row: int, tables: Tables, language: Language) -> int:
    if not has(tables, "uncertainty"):
        return row
    part = best_intervals(tables).filter((pl.col("group") == "total") & (pl.col("value") > 0))
    part = part.filter(pl.col("year") == pl.col("year").max())
    rows = sorted(part.to_dicts(), key=lambda r: label.species_order(r["species"]))
    if not rows:
        return row
    heads = [say("report", f"column.{c}", language) for c in ("species", "relative_estimate", "below", "above")]
    lines = [
        [label.symbol(r["species"], language), 1.0, 1 - r["lower"] / r["value"], r["upper"] / r["value"] - 1]
        for r in rows
    ]
    end = _block(sheet, head, row, heads, lines)
    title = say("report", "uncertainty.caption", language, year=rows[0]["year"])
    name = sheet.get_name().replace("'", "''")
    chart = book.add_chart({"type": "column"})
    chart.add_series(
        {
            "name": title,
            "categories": [sheet.get_name(), row + 1, 0, end - 1, 0],
            "values": [sheet.get_name(), row + 1, 1, end - 1, 1],
            "fill": {"color": "#9DB6D6"},
            "y_error_bars": {
                "type": "custom",
                "plus_values": f"='{name}'!$D${row + 2}:$D${end}",
                "minus_values": f"='{name}'!$C${row + 2}:$C${end}",
                "line": {"color": "#B5432F", "width": 1.5},
            },
        }
    )
    chart.set_y_axis({"name": say("report", "column.relative_estimate", language), "num_format": "0%", "min": 0})
    chart.set_legend({"none": True})
    _finish(chart, sheet, row, 6, title)
    return max(end, row + _HEIGHT // 20) + 2


def _control(book: Any, sheet: Any, head: Any, row: int, tables: Tables, language: Language) -> int:
    made = induced_by_control(tables, language) if has(tables, "control_effect") else None
    if made is None:
        return row
    title, unit, pairs = made
    heads = [say("report", "column.control", language), unit]
    end = _block(sheet, head, row, heads, [list(pair) for pair in pairs])
    chart = book.add_chart({"type": "bar"})
    chart.add_series(
        {
            "name": title,
            "categories": [sheet.get_name(), row + 1, 0, end - 1, 0],
            "values": [sheet.get_name(), row + 1, 1, end - 1, 1],
            "fill": {"color": "#B5432F"},
            "gap": 60,
        }
    )
    chart.set_y_axis({"reverse": True})
    chart.set_x_axis({"name": unit})
    chart.set_legend({"none": True})
    _finish(chart, sheet, row, 4, title, 140 + 30 * len(pairs))
    return max(end, row + (140 + 30 * len(pairs)) // 20) + 2


def add_charts(
    book: Any, sheet: Any, head: Any, tables: Tables, totals: pl.DataFrame, language: Language
) -> int:
    """Write the charts with their figures to `sheet`; return how many there are."""
    sheet.set_column(0, 0, 24)
    sheet.set_column(1, 14, 11)
    before = len(book.charts)
    row = _common_source(book, sheet, head, TOP, totals, language)
    row = _change(book, sheet, head, row, totals, language)
    row = _uncertainty(book, sheet, head, row, tables, language)
    _control(book, sheet, head, row, tables, language)
    return len(book.charts) - before
