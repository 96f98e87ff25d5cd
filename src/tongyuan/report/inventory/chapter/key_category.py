"""Key categories: the sources that make up 95 % of a total, or of its trend."""

from __future__ import annotations

import polars as pl

from tongyuan.reference.language import say
from tongyuan.reference.shelf import Language, title
from tongyuan.reference.species import headline
from tongyuan.report import chart
from tongyuan.report.base import label
from tongyuan.report.base.block import Block, ChartBlock, Choice, Column, Note, Section, TableBlock
from tongyuan.report.base.format import amount, percent
from tongyuan.report.base.totals import Tables, has

ORDER = 650

MOST_QUANTITIES = 12
MOST_BARS = 12
MOST_ROWS = 25


def _quantities(frame: pl.DataFrame) -> list[str]:
    present = frame["quantity"].unique().to_list()
    first = [q for q in headline() if q in present]
    return (first + sorted(q for q in present if q not in first))[:MOST_QUANTITIES]


def _names(part: pl.DataFrame, language: Language) -> list[str]:
    made = (
        label.source_key(process, product, technology, language)
        for process, product, technology in part.select("process", "product", "technology").iter_rows()
    )
    unique: list[str] = []
    for name in made:
        while name in unique:
            name += "\u200b"
        unique.append(name)
    return unique


def together(part: pl.DataFrame) -> pl.DataFrame:
    """Return the sources of one quantity over all regions, the largest first, with their shares."""
    if part["region"].n_unique() < 2:
        return part.sort("share", descending=True)
    summed = part.group_by("process", "product", "technology", maintain_order=True).agg(pl.col("value").sum())
    shares = summed.with_columns((pl.col("value") / pl.col("value").abs().sum()).alias("share"))
    return shares.sort("share", descending=True).with_columns(pl.col("share").cum_sum().alias("cumulative"))


def key_chart(part: pl.DataFrame, quantity: str, year: int, language: Language) -> ChartBlock:
    """Return the largest sources of one quantity with their cumulative share."""
    top = together(part).head(MOST_BARS)
    tidy = pl.DataFrame(
        {
            "name": _names(top, language),
            "share": (top["share"] * 100).to_list(),
            "cumulative": (top["cumulative"] * 100).to_list(),
        }
    )
    names = (say("report", "column.share", language), say("report", "column.cumulative", language))
    option = chart.pareto(
        tidy,
        "name",
        "share",
        "cumulative",
        unit=say("report.inventory", "key_category.unit", language),
        names=names,
    )
    sign = label.species_title(quantity, language)
    return ChartBlock(
        say("report.inventory", "key_category.caption", language, quantity=sign, year=year),
        option,
        say("report.inventory", "key_category.description", language, quantity=sign, count=top.height),
        height=100 + 28 * top.height,
        table=key_table(part, quantity, year, language),
    )


def key_table(part: pl.DataFrame, quantity: str, year: int, language: Language) -> TableBlock:
    """Return the key sources of one quantity with level, trend and the reason they are key."""
    heads = (
        Column(say("report", "column.source_key", language)),
        Column(say("report", "column.value", language), numeric=True),
        Column(say("report", "column.share", language), numeric=True),
        Column(say("report", "column.cumulative", language), numeric=True),
        Column(say("report", "column.trend", language), numeric=True),
        Column(say("report", "column.key_by", language)),
    )
    top = part.sort("share", descending=True).filter(
        pl.col("key_level") | pl.col("key_trend").fill_null(False)
    )
    lines = []
    several = part["region"].n_unique() > 1
    for name, row in zip(_names(top.head(MOST_ROWS), language), top.head(MOST_ROWS).to_dicts(), strict=True):
        source = f"{title('region', row['region'], language)} · {name}" if several else name
        why = [
            say("report.inventory", f"key_by.{k}", language) for k in ("level", "trend") if row[f"key_{k}"]
        ]
        shares = [percent(row[c]) for c in ("share", "cumulative", "trend")]
        joint = "、" if language == "zh" else ", "
        lines.append([source, amount(row["value"], row["unit"], language), *shares, joint.join(why)])
    caption = say(
        "report.inventory",
        "key_category.table",
        language,
        quantity=label.species_title(quantity, language),
        year=year,
        shown=len(lines),
        count=top.height,
    )
    return TableBlock(caption, heads, lines, folded=True)


def section(tables: Tables, language: Language) -> Section | None:
    """Return the chapter, None when no key-category analysis was made."""
    if not has(tables, "key_category"):
        return None
    frame = tables["key_category"]
    charts = []
    for quantity in _quantities(frame):
        part = frame.filter(pl.col("quantity") == quantity)
        year = int(part["year"].max())  # type: ignore[arg-type]
        part = part.filter(pl.col("year") == year)
        charts.append((label.symbol(quantity, language), key_chart(part, quantity, year, language)))
    blocks: list[Block] = [
        Choice(say("report", "choice.species", language), charts),
        Note(say("report.inventory", "key_category.reading", language)),
    ]
    left_out = frame["quantity"].n_unique() - MOST_QUANTITIES
    if left_out > 0:
        blocks.append(Note(say("report.inventory", "key_category.more", language, count=left_out)))
    return Section(
        "key_category", say("report.inventory", "section.key_category", language), tuple(blocks), shown=0
    )
