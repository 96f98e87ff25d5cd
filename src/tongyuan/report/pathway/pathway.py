"""The least-cost plan: technologies and emissions by year."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import polars as pl

from tongyuan.reference.shelf import Language
from tongyuan.report import chart
from tongyuan.report.base.block import ChartBlock, Column, TableBlock
from tongyuan.report.base.format import change, decimals, number, percent, scale
from tongyuan.report.base.label import symbol
from tongyuan.report.base.totals import Tables, rows
from tongyuan.report.pathway.words import (
    BASE,
    CONTINUED,
    NONE,
    PLAN,
    SHOWN,
    SMALL,
    Titles,
    display,
    name_of,
    words,
)

DRAWN = 8
"""Technologies a chart tells apart; the others are one bar, and stand in its table."""
OTHER = "#b0b7bf"
WHOLE = 0.9995
"""Share of a species from which the plan covers it."""


def _sum(
    held: Mapping[tuple[str, str, int], float], own: Sequence[tuple[str, str]], year: int
) -> float | None:
    values = [held[(*n, year)] for n in own if (*n, year) in held]
    return sum(values) if values else None


def pathway_charts(tables: Tables, titles: Titles, language: Language) -> list[ChartBlock]:
    """Return for every sector the activity by technology and year, and the capacity of power."""
    option = rows(tables, "technology_option").select("technology", "sector").unique(maintain_order=True)
    order = {t: i for i, t in enumerate(option["technology"])}
    every = rows(tables, "plan_activity")
    later = every.filter(pl.col("scenario") == PLAN)["year"].unique().to_list()
    base = (pl.col("scenario") == BASE) & ~pl.col("year").is_in(later)
    activity = every.filter(base | (pl.col("scenario") == PLAN))
    used = activity.join(option, on="technology")
    made = []
    ranks = option.with_columns(pl.int_range(pl.len()).over("sector").alias("rank"))
    colour = {
        t: chart.PALETTE[r % len(chart.PALETTE)] for t, r in ranks.select("technology", "rank").iter_rows()
    }
    years = sorted(set(used["year"]))
    outputs = _outputs(tables, used)
    for flow, part in outputs.items():
        made.append(_stack(part, order, titles, language, "output", flow, years, colour))
    shared = {t for part in outputs.values() for t in part["technology"]}
    used = used.filter(~pl.col("technology").is_in(shared))
    kinds = used.filter(pl.col("sector") != "").select("sector", "unit").unique(maintain_order=True)
    kinds = kinds.sort(pl.col("sector") != "power", maintain_order=True)
    for sector, unit in kinds.iter_rows():
        part = used.filter((pl.col("sector") == sector) & (pl.col("unit") == unit))
        part = part.filter(pl.col("value") > SMALL * pl.col("value").max())
        if part.height:
            part = part.group_by("technology", "control", "year", "unit").agg(pl.col("value").sum())
            made.append(_stack(part, order, titles, language, "activity", sector, years, colour))
    capacity = rows(tables, "plan_capacity").filter(pl.col("scenario") == PLAN, pl.col("unit") != "")
    capacity = capacity.join(option.filter(pl.col("sector") == "power"), on="technology")
    first = max(1, len(outputs)) if outputs else 1
    for place, part in enumerate(capacity.partition_by("unit", maintain_order=True), start=first):
        if part["technology"].n_unique() > 1:
            nodes = part.group_by("technology", "year", "unit", maintain_order=True)
            part = nodes.agg(value=pl.col("capacity").sum()).with_columns(control=pl.lit(""))
            kept = part.filter(pl.col("value") > SMALL * pl.col("value").max())
            made.insert(
                place, _stack(kept, order, titles, language, "capacity", "power", sorted(later), colour)
            )
    return made


def _outputs(tables: Tables, used: pl.DataFrame) -> dict[str, pl.DataFrame]:
    """Return the output of flows that technologies counted in several units make, electricity first.

    Power from coal is counted in fuel, that from wind in GWh: by output they stand in one chart.
    """
    flow = rows(tables, "technology_flow")
    units = rows(tables, "flow").select("flow", pl.col("unit").alias("of"))
    if flow.is_empty() or units.is_empty():
        return {}
    out = flow.filter(pl.col("role") == "output").select("technology", "flow", "coefficient")
    made = used.join(out, on="technology").join(units, on="flow")
    made = made.with_columns(value=pl.col("value") * pl.col("coefficient"))
    made = made.filter(pl.col("value") > SMALL * pl.col("value").max().over("flow"))
    counted = made.group_by("flow").agg(pl.struct("sector", "unit").n_unique().alias("n"))
    several = counted.filter(pl.col("n") > 1)["flow"]
    keys = ["technology", "control", "year"]
    found = {
        str(name): part.group_by(*keys, pl.col("of").alias("unit"), maintain_order=True)
        .agg(pl.col("value").sum())
        .with_columns(control=pl.lit(""))
        .group_by(*keys, "unit", maintain_order=True)
        .agg(pl.col("value").sum())
        for (name,), part in made.filter(pl.col("flow").is_in(several.implode())).group_by(
            ["flow"], maintain_order=True
        )
    }
    return dict(sorted(found.items(), key=lambda item: item[0] != "electricity"))


def _stack(
    part: pl.DataFrame, order: Mapping[str, int], titles: Titles, language: Language, what: str, sector: str,
    years: list[int], colour: Mapping[str, str],
) -> ChartBlock:  # fmt: skip
    factor, unit = display(part["unit"][0], part["value"].to_list(), language)
    lines = sorted(part.to_dicts(), key=lambda r: (order[r["technology"]], r["control"], r["year"]))
    names = list(dict.fromkeys((r["technology"], r["control"]) for r in lines))
    held = {(r["technology"], r["control"], r["year"]): r["value"] / factor for r in lines}
    most = {n: max(abs(held.get((*n, y), 0.0)) for y in years) for n in names}
    shown = sorted(names, key=lambda n: -most[n])[:DRAWN]
    drawn = shown if what == "output" else sorted(shown, key=names.index)
    left = [n for n in names if n not in drawn]
    stacks = [(titles.option(*n), [n]) for n in drawn] + ([(words("other", language), left)] if left else [])
    tidy = pl.DataFrame(
        [(str(y), name, _sum(held, own, y)) for name, own in stacks for y in years],
        schema={"year": pl.String, "name": pl.String, "value": pl.Float64},
        orient="row",
    )
    cells = [[titles.option(*n), *(number(held.get((*n, y))) for y in years)] for n in names]
    total = [sum(held.get((*n, y), 0.0) for n in names) for y in years]
    cells.append([words("total", language), *(number(v) for v in total)])
    named = {"flow": titles.flow.get(sector, sector)} if what == "output" else {}
    named = named or {"sector": name_of("sector", sector, language)}
    caption = words(f"{what}_caption", language, unit=unit, **named)
    heads = (Column(words("technology", language)), *(Column(str(y), numeric=True) for y in years))
    table = TableBlock(caption, heads, cells, strong=frozenset({len(cells) - 1}))
    colours = {name: colour[own[0][0]] for name, own in stacks if own is not left}
    if what == "output":  # of several sectors, each of which has the first colours
        colours = dict(zip(colours, chart.PALETTE, strict=False))
    option = chart.bars(
        tidy, "year", "value", "name", unit=unit, stack=True, legend_width=420,
        colours=colours | {words("other", language): OTHER},
    )  # fmt: skip
    described = words(
        "pathway_description", language, first=years[0], last=years[-1], before=number(total[0]),
        after=number(total[-1]), unit=unit,
    )  # fmt: skip
    return ChartBlock(caption, option, described, table=table, half=True)


def retirement_table(tables: Tables, titles: Titles, language: Language) -> TableBlock | None:
    """Return what of the stock retires before its time, by technology and year; None when nothing does."""
    capacity = rows(tables, "plan_capacity").filter(pl.col("scenario") == PLAN)
    summed = (
        capacity.group_by("technology", "year", "unit", maintain_order=True)
        .agg(pl.col("existing", "retired").sum())
        .filter(pl.col("retired") > SMALL * pl.col("existing"))
    )
    if summed.is_empty():
        return None
    cells = []
    for technology, year, unit, existing, retired in summed.iter_rows():
        factor, shown = display(unit or "", [existing], language)
        part = [number(existing / factor), number(retired / factor), percent(retired / existing)]
        cells.append([titles.option(technology, ""), str(year), shown, *part])
    heads = (
        *(Column(words(w, language)) for w in ("technology", "year", "unit")),
        *(Column(words(f"retired_{w}", language), numeric=True) for w in ("stock", "early", "share")),
    )  # fmt: skip
    return TableBlock(words("retired_caption", language), heads, cells)


def emission_chart(tables: Tables, language: Language) -> ChartBlock | None:
    """Return emissions of the main species by year, the base year being 100, with and without the targets."""
    summed = (
        rows(tables, "plan_emission")
        .filter(pl.col("species").is_in(SHOWN))
        .group_by("scenario", "species", "year")
        .agg(pl.col("value").sum())
    )
    held = {(s, p, y): v for s, p, y, v in summed.iter_rows()}
    first = min((y for s, _, y in held if s == BASE), default=None)
    if first is None:
        return None
    later = sorted({y for s, _, y in held if s == PLAN})
    years = later if first in later else [first, *later]
    lines, cells = [], []
    for species in SHOWN:
        base = held.get((BASE, species, first), 0.0)
        if base <= 0.0:
            continue
        unit = scale([base], "t", language)
        for scenario in (PLAN, NONE, CONTINUED):
            if scenario == CONTINUED and (scenario, species, years[-1]) not in held:
                continue
            title = words(f"scenario_{scenario}", language)
            values = [base if y not in later else held.get((scenario, species, y)) for y in years]
            for y, v in zip(years, values, strict=True):
                if scenario == PLAN:
                    lines.append((str(y), symbol(species, language), None if v is None else 100.0 * v / base))
            places = decimals(unit.of(base))
            cells.append(
                [
                    symbol(species, language), title, unit.unit,
                    *(number(None if v is None else unit.of(v), places=places) for v in values),
                    change(base, values[-1]),
                ]
            )  # fmt: skip
    tidy = pl.DataFrame(
        lines, schema={"year": pl.String, "name": pl.String, "value": pl.Float64}, orient="row"
    )
    caption = words("emission_caption", language, year=first)
    heads = (
        Column(words("species", language)), Column(words("scenario", language)),
        Column(words("unit", language)),
        *(Column(str(y), numeric=True) for y in years),
        Column(words("change", language, first=first, last=years[-1]), numeric=True),
    )  # fmt: skip
    return ChartBlock(
        caption,
        chart.lines(tidy, "year", "value", "name", unit=words("index_unit", language, year=first)),
        words("emission_description", language, first=first, last=years[-1]),
        note=words("emission_note", language),
        table=TableBlock(caption, heads, cells),
    )


def coverage(tables: Tables, language: Language) -> str:
    """Return the sentence that says what part of the inventory the plan covers."""
    base = rows(tables, "plan_emission").filter(pl.col("scenario") == BASE)
    summary = rows(tables, "summary")
    if base.is_empty() or summary.is_empty():
        return ""
    options = rows(tables, "technology_option")
    bought = options.filter(pl.col("process") == "energy.purchased_electricity")["technology"].to_list()
    year, complete = base["year"][0], True
    direct = base.filter(~pl.col("technology").is_in(bought))
    shares = []
    for species in SHOWN:
        mine = float(direct.filter(pl.col("species") == species)["value"].sum())
        whole = float(
            summary.filter((pl.col("species") == species) & (pl.col("year") == year))["value"].sum()
        )
        if whole > 0.0:
            shares.append(f"{symbol(species, language)} {percent(mine / whole)}")
            complete &= mine / whole >= WHOLE
    if shares and complete:
        return words("coverage_whole", language, year=year)
    joint = "、" if language == "zh" else ", "
    return words("coverage", language, year=year, shares=joint.join(shares)) if shares else ""
