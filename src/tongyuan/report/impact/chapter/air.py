"""The air: means and percentiles against the limits of their time, the index, and what it does to health."""

from __future__ import annotations

import polars as pl

from tongyuan.ledger.read.lookup import choice_title
from tongyuan.reference import units
from tongyuan.reference.language import say
from tongyuan.reference.region import cities, provinces
from tongyuan.reference.shelf import Language, title
from tongyuan.report.base.block import Block, ChartBlock, Column, Note, Paragraph, Section, TableBlock
from tongyuan.report.base.format import number, percent
from tongyuan.report.base.label import symbol, table_column
from tongyuan.report.base.totals import Tables, has
from tongyuan.report.chart.bars import lines

ORDER = 520

ROOM = "report.impact"
MOST = 60
"""Rows of a table."""

DRAWN = 6
"""Regions of the chart."""


def section(tables: Tables, language: Language) -> Section | None:
    """Return the chapter, None without statistics of the air of a region."""
    if not has(tables, "air_statistic"):
        return None
    every = tables["air_statistic"].filter(pl.col("kind") == "region", pl.col("value").is_not_null())
    if every.is_empty():
        return None
    last = every.filter(pl.col("year") == pl.col("year").max().over("place", "pollutant", "statistic"))
    blocks: list[Block] = [Paragraph(verdict(every, tables, language))]
    blocks += [Paragraph(text) for text in burden_lines(tables, language)]
    open_blocks = len(blocks)
    drawn = _chart(every, language)
    blocks += [drawn] if drawn is not None else []
    if every["state"].n_unique() > 1 and "273K" in every["state"].to_list():
        blocks.append(Note(say(ROOM, "air.state", language), "warning"))
    blocks += [statistic_table(last, language), *_without(every, language)]
    if has(tables, "burden"):
        blocks += [burden_table(tables["burden"], language), Note(say(ROOM, "burden.note", language))]
    blocks += case_blocks(tables, language)
    blocks += weather_blocks(tables, language)
    blocks += carbon_blocks(tables, language)
    return Section("air", say(ROOM, "section.air", language), tuple(blocks), shown=open_blocks)


def verdict(every: pl.DataFrame, tables: Tables, language: Language) -> str:
    """Return in a sentence which limits the main region met in the newest year that most is known of."""
    place = _main(every)
    here = every.filter(pl.col("place") == place)
    year = int(here.group_by("year").len().sort("len", "year", descending=True)["year"][0])
    here = here.filter(pl.col("year") == year)
    over = here.filter(~pl.col("attained"))
    joint = "、" if language == "zh" else ", "
    told = [
        say(ROOM, "air.over", language,
            pollutant=symbol(r["pollutant"], language), statistic=choice_title(r["statistic"], language),
            value=number(r["value"], 3), limit=number(r["limit"], 3), unit=units.text(r["unit"], language))
        for r in over.iter_rows(named=True)
    ]  # fmt: skip
    met = joint.join(dict.fromkeys(symbol(p, language) for p in here.filter(pl.col("attained"))["pollutant"]))
    values = {"place": title("region", place, language), "year": year, "met": met, "over": joint.join(told)}
    known = here["attained"].drop_nulls().len()
    kind = "none" if not known else "all" if over.is_empty() else "some" if met else "nothing"
    text = say(ROOM, f"air.verdict_{kind}", language, **values)
    index = tables.get("air_index")
    if index is not None:
        row = index.filter(
            pl.col("place") == place,
            pl.col("year") == year,
            pl.col("index").is_not_null(),
            pl.col("kind") == "region",
        )
        if row.height:
            text += say(ROOM, "air.index", language, index=number(row["index"][0], 3))
    return text


def _main(frame: pl.DataFrame) -> str:
    """Return the region most is known of, the first of its name where several are equal."""
    counted = frame.group_by("place").len().sort("len", "place", descending=[True, False])
    return str(counted["place"][0])


