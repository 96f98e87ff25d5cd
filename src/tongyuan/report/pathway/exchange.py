"""The least-cost plan of several units: what they send each other, and how water and heat step down."""

from __future__ import annotations

from collections.abc import Iterable

import polars as pl

from tongyuan.reference.shelf import Language
from tongyuan.report import chart
from tongyuan.report.base.block import Block, ChartBlock, Column, Heading, Paragraph, TableBlock
from tongyuan.report.base.format import number, scale
from tongyuan.report.base.totals import Tables, rows
from tongyuan.report.pathway.words import BASE, PLAN, SMALL, Titles, display, words

Link = tuple[str, str, float]
KINDS = ("water", "heat")
"""Kinds of flow that are used by grade, one after another."""

_COLOUR = {"node": "#3b5b92", "flow": "#e09f3e", "outside": "#8c959f"}


def exchange_blocks(tables: Tables, titles: Titles, language: Language) -> list[Block]:
    """Return the exchange between units and the cascades of water and heat; nothing for a single unit."""
    found = rows(tables, "plan_link").filter((pl.col("scenario") == PLAN) & (pl.col("sent") > 0.0))
    if found.is_empty() or rows(tables, "node").height < 2:
        return []
    year = int(found["year"].max())  # type: ignore[arg-type]
    last = found.filter(pl.col("year") == year)
    said = words(
        "exchange_intro", language, flows=last["flow"].n_unique(), year=year,
        units=rows(tables, "node").height,
    )  # fmt: skip
    blocks: list[Block] = [
        Heading(words("exchange_title", language), 2),
        Paragraph(said),
        _exchange(tables, titles, last["flow"].unique(maintain_order=True).to_list(), year, found, language),
    ]
    for kind in KINDS:
        drawn = _cascade(tables, titles, kind, year, language)
        if drawn is not None:
            blocks.append(drawn)
    return blocks


def _exchange(
    tables: Tables, titles: Titles, flows: list[str], year: int, found: pl.DataFrame, language: Language
) -> ChartBlock:
    here = rows(tables, "plan_flow").filter(
        (pl.col("scenario") == PLAN) & (pl.col("year") == year) & pl.col("flow").is_in(flows)
    )
    outside = words("exchange_outside", language)
    links: list[Link] = []
    for flow in flows:
        part = here.filter(pl.col("flow") == flow).to_dicts()
        sources = [
            *((titles.node.get(r["node"], r["node"]), r["production"] - min(r["demand"], 0.0)) for r in part),
            (outside, sum(r["purchase"] for r in part)),
        ]
        sinks = [
            *(
                (titles.node.get(r["node"], r["node"]), r["consumption"] + max(r["demand"], 0.0))
                for r in part
            ),
            (outside, sum(r["sale"] + max(r["surplus"], 0.0) for r in part)),
        ]
        total = sum(v for _, v in sources)
        name = titles.flow.get(flow, flow)
        links += [(s, name, 100.0 * v / total) for s, v in sources if v > SMALL * total]
        links += [(name, s + _AGAIN, 100.0 * v / total) for s, v in sinks if v > SMALL * total]
    colours = {titles.flow.get(f, f): _COLOUR["flow"] for f in flows} | {outside: _COLOUR["outside"]}
    caption = words("exchange_caption", language, year=year)
    return ChartBlock(
        caption, _sankey(links, colours), words("exchange_description", language, flows=len(flows)),
        height=120 + 46 * len(flows), note=words("exchange_note", language),
        table=_link_table(found, titles, language),
    )  # fmt: skip


def _link_table(found: pl.DataFrame, titles: Titles, language: Language) -> TableBlock:
    years = sorted(set(found["year"]))
    held = {(r["from_node"], r["to_node"], r["flow"], r["year"]): r for r in found.to_dicts()}
    lines = []
    for one, other, flow in dict.fromkeys(k[:3] for k in held):
        cells = [held.get((one, other, flow, y)) for y in years]
        amounts = [0.0 if c is None else c["sent"] for c in cells]
        unit = next(c["unit"] for c in cells if c is not None)
        factor, shown = display(unit, amounts, language)
        lines.append(
            [
                titles.node.get(one, one), titles.node.get(other, other), titles.flow.get(flow, flow), shown,
                *(number(v / factor) for v in amounts),
            ]
        )  # fmt: skip
    heads = (
        *(Column(words(k, language)) for k in ("exchange_from", "exchange_to", "exchange_flow", "unit")),
        *(Column(str(y), numeric=True) for y in years),
    )
    return TableBlock(words("exchange_table", language), heads, lines, wide=True)


