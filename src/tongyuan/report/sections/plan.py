"""The least-cost plan: pathway, emissions against targets, who changes what, prices, curves, assumptions."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from tongyuan.ledger.lookup import choice_title
from tongyuan.reference.language import catalogue, say
from tongyuan.reference.shelf import Language
from tongyuan.report import chart
from tongyuan.report.block import Block, ChartBlock, Column, Heading, Note, Paragraph, Section, TableBlock
from tongyuan.report.format import MISSING, amount, change, decimals, number, percent, scale
from tongyuan.report.label import symbol
from tongyuan.report.totals import Tables, has, rows

ROOM = "pathway"
PLAN, BASE, NONE = "plan", "base", "none"
SHOWN = ("CO2", "NOx", "SO2", "PM2.5")
DISPLAY = {"GWh": (1e3, "TWh"), "MW": (1e3, "GW"), "TJ": (1e3, "PJ"), "TJ/a": (1e3, "PJ/a")}
SMALL = 1e-6


def words(key: str, language: Language, **values: object) -> str:
    """Return a sentence of this chapter."""
    return say(ROOM, f"report_{key}", language, **values)


def name_of(kind: str, identifier: str, language: Language) -> str:
    """Return the word for a payer, sector, cost item or department, or the identifier when there is none."""
    row = catalogue(ROOM).get(f"report_{kind}.{identifier or 'other'}")
    return row[language] if row else identifier or MISSING


def unit_name(unit: str, language: Language) -> str:
    """Return the word for a unit, or the unit itself."""
    row = catalogue("report").get(f"unit.{unit}")
    return row[language] if row else unit


class Titles:
    """Titles of technologies, control options, measures and targets as the plan tables give them."""

    def __init__(self, tables: Tables, language: Language) -> None:
        self.language = language
        self.technology = self._read(rows(tables, "technology_option"), "technology")
        options = rows(tables, "control_option")
        self.control = {
            (t, c): title
            for t, c, title in options.select("technology", "control", f"title_{language}").iter_rows()
            if title
        }
        self.measure = self._read(rows(tables, "measure"), "measure")
        self.target = self._read(rows(tables, "target"), "target")

    def _read(self, frame: pl.DataFrame, key: str) -> dict[str, str]:
        return {k: t or k for k, t in frame.select(key, f"title_{self.language}").iter_rows()}

    def option(self, technology: str, control: str) -> str:
        """Return the title of a technology under a control option."""
        own = self.technology.get(technology, technology)
        return f"{own} · {self.control.get((technology, control), control)}" if control else own


def display(unit: str, values: list[float], language: Language) -> tuple[float, str]:
    """Return divisor and display unit of amounts in `unit`."""
    if unit in DISPLAY:
        return DISPLAY[unit]
    chosen = scale(values, unit, language)
    return chosen.factor, chosen.unit


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
    for sector in option["sector"].unique(maintain_order=True):
        part = used.filter((pl.col("sector") == sector) & (pl.col("value") > SMALL * pl.col("value").max()))
        if part.height:
            part = part.group_by("technology", "control", "year", "unit").agg(pl.col("value").sum())
            made.append(_stack(part, order, titles, language, "activity", sector))
    capacity = rows(tables, "plan_capacity").filter((pl.col("scenario") == PLAN) & (pl.col("unit") == "MW"))
    capacity = capacity.join(option.filter(pl.col("sector") == "power"), on="technology")
    if capacity.height:
        part = capacity.with_columns(value=pl.col("capacity"), control=pl.lit(""))
        kept = part.filter(pl.col("value") > SMALL * pl.col("value").max())
        made.insert(1, _stack(kept, order, titles, language, "capacity", "power"))
    return made


def _stack(
    part: pl.DataFrame, order: Mapping[str, int], titles: Titles, language: Language, what: str, sector: str
) -> ChartBlock:
    factor, unit = display(part["unit"][0], part["value"].to_list(), language)
    lines = sorted(part.to_dicts(), key=lambda r: (order[r["technology"]], r["control"], r["year"]))
    years = sorted(set(part["year"]))
    names = list(dict.fromkeys((r["technology"], r["control"]) for r in lines))
    held = {(r["technology"], r["control"], r["year"]): r["value"] / factor for r in lines}
    tidy = pl.DataFrame(
        [(str(y), titles.option(*n), held.get((*n, y))) for n in names for y in years],
        schema={"year": pl.String, "name": pl.String, "value": pl.Float64},
        orient="row",
    )
    cells = [[titles.option(*n), *(number(held.get((*n, y))) for y in years)] for n in names]
    total = [sum(held.get((*n, y), 0.0) for n in names) for y in years]
    cells.append([words("total", language), *(number(v) for v in total)])
    caption = words(f"{what}_caption", language, sector=name_of("sector", sector, language), unit=unit)
    heads = (Column(words("technology", language)), *(Column(str(y), numeric=True) for y in years))
    table = TableBlock(caption, heads, cells, strong=frozenset({len(cells) - 1}))
    option = chart.bars(tidy, "year", "value", "name", unit=unit, stack=True, legend_width=420)
    described = words(
        "pathway_description", language, first=years[0], last=years[-1], before=number(total[0]),
        after=number(total[-1]), unit=unit,
    )  # fmt: skip
    return ChartBlock(caption, option, described, table=table, half=True)


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
        for scenario in (PLAN, NONE):
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
    year = base["year"][0]
    direct = base.filter(~pl.col("technology").is_in(bought))
    shares = []
    for species in SHOWN:
        mine = float(direct.filter(pl.col("species") == species)["value"].sum())
        whole = float(
            summary.filter((pl.col("species") == species) & (pl.col("year") == year))["value"].sum()
        )
        if whole > 0.0:
            shares.append(f"{symbol(species, language)} {percent(mine / whole)}")
    joint = "、" if language == "zh" else ", "
    return words("coverage", language, year=year, shares=joint.join(shares)) if shares else ""


def money(value: float | None, currency: str, language: Language) -> str:
    """Return an amount of money in words."""
    return amount(value, currency, language)


def _currency(tables: Tables) -> str:
    cost = rows(tables, "plan_cost")
    return str(cost["currency"][0]) if cost.height else "CNY"


def dividend_blocks(tables: Tables, language: Language) -> list[Block]:
    """Return the synergy dividend in words, the four solves, and the cross-effects."""
    found = rows(tables, "dividend")
    if found.is_empty():
        return []
    currency = _currency(tables)
    total = found.filter(pl.col("item") == "dividend").to_dicts()[0]
    value = total["cost"]
    species: list[str] = []
    if has(tables, "cross_effect"):
        worse = tables["cross_effect"].filter(
            (pl.col("verdict") == "conflicts") & pl.col("species").is_in(SHOWN)
        )
        species = worse["species"].unique(maintain_order=True).to_list()
    joint = "、" if language == "zh" else ", "
    rising = joint.join(symbol(s, language) for s in species) or MISSING
    status = str(total["status"])
    blocks: list[Block] = [Heading(words("dividend_title", language), 2)]
    if value is None:
        blocks.append(Note(words("dividend_infeasible", language), "warning"))
    else:
        sentence = words(
            f"dividend_{status}", language, value=money(abs(value), currency, language), species=rising
        )
        blocks.append(Note(sentence, "warning" if status == "conflict" else "note"))
    lines = [
        [
            words(f"solve_{row['item']}", language),
            money(row["cost"], currency, language),
            money(row["relative"], currency, language) if row["item"] != "none" else MISSING,
        ]
        for row in found.filter(pl.col("item") != "dividend").to_dicts()
    ]
    heads = (
        Column(words("solve", language)),
        Column(words("cost", language), numeric=True),
        Column(words("relative", language), numeric=True),
    )
    blocks.append(
        TableBlock(words("dividend_caption", language), heads, lines, note=words("dividend_note", language))
    )
    if has(tables, "cross_effect"):
        blocks.append(_cross_table(tables["cross_effect"], language))
    return blocks


def _cross_table(frame: pl.DataFrame, language: Language) -> TableBlock:
    shown = frame.filter(pl.col("species").is_in(SHOWN))
    years = sorted(set(shown["year"]))
    held = {(r["alone"], r["species"], r["year"]): r for r in shown.to_dicts()}
    lines = []
    for alone in shown["alone"].unique(maintain_order=True):
        for species in SHOWN:
            cells = [held.get((alone, species, y)) for y in years]
            if any(c is not None for c in cells):
                lines.append(
                    [
                        words(f"solve_{alone}", language),
                        symbol(species, language),
                        *(
                            MISSING
                            if c is None
                            else words("unchanged", language)
                            if c["verdict"] == "neutral"
                            else change(c["baseline"], c["value"])
                            for c in cells
                        ),
                    ]
                )
    heads = (
        Column(words("solve", language)),
        Column(words("species", language)),
        *(Column(str(y), numeric=True) for y in years),
    )
    return TableBlock(words("cross_caption", language), heads, lines, note=words("cross_note", language))


def _in_unit(value: float, unit: str, language: Language) -> str:
    if unit in ("", "1"):
        return percent(value)
    if unit in DISPLAY:
        factor, name = DISPLAY[unit]
        return f"{number(value / factor)} {name}"
    return amount(value, unit, language)


def price_blocks(tables: Tables, titles: Titles, language: Language) -> list[Block]:
    """Return shadow prices in words and the table of every target."""
    prices = rows(tables, "shadow_price")
    if prices.is_empty():
        return []
    currency = _currency(tables)
    target = rows(tables, "target").unique("target", keep="first")
    info = {r["target"]: r for r in target.to_dicts()}
    blocks: list[Block] = [
        Heading(words("price_title", language), 2),
        Paragraph(words("price_intro", language)),
    ]
    lines = []
    for row in prices.to_dicts():
        ratio = row["unit"] == "pp"
        unit = "" if ratio else str(row["unit"] or "")
        title = titles.target.get(row["target"], row["target"])
        per = words("point", language) if ratio else f"1 {unit_name(unit, language)}".strip()
        price = words("per", language, price=money(row["shadow_price"], currency, language), unit=per)
        if row["binding"]:
            blocks.append(
                Paragraph(
                    words(
                        "price_sentence", language, target=title, year=row["year"] or MISSING, unit=per,
                        price=money(row["shadow_price"], currency, language),
                    )
                )
            )  # fmt: skip
        kind = info.get(row["target"], {})
        sign = {"at_most": "≤", "at_least": "≥", "equal": "="}.get(str(kind.get("comparator")), "")
        lines.append(
            [
                title, words(f"family_{kind.get('family') or 'policy'}", language),
                str(row["year"] or MISSING),
                f"{sign} {_in_unit(row['bound'], unit, language)}", _in_unit(row["value"], unit, language),
                words("binding" if row["binding"] else "free", language),
                price if row["binding"] else MISSING,
            ]
        )  # fmt: skip
    heads = tuple(
        Column(words(k, language), numeric=k in ("bound", "reached"))
        for k in ("target", "family", "year", "bound", "reached", "state", "price")
    )
    blocks.append(
        TableBlock(
            words("target_caption", language), heads, lines, note=words("target_note", language), wide=True
        )
    )
    return blocks


def measure_table(tables: Tables, titles: Titles, language: Language) -> TableBlock | None:
    """Return who changes what: use of every measure, against the plan without the targets, and why."""
    used = rows(tables, "plan_measure")
    if used.is_empty():
        return None
    info = rows(tables, "measure").unique("measure", keep="first", maintain_order=True).to_dicts()
    units = dict(rows(tables, "technology_option").select("technology", "unit").iter_rows())
    verdict = {(r["measure"], r["year"]): r["verdict"] for r in rows(tables, "alternative").to_dicts()}
    held = {(r["measure"], r["year"]): r for r in used.to_dicts()}
    years = sorted(set(used["year"]))
    effect = {r["measure"]: r for r in rows(tables, "coordinate").to_dicts()}
    priced = rows(tables, "shadow_price").filter(pl.col("binding"))
    family = dict(rows(tables, "target").select("target", "family").iter_rows())
    binding = {family.get(t, "") for t in priced["target"]}
    lines = []
    for one in info:
        name = one["measure"]
        cells = [held.get((name, y)) for y in years]
        value = [c["value"] if c else 0.0 for c in cells]
        moved = [(c["change"] or 0.0) if c else 0.0 for c in cells]
        most = max(*(abs(v) for v in value), 1e-12)
        factor, unit = display(units.get(one["technology"], ""), value, language)
        lines.append(
            [
                titles.measure.get(name, name), name_of("department", one["department"] or "", language),
                unit,
                *(number(v / factor if v > SMALL * most else 0.0) for v in value),
                *([_signed(moved[-1] / factor, abs(moved[-1]) > 1e-5 * most)]),
                words(f"verdict_{verdict[(name, years[-1])]}", language)
                if (name, years[-1]) in verdict else MISSING,
                _reason(effect.get(name), binding, max(value) > 0.0, any(abs(m) > 1e-5 * most for m in moved),
                        language),
            ]
        )  # fmt: skip
    heads = (
        Column(words("measure", language)), Column(words("department", language)),
        Column(words("unit", language)),
        *(Column(str(y), numeric=True) for y in years),
        Column(words("against", language, year=years[-1]), numeric=True),
        Column(words("verdict", language)), Column(words("reason", language)),
    )  # fmt: skip
    return TableBlock(
        words("measure_caption", language), heads, lines, note=words("measure_note", language), wide=True
    )


def _signed(value: float, real: bool) -> str:
    return ("+" if value > 0 else "") + number(value) if real else "0"


def _reason(
    effect: Mapping[str, object] | None, binding: set[str], used: bool, moved: bool, language: Language
) -> str:
    if not used:
        return words("reason_unused", language)
    if not moved or effect is None:
        return words("reason_anyway", language)
    cleans = float(str(effect["pollution"])) > 0.0 and "pollution" in binding
    saves = float(str(effect["carbon"])) > 0.0 and "carbon" in binding
    key = "both" if cleans and saves else "pollution" if cleans else "carbon" if saves else "indirect"
    return words(f"reason_{key}", language)


def cost_chart(tables: Tables, language: Language) -> ChartBlock | None:
    """Return what the pollution and carbon targets cost each payer a year."""
    cost = rows(tables, "plan_cost")
    if cost.is_empty():
        return None
    currency = _currency(tables)
    summed = cost.group_by("scenario", "payer", "year").agg(pl.col("value").sum())
    held = {(s, p, y): v for s, p, y, v in summed.iter_rows()}
    years = sorted({y for s, _, y in held if s == PLAN})
    payers = sorted({p for s, p, _ in held if s == PLAN})
    extra = {(p, y): held.get((PLAN, p, y), 0.0) - held.get((NONE, p, y), 0.0) for p in payers for y in years}
    unit = scale(list(extra.values()), currency, language)
    large = scale([held.get((PLAN, p, y)) for p in payers for y in years], currency, language)
    tidy = pl.DataFrame(
        [(str(y), name_of("payer", p, language), unit.of(extra[(p, y)])) for p in payers for y in years],
        schema={"year": pl.String, "payer": pl.String, "value": pl.Float64},
        orient="row",
    )
    lines = [
        [
            name_of("payer", p, language),
            *(number(large.of(held.get((PLAN, p, y), 0.0))) for y in years),
            *(
                number(unit.of(extra[(p, y)])) if abs(extra[(p, y)]) > 1e-3 * unit.factor else "0"
                for y in years
            ),
        ]
        for p in payers
    ]
    lines.append(
        [
            words("total", language),
            *(number(large.of(sum(held.get((PLAN, p, y), 0.0) for p in payers))) for y in years),
            *(number(unit.of(sum(extra[(p, y)] for p in payers))) for y in years),
        ]
    )
    heads = (
        Column(words("payer", language)),
        *(Column(words("cost_of", language, year=y, unit=large.unit), numeric=True) for y in years),
        *(Column(words("extra_of", language, year=y, unit=unit.unit), numeric=True) for y in years),
    )
    caption = words("cost_caption", language)
    table = TableBlock(caption, heads, lines, strong=frozenset({len(lines) - 1}), wide=True)
    return ChartBlock(
        caption, chart.bars(tidy, "year", "value", "payer", unit=unit.unit, stack=True),
        words("cost_description", language), note=words("cost_note", language), table=table,
    )  # fmt: skip


def coordinate_chart(tables: Tables, titles: Titles, language: Language) -> ChartBlock | None:
    """Return the co-control coordinates of the measures that change anything."""
    known = rows(tables, "coordinate").filter(pl.col("quadrant") != "no_effect")
    if known.is_empty():
        return None
    across = scale(known["pollution"].to_list(), "pollutant_equivalent", language)
    up = scale(known["carbon"].to_list(), "t", language)
    currency = _currency(tables)
    found = known.to_dicts()
    tidy = pl.DataFrame(
        [
            (
                across.of(r["pollution"]), up.of(r["carbon"]),
                titles.measure.get(r["measure"], r["measure"]), choice_title(r["quadrant"], language),
            )
            for r in found
        ],
        schema={"x": pl.Float64, "y": pl.Float64, "label": pl.String, "quadrant": pl.String},
        orient="row",
    )  # fmt: skip
    heads = (
        Column(words("measure", language)),
        Column(words("coordinate_x", language, unit=across.unit), numeric=True),
        Column(words("coordinate_y", language, unit=up.unit), numeric=True),
        Column(words("cost", language), numeric=True),
        Column(words("quadrant", language)),
    )
    lines = [
        [
            titles.measure.get(r["measure"], r["measure"]), number(across.of(r["pollution"])),
            number(up.of(r["carbon"])), money(r["cost"], currency, language),
            choice_title(r["quadrant"], language),
        ]
        for r in found
    ]  # fmt: skip
    caption = words("coordinate_caption", language)
    return ChartBlock(
        caption,
        chart.points(
            tidy, "x", "y", "label", x_title=words("coordinate_x", language, unit=across.unit),
            y_title=words("coordinate_y", language, unit=up.unit), series="quadrant",
        ),
        words("coordinate_description", language, count=tidy.height),
        note=words("coordinate_note", language),
        table=TableBlock(caption, heads, lines),
    )  # fmt: skip


def macc_charts(tables: Tables, titles: Titles, language: Language) -> list[ChartBlock]:
    """Return the expert curve of carbon and the system curve."""
    curve = rows(tables, "macc").filter(pl.col("quantity") == "CO2e")
    currency = _currency(tables)
    price_unit = words("price_unit", language, currency=scale([1.0], currency, language).unit)
    made = []
    for kind in ("expert", "system"):
        part = curve.filter(pl.col("kind") == kind)
        if part.is_empty():
            continue
        unit = scale(part["cumulative"].to_list(), "t", language)
        found = part.to_dicts()
        names = [titles.measure.get(r["step"], r["step"]) for r in found]
        lines = [
            [n, number(unit.of(r["abatement"])), number(unit.of(r["cumulative"])), number(r["marginal_cost"])]
            for n, r in zip(names, found, strict=True)
        ]
        heads = (
            Column(words("measure" if kind == "expert" else "step", language)),
            Column(words("abatement", language, unit=unit.unit), numeric=True),
            Column(words("cumulative", language, unit=unit.unit), numeric=True),
            Column(words("marginal", language, unit=price_unit), numeric=True),
        )
        caption = words(f"macc_{kind}_caption", language)
        if kind == "expert":
            tidy = pl.DataFrame({"name": names, "value": [r["marginal_cost"] for r in found]})
            option = chart.bars(tidy, "name", "value", unit=price_unit, horizontal=True)
        else:
            tidy = pl.DataFrame(
                {
                    "name": [number(unit.of(r["cumulative"]), 3) for r in found],
                    "value": [r["marginal_cost"] for r in found],
                }
            )
            option = chart.lines(tidy, "name", "value", unit=price_unit)
        made.append(
            ChartBlock(
                caption, option, words(f"macc_{kind}_description", language, unit=unit.unit), height=300,
                note=words(f"macc_{kind}_note", language, unit=unit.unit),
                table=TableBlock(caption, heads, lines), half=True,
            )
        )  # fmt: skip
    return made


def front_chart(tables: Tables, language: Language) -> ChartBlock | None:
    """Return the front of cost against carbon."""
    front = rows(tables, "front").filter(pl.col("value").is_not_null())
    if front.is_empty():
        return None
    held = {(p, o): v for p, o, v in front.select("point", "objective", "value").iter_rows()}
    points = sorted(set(front["point"]))
    other = next(o for o in front["objective"].unique(maintain_order=True) if o != "cost")
    currency = _currency(tables)
    start = held[(points[0], "cost")]
    extra = [held[(p, "cost")] - start for p in points]
    carbon = [held[(p, other)] for p in points]
    up, across = scale(extra, currency, language), scale(carbon, "t", language)
    tidy = pl.DataFrame(
        {
            "x": [across.of(c) for c in carbon], "y": [up.of(e) for e in extra],
            "label": [str(p) for p in points],
        }
    )  # fmt: skip
    titles = (
        words("front_x", language, species=symbol(other, language), unit=across.unit),
        words("front_y", language, unit=up.unit),
    )
    lines = [
        [str(p), number(across.of(c)), number(up.of(e))]
        for p, c, e in zip(points, carbon, extra, strict=True)
    ]
    heads = (Column(words("front_point", language)), *(Column(t, numeric=True) for t in titles))
    caption = words("front_caption", language)
    return ChartBlock(
        caption,
        chart.points(tidy, "x", "y", "label", x_title=titles[0], y_title=titles[1]),
        words("front_description", language, count=len(points)),
        note=words("front_note", language),
        table=TableBlock(caption, heads, lines),
    )


def conflict_blocks(tables: Tables, language: Language) -> list[Block]:
    """Return the sentences on conflicting targets, or that there are none."""
    blocks: list[Block] = [Heading(words("conflict_title", language), 2)]
    found = rows(tables, "conflict")
    if found.is_empty():
        return [*blocks, Paragraph(words("no_conflict", language, count=rows(tables, "target").height))]
    said = found[f"sentence_{language}"].drop_nulls().unique(maintain_order=True)
    return [*blocks, *(Note(sentence, "warning") for sentence in said if sentence)]


def note_blocks(tables: Tables, language: Language) -> list[Block]:
    """Return assumptions, targets left out, and what is missing."""
    notes = rows(tables, "plan_note")
    if notes.is_empty():
        return []
    blocks: list[Block] = [Heading(words("note_title", language), 2)]
    for kind in ("assumption", "not_carried", "missing"):
        part = notes.filter(pl.col("kind") == kind)
        if part.height:
            heads = (Column(words(f"note_{kind}", language)), Column(words("source", language), quoted=True))
            lines = [[r[f"sentence_{language}"], r["source"] or MISSING] for r in part.to_dicts()]
            blocks.append(TableBlock(words(f"note_{kind}", language), heads, lines))
    return blocks


def section(tables: Tables, language: Language) -> Section | None:
    """Return the chapter, or None without a plan."""
    if not has(tables, "plan_activity") and not has(tables, "conflict"):
        return None
    titles = Titles(tables, language)
    title = words("title", language)
    if not has(tables, "shadow_price"):
        blocks = [*conflict_blocks(tables, language), *note_blocks(tables, language)]
        return Section("plan", title, tuple(blocks))
    intro = " ".join(s for s in (words("intro", language), coverage(tables, language)) if s)
    parts: list[Block | None] = [
        Paragraph(intro),
        *dividend_blocks(tables, language),
        Heading(words("pathway_title", language), 2),
        *pathway_charts(tables, titles, language),
        Heading(words("emission_title", language), 2),
        emission_chart(tables, language),
        *price_blocks(tables, titles, language),
        Heading(words("measure_title", language), 2),
        measure_table(tables, titles, language),
        cost_chart(tables, language),
        Heading(words("curve_title", language), 2),
        coordinate_chart(tables, titles, language),
        *macc_charts(tables, titles, language),
        front_chart(tables, language),
        *conflict_blocks(tables, language),
        *note_blocks(tables, language),
    ]
    return Section("plan", title, tuple(b for b in parts if b is not None))