def _chart(every: pl.DataFrame, language: Language) -> ChartBlock | None:
    fine = every.filter(pl.col("pollutant") == "PM2.5", pl.col("statistic") == "mean")
    chosen = fine.group_by("place").len().sort("len", "place", descending=[True, False]).head(DRAWN)["place"]
    fine = fine.filter(pl.col("place").is_in(chosen.implode())).sort("year", "place")
    if fine["year"].n_unique() < 2:
        return None
    tidy = fine.select(
        pl.col("year").cast(pl.String),
        "value",
        pl.col("place").map_elements(lambda p: title("region", p, language), return_dtype=pl.String),
    )
    limit = say(ROOM, "air.limit", language)
    bound = (
        fine.filter(pl.col("limit").is_not_null())
        .unique("year", maintain_order=True)
        .select(pl.col("year").cast(pl.String), pl.col("limit").alias("value"), pl.lit(limit).alias("place"))
    )
    tidy = pl.concat([tidy, bound]).sort("year", maintain_order=True)
    first, last = int(tidy["year"].min()), int(tidy["year"].max())  # type: ignore[arg-type]
    years = pl.DataFrame({"year": [str(year) for year in range(first, last + 1)]})
    tidy = years.join(tidy, on="year", how="left", maintain_order="left")
    tidy = tidy.with_columns(pl.col("place").fill_null(title("region", _main(fine), language)))
    option = lines(tidy, "year", "value", "place", unit=units.text("µg/m3", language))
    for one in option["series"]:
        one["connectNulls"] = True
    return ChartBlock(
        say(ROOM, "air.chart", language),
        option,
        say(ROOM, "air.chart_description", language, first=first, last=last),
        source="air_statistic",
    )


def _without(every: pl.DataFrame, language: Language) -> list[Block]:
    """Return the cities of the one province that nothing is known of: they are missing, nothing stands in."""
    known = set(every["place"])
    told = known & set(provinces())
    absent = [city for province in told for city in cities(province) if city not in known]
    if len(told) != 1 or not absent:
        return []
    names = ("、" if language == "zh" else ", ").join(title("region", city, language) for city in absent)
    place = title("region", told.pop(), language)
    return [Note(say(ROOM, "air.without", language, place=place, count=len(absent), names=names))]


def statistic_table(last: pl.DataFrame, language: Language) -> TableBlock:
    """Return the newest statistics of every region with their limits."""
    names = (
        "place",
        "year",
        "pollutant",
        "statistic",
        "value",
        "unit",
        "limit",
        "attained",
        "standard",
        "days",
    )
    numeric = {"value", "limit", "days"}
    heads = [Column(table_column("air_statistic", n, language), numeric=n in numeric) for n in names]
    rows = [
        [
            title("region", r["place"], language),
            str(r["year"]),
            symbol(r["pollutant"], language),
            choice_title(r["statistic"], language),
            number(r["value"], 3),
            units.text(r["unit"], language),
            number(r["limit"], 3),
            "–" if r["attained"] is None else say(ROOM, "air.yes" if r["attained"] else "air.no", language),
            r["standard"] or "–",
            number(r["days"]),
        ]
        for r in last.sort("place", "pollutant", "statistic").head(MOST).iter_rows(named=True)
    ]
    return TableBlock(say(ROOM, "air.table", language), heads, rows)


def burden_lines(tables: Tables, language: Language) -> list[str]:
    """Return in sentences what the newest air is charged with, and what cleaner air made of it."""
    if not has(tables, "burden"):
        return []
    burden = tables["burden"].filter(
        pl.col("endpoint") == "ncd_lri", pl.col("age") == "25+", pl.col("function") == "gemm_2018"
    )
    charged = burden.filter(pl.col("base_year").is_null())
    region = str(
        charged.group_by("region").len().sort("len", "region", descending=[True, False])["region"][0]
    )
    now = charged.filter(pl.col("region") == region).sort("year").row(-1, named=True)
    told = [_sentence("burden.charged", now, language)]
    fewer = burden.filter(
        pl.col("region") == region, pl.col("base_year").is_not_null(), pl.col("year") == now["year"]
    )
    if fewer.height:
        told.append(_sentence("burden.fewer", fewer.row(0, named=True), language))
    return told


def _sentence(key: str, row: dict[str, object], language: Language) -> str:
    share = row["share"]
    assert isinstance(share, float)
    key += "_worse" if share < 0 else ""
    low, high = (abs(float(str(row[c]))) for c in ("share_lower", "share_upper"))
    text = say(ROOM, key, language,
        region=title("region", str(row["region"]), language), year=row["year"], base=row["base_year"],
        share=percent(abs(share)), lower=percent(min(low, high)), upper=percent(max(low, high)),
        concentration=number(float(str(row["concentration"])), 3),
    )  # fmt: skip
    if row["deaths"] is None:
        return text
    return text + say(
        ROOM, "burden.deaths", language, deaths=number(float(f"{abs(float(str(row['deaths']))):.3g}"))
    )