def cascade(tables: Tables, kind: str, year: int, titles: Titles, language: Language) -> list[Link]:
    """Return how flows of a kind pass from grade to grade: ``from, to, amount`` in the unit of the kind.

    A technology that makes one grade of another is a link between the two; one that only makes or only uses
    it is a source or a sink of its own.
    """
    flow = rows(tables, "flow")
    moves = rows(tables, "technology_flow")
    kinds = dict(flow.select("flow", "kind").iter_rows())
    units = dict(flow.select("flow", "unit").iter_rows())
    graded = [f for f, k in kinds.items() if k == kind]
    unit = units[graded[0]] if graded else ""
    inside = _connected(moves, kinds, units, graded, unit)
    used = rows(tables, "plan_activity").filter((pl.col("scenario") == PLAN) & (pl.col("year") == year))
    amount = dict(used.group_by("technology").agg(pl.col("value").sum()).iter_rows())
    links: list[Link] = []
    for technology, part in moves.group_by("technology", maintain_order=True):
        value = amount.get(str(technology[0]), 0.0)
        sides: dict[str, list[tuple[str, float]]] = {"input": [], "output": []}
        for r in part.to_dicts():
            if r["flow"] in inside and value > 0.0:
                sides[r["role"]].append((titles.flow.get(r["flow"], r["flow"]), value * r["coefficient"]))
        name = titles.technology.get(str(technology[0]), str(technology[0]))
        links += _through(sides["input"], sides["output"], name)
    ends = rows(tables, "plan_flow").filter(
        (pl.col("scenario") == PLAN) & (pl.col("year") == year) & pl.col("flow").is_in(list(inside))
    )
    outside = words("exchange_outside", language)
    for r in ends.to_dicts():
        name, node = titles.flow.get(r["flow"], r["flow"]), titles.node.get(r["node"], r["node"])
        links.append((outside, name, r["purchase"]))
        links.append((name, words("exchange_need", language, node=node), max(r["demand"], 0.0)))
        links.append((words("exchange_arises", language, node=node), name, max(-r["demand"], 0.0)))
        links.append((name, outside + _AGAIN, r["sale"] + max(r["surplus"], 0.0)))
    return _summed(links)


def _connected(
    moves: pl.DataFrame, kinds: dict[str, str], units: dict[str, str], graded: list[str], unit: str
) -> set[str]:
    """Return the graded flows, and the services and wastes of their unit that become them or come of them."""
    inside = {f for f in graded if units[f] == unit}
    beside = {f for f, k in kinds.items() if k in ("service", "waste") and units[f] == unit}
    near: set[str] = set()
    for _, part in moves.group_by("technology", maintain_order=True):
        ins, outs = (set(part.filter(pl.col("role") == role)["flow"]) for role in ("input", "output"))
        near |= (outs & beside if ins & inside else set()) | (ins & beside if outs & inside else set())
    return inside | near


def _through(ins: list[tuple[str, float]], outs: list[tuple[str, float]], name: str) -> list[Link]:
    """Return links from inputs to outputs as far as amounts match, and what is left from or to `name`."""
    links: list[Link] = []
    rest = dict(outs)
    for flow, value in ins:
        for other in rest:
            passed = min(value, rest[other])
            links.append((flow, other, passed))
            value, rest[other] = value - passed, rest[other] - passed
        links.append((flow, name, value))
    return links + [(name, other, value) for other, value in rest.items()]


def _summed(links: Iterable[Link]) -> list[Link]:
    total: dict[tuple[str, str], float] = {}
    for one, other, value in links:
        total[(one, other)] = total.get((one, other), 0.0) + value
    most = max(total.values(), default=0.0)
    kept = [(a, b, v) for (a, b), v in total.items() if v > 1e-4 * most and a != b]
    return without_circles(kept)