def case_blocks(tables: Tables, language: Language) -> list[Block]:
    """Return the cases that the air is charged with; none without table ``baseline_case``."""
    if not has(tables, "health_case"):
        return []
    names = ("region", "year", "function", "pollutant", "share", "cases", "cases_lower", "cases_upper")
    words = {"region", "year", "function", "pollutant"}
    heads = [Column(table_column("health_case", n, language), numeric=n not in words) for n in names]
    rows = [
        [
            title("region", r["region"], language), str(r["year"]), r["function"],
            symbol(r["pollutant"], language), percent(r["share"]),
            *(number(r[c], 4) for c in ("cases", "cases_lower", "cases_upper")),
        ]
        for r in tables["health_case"].sort("region", "year", "function").head(MOST).iter_rows(named=True)
    ]  # fmt: skip
    return [TableBlock(say(ROOM, "case.table", language), heads, rows)] if rows else []


def burden_table(burden: pl.DataFrame, language: Language) -> TableBlock:
    """Return shares and deaths by region, year and cause."""
    shares = ("share", "share_lower", "share_upper")
    names = ("region", "year", "base_year", "endpoint", "age", "function", "concentration", *shares, "deaths")
    text = {"region", "year", "base_year", "endpoint", "age", "function"}
    told = {n: table_column("burden", n, language) for n in names}
    told["concentration"] += f" ({units.text('µg/m3', language)})"
    heads = [Column(told[n], numeric=n not in text) for n in names]
    rows = [
        [
            title("region", r["region"], language),
            str(r["year"]),
            "–" if r["base_year"] is None else str(r["base_year"]),
            choice_title(r["endpoint"], language),
            r["age"] or "–",
            say(ROOM, f"function.{r['function']}", language),
            number(r["concentration"], 3),
            percent(r["share"]),
            percent(r["share_lower"]),
            percent(r["share_upper"]),
            number(r["deaths"], 4),
        ]
        for r in burden.sort(
            "region", "year", "base_year", "endpoint", descending=[False, True, False, False]
        )
        .head(MOST)
        .iter_rows(named=True)
    ]
    return TableBlock(say(ROOM, "burden.table", language), heads, rows)


def weather_blocks(tables: Tables, language: Language) -> list[Block]:
    """Return trends at average weather with their skill; none where no weather was brought."""
    if not has(tables, "weather_trend"):
        return []
    names = ("place", "pollutant", "from", "until", "days", "skill", "slope", "lower", "upper")
    words = {"place", "pollutant", "from", "until"}
    heads = [Column(table_column("weather_trend", n, language), numeric=n not in words) for n in names]
    rows = [
        [
            title("region", r["place"], language), symbol(r["pollutant"], language),
            str(r["from"]), str(r["until"]), number(r["days"]),
            *(percent(r[n]) for n in ("skill", "slope", "lower", "upper")),
        ]
        for r in tables["weather_trend"].sort("place", "pollutant").head(MOST).iter_rows(named=True)
    ]  # fmt: skip
    return [
        TableBlock(say(ROOM, "weather.table", language), heads, rows),
        Note(say(ROOM, "weather.note", language)),
    ]


def carbon_blocks(tables: Tables, language: Language) -> list[Block]:
    """Return where the air meets its limit and CO2 falls; none where the inventory has one year."""
    if not has(tables, "air_carbon"):
        return []
    names = ("region", "year", "base_year", "pollutant", "over", "carbon", "quadrant")
    heads = [Column(table_column("air_carbon", n, language), numeric=n in ("over", "carbon")) for n in names]
    every = tables["air_carbon"]
    rows = [
        [
            title("region", r["region"], language), str(r["year"]), str(r["base_year"]),
            symbol(r["pollutant"], language), percent(r["over"]), percent(r["carbon"]),
            choice_title(r["quadrant"], language),
        ]
        for r in every.sort("region", "year").head(MOST).iter_rows(named=True)
    ]  # fmt: skip
    blocks: list[Block] = [TableBlock(say(ROOM, "carbon.table", language), heads, rows)]
    if not every["comparable"].all():
        blocks.append(Note(say(ROOM, "carbon.state", language), "warning"))
    return blocks