def without_circles(links: list[Link]) -> list[Link]:
    """Return links without those that close a circle, which a flow chart cannot draw; smallest go first."""
    after: dict[str, set[str]] = {}

    def reaches(start: str, goal: str) -> bool:
        return start == goal or any(reaches(n, goal) for n in after.get(start, ()))

    kept = set()
    for one, other, _ in sorted(links, key=lambda k: -k[2]):
        if not reaches(other, one):
            after.setdefault(one, set()).add(other)
            kept.add((one, other))
    return [k for k in links if k[:2] in kept]


def _cascade(tables: Tables, titles: Titles, kind: str, year: int, language: Language) -> ChartBlock | None:
    links = cascade(tables, kind, year, titles, language)
    if len(links) < 3:
        return None
    flow = rows(tables, "flow")
    unit = flow.filter(pl.col("kind") == kind)["unit"][0]
    scaled = scale([v for *_, v in links], unit, language) if unit not in ("TJ",) else None
    factor, shown = (scaled.factor, scaled.unit) if scaled else (1.0, unit)
    drawn = [(a, b, v / factor) for a, b, v in links]
    names = {titles.flow.get(f, f) for f in flow["flow"]}
    caption = words(f"cascade_{kind}", language, year=year, unit=shown)
    heads = (
        Column(words("exchange_from", language)), Column(words("exchange_to", language)),
        Column(words("cascade_amount", language, unit=shown), numeric=True),
    )  # fmt: skip
    lines = [[a.rstrip(_AGAIN), b.rstrip(_AGAIN), number(v)] for a, b, v in drawn]
    return ChartBlock(
        caption, _sankey(drawn, dict.fromkeys(names, _COLOUR["flow"])),
        words(f"cascade_{kind}_description", language), height=max(300, 60 + 22 * len(links)),
        note=saving(tables, kind, year, language), table=TableBlock(caption, heads, lines),
    )  # fmt: skip


def saving(tables: Tables, kind: str, year: int, language: Language) -> str:
    """Return what the plan buys less of a graded flow than the base year needed, in words."""
    flow = rows(tables, "flow").filter(pl.col("kind") == kind)["flow"].to_list()
    moves = rows(tables, "technology_flow").filter(pl.col("flow").is_in(flow))
    sign = pl.when(pl.col("role") == "output").then(1.0).otherwise(-1.0)
    base = rows(tables, "plan_activity").filter(pl.col("scenario") == BASE)
    net = (
        base.join(moves, on="technology")
        .with_columns(amount=pl.col("value") * pl.col("coefficient") * sign)
        .group_by("flow")
        .agg(pl.col("amount").sum())
    )
    before = dict(net.iter_rows())
    bought = rows(tables, "plan_flow").filter(
        (pl.col("scenario") == PLAN) & (pl.col("year") == year) & (pl.col("purchase") > 0.0)
    )
    said = []
    for name, after in bought.group_by("flow").agg(pl.col("purchase").sum()).sort("flow").iter_rows():
        if name in flow and before.get(name, 0.0) < 0.0:
            unit = rows(tables, "flow").filter(pl.col("flow") == name)["unit"][0]
            factor, shown = display(unit, [after, before[name]], language)
            said.append(
                words(
                    "cascade_saving", language, flow=Titles(tables, language).flow.get(name, name),
                    before=number(-before[name] / factor), after=number(after / factor), unit=shown,
                    base=base["year"][0], year=year,
                )
            )  # fmt: skip
    return "".join(said)


_AGAIN = "\u200b"
"""Marks the right-hand twin of a name, which must be unique in a chart."""


def _sankey(links: list[Link], colours: dict[str, str]) -> chart.Option:
    """Return links as a flow chart, every node as far right as its longest way from a source."""
    names = list(dict.fromkeys(n for a, b, _ in links for n in (a, b)))
    layer = dict.fromkeys(names, 0)
    for _ in names:
        for one, other, _ in links:
            layer[other] = max(layer[other], layer[one] + 1)
    frame = pl.DataFrame(links, schema=["source", "target", "value"], orient="row")
    nodes = [(n, layer[n], colours.get(n, _COLOUR["node"])) for n in names]
    return chart.sankey(nodes, frame, source="source", target="target", value="value")
