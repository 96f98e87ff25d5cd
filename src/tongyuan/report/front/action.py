"""What to do next: five actions with owner, effect on every species, and cost."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import polars as pl

from tongyuan.reference.language import say
from tongyuan.reference.shelf import Language
from tongyuan.report.base import label
from tongyuan.report.base.block import Block, Column, Note, Paragraph, TableBlock
from tongyuan.report.base.format import MISSING, amount, change, number, scale
from tongyuan.report.base.totals import Tables, has, region_of, rows
from tongyuan.report.front.standing import judged
from tongyuan.report.pathway.amount import measure_amount
from tongyuan.report.pathway.words import BASE, CONTINUED, PLAN, Titles, currency_of
from tongyuan.report.programme.words import bound_text, department, forecast_text, title

ROOM = "report.front"
ACTIONS = 5
LAGGING = ("behind", "missed", "at_risk")
NAMED = 5
SIGNIFICANT = 1e-3
"""Share of the largest effect below which an effect is none."""


class Action(NamedTuple):
    """One line: what, who, how much, its effect by species [t, summed over the periods], cost."""

    text: str
    owner: str
    aim: str
    effect: Mapping[str, float]
    cost: float | None


def _moving(tables: Tables) -> list[str]:
    """Return the measures whose use the targets change, the most effective first."""
    used = rows(tables, "plan_measure").filter(pl.col("scenario") == PLAN)
    if used.is_empty():
        return []
    size = used.group_by("measure", maintain_order=True).agg(
        pl.col("change").abs().max().alias("change"), pl.col("value").abs().max().alias("value")
    )
    real = size.filter(pl.col("change") > SIGNIFICANT * pl.max_horizontal("value", pl.lit(1e-12)))
    real = real.filter(~pl.col("measure").is_in(_never(tables)))
    found = rows(tables, "attribution").filter(
        pl.col("player").is_in(real["measure"].implode())
        & pl.col("quantity").is_in(["CO2e", "pollution_equivalent"])
    )
    if found.is_empty():
        return real["measure"].to_list()
    most = pl.col("value").clip(upper_bound=0.0).abs().max().over("quantity")
    share = (-pl.col("value") / pl.max_horizontal(most, pl.lit(1e-12))).alias("share")
    ranked = found.with_columns(share).group_by("player", maintain_order=True).agg(pl.col("share").max())
    return ranked.sort("share", descending=True, maintain_order=True)["player"].to_list()


def _never(tables: Tables) -> list[str]:
    """Return the measures that stand neither in the base year nor in the plan: nothing is to be done."""
    used = rows(tables, "plan_measure").filter(pl.col("scenario") == PLAN)
    used = used.group_by("measure").agg(pl.col("value").abs().max()).filter(pl.col("value") == 0.0)
    info = rows(tables, "measure").filter(pl.col("measure").is_in(used["measure"].implode()))
    base = rows(tables, "plan_activity")
    if base.is_empty() or info.is_empty() or "scenario" not in base.columns:
        return []
    control = pl.col("control").fill_null("")
    base = base.filter(pl.col("scenario") == BASE, pl.col("value") > 0.0).with_columns(control)
    info = info.select("measure", "technology", control)
    stood = pl.concat(
        [
            info.filter(pl.col("control") == "").join(base, on="technology", how="semi"),
            info.join(base, on=["technology", "control"], how="semi"),
        ]
    )
    return [name for name in used["measure"] if name not in set(stood["measure"])]


def _falling(tables: Tables) -> set[str]:
    """Return the measures that the plan uses less than policy alone would."""
    used = rows(tables, "plan_measure").filter(pl.col("scenario") == PLAN)
    moved = used.group_by("measure").agg(pl.col("change").sum())
    return set(moved.filter(pl.col("change") < 0)["measure"])


def _kept(tables: Tables, already: Sequence[str]) -> list[str]:
    """Return the measures the plan takes with or without targets on emissions.

    Those no near-optimal plan can do without come first; then those whose share of their service grows
    most against going on as today.
    """
    found = rows(tables, "alternative")
    if found.is_empty():
        return []
    last = found.filter((pl.col("year") == pl.col("year").max()) & (pl.col("optimum") > 0.0))
    gained = last.join(_gain(tables), on="measure", how="left").with_columns(pl.col("gain").fill_null(0.0))
    must = pl.col("verdict") == "must"
    worth = gained.filter(must | (pl.col("gain") > SIGNIFICANT))
    ranked = worth.sort(must, "gain", descending=True, maintain_order=True)
    return [m for m in ranked["measure"].to_list() if m not in already]


def _gain(tables: Tables) -> pl.DataFrame:
    """Return ``measure, gain``: its share of its service in the last year, less that of going on as today."""
    empty = pl.DataFrame(schema={"measure": pl.String, "gain": pl.Float64})
    frame, info = rows(tables, "plan_activity"), rows(tables, "measure")
    if info.is_empty() or "scenario" not in frame.columns or CONTINUED not in frame["scenario"]:
        return empty
    control = pl.col("control").fill_null("")
    sign = pl.when(pl.col("scenario") == PLAN).then(1.0).otherwise(-1.0)
    last = frame.filter(pl.col("scenario").is_in([PLAN, CONTINUED]), pl.col("year") == pl.col("year").max())
    held = last.group_by("technology", control).agg(
        (sign * pl.col("share").fill_null(0.0)).sum().alias("gain")
    )
    whole = held.group_by("technology").agg(pl.col("gain").sum())
    info = info.select("measure", "technology", control)
    parts = [
        info.filter(pl.col("control") == "").join(whole, on="technology"),
        info.filter(pl.col("control") != "").join(held, on=["technology", "control"]),
    ]
    gained = pl.concat([part.select("measure", "gain") for part in parts])
    return gained.group_by("measure").agg(pl.col("gain").sum())


def continued(tables: Tables, species: Sequence[str], language: Language) -> str:
    """Return how the plan's last year differs in emissions from going on as today; nothing without both."""
    frame = rows(tables, "plan_emission")
    if frame.is_empty():
        return ""
    last = frame.filter(pl.col("scenario").is_in([PLAN, CONTINUED]), pl.col("year") == pl.col("year").max())
    totals = dict(last.group_by(pl.concat_str("scenario", "species")).agg(pl.col("value").sum()).iter_rows())
    known = [
        (s, totals[CONTINUED + s], totals.get(PLAN + s, 0.0))
        for s in ("CO2" if one == "CO2e" else one for one in species)
        if totals.get(CONTINUED + s)
    ]
    if not known:
        return ""
    joint = "、" if language == "zh" else ", "
    items = joint.join(f"{label.symbol(s, language)} {change(before, after)}" for s, before, after in known)
    return say(ROOM, "continued", language, year=last["year"].max(), items=items)


def actions(tables: Tables, language: Language) -> list[Action]:
    """Return the next actions: measures of the plan, targets that lag, measures worth it without targets."""
    region, titles = region_of(tables), Titles(tables, language)
    owner = dict(rows(tables, "measure").select("measure", "department").iter_rows())
    held: dict[str, dict[str, float]] = {}
    for player, quantity, value in (
        rows(tables, "attribution").select("player", "quantity", "value").iter_rows()
    ):
        held.setdefault(player, {})[quantity] = value
    made = []

    def of_measure(name: str, key: str) -> Action:
        effect = held.get(name, {})
        text = say(ROOM, key, language, title=titles.measure.get(name, name))
        who = department(owner.get(name), language, region)
        return Action(text, who, measure_amount(tables, name, language), effect, effect.get("total"))

    moving = _moving(tables)
    less = _falling(tables)
    for name in moving[:ACTIONS]:
        made.append(of_measure(name, "action_less" if name in less else "action_measure"))
    late = judged(tables)
    if late.height:
        late = late.filter(pl.col("state").is_in(LAGGING)).unique(
            "indicator", keep="first", maintain_order=True
        )
        for row in late.iter_rows(named=True):
            values = {"title": title(row, language), "year": row["year"], "target": bound_text(row, language)}
            text = say(ROOM, "action_target", language, **values)
            seen = say(ROOM, "action_forecast", language, value=forecast_text(row, language, False))
            aim = seen if row["forecast"] is not None else MISSING
            made.append(Action(text, department(row["lead"], language, row["region"]), aim, {}, None))
    made += [of_measure(name, "action_kept") for name in _kept(tables, moving)]
    return made[:ACTIONS]


def _others(
    effect: Mapping[str, float], most: Mapping[str, float], shown: Sequence[str], language: Language
) -> str:
    """Return which of the other species fall and which rise."""
    told = []
    for key, falls in (("falls", True), ("rises", False)):
        names = [
            label.symbol(s, language)
            for s, v in effect.items()
            if s in most and s not in shown and abs(v) > SIGNIFICANT * most[s] and (v < 0) is falls
        ]
        if names:
            joint = "、" if language == "zh" else ", "
            text = joint.join(names[:NAMED])
            if len(names) > NAMED:
                text += say(ROOM, "more", language, count=len(names))
            told.append(say(ROOM, f"action_{key}", language, species=text))
    return ("；" if language == "zh" else "; ").join(told) or MISSING


def action_table(
    tables: Tables, found: Sequence[Action], species: Sequence[str], language: Language
) -> TableBlock:
    """Return the actions as a table: one column for every main species, one that names the others."""
    effects = rows(tables, "attribution")
    skip = ("pollution_equivalent", "total", *(("CO2",) if "CO2e" in species else ()))
    most = {
        q: v
        for q, v in effects.group_by("quantity", maintain_order=True)
        .agg(pl.col("value").abs().max())
        .iter_rows()
        if q not in skip and v
    }
    felt = any(abs(a.effect.get(q, 0.0)) > SIGNIFICANT * size for a in found for q, size in most.items())
    most = most if felt else {}
    shown = [s for s in species if s in most]
    units = {s: scale([a.effect.get(s) for a in found], "t", language) for s in shown}
    currency = currency_of(tables)
    widths = {"rank": 3, "action": 13, "owner": 9, "aim": 17}
    heads = [Column(say(ROOM, key, language), width=wide) for key, wide in widths.items()]
    heads += [Column(f"{label.symbol(s, language)} ({units[s].unit})", numeric=True) for s in shown]
    if most:
        heads.append(Column(say(ROOM, "others", language)))
        heads.append(Column(say(ROOM, "cost", language), numeric=True))

    def cell(action: Action, one: str) -> str:
        value = action.effect.get(one)
        if value is None:
            return MISSING
        if abs(value) <= SIGNIFICANT * most[one]:
            return "0"
        return ("+" if value > 0 else "") + number(units[one].of(value), 3)

    def cost(action: Action) -> str:
        return MISSING if action.cost is None else amount(action.cost, currency, language, 3)

    lines = [
        [
            str(index), one.text, one.owner, one.aim,
            *(cell(one, s) for s in shown),
            *([_others(one.effect, most, shown, language), cost(one)] if most else []),
        ]
        for index, one in enumerate(found, start=1)
    ]  # fmt: skip
    planned = any(one.cost is not None for one in found)
    key = "action_note" if most else "action_note_worth" if planned else "action_note_plain"
    return TableBlock(say(ROOM, "action_table", language), heads, lines, note=say(ROOM, key, language))


def action_blocks(tables: Tables, species: Sequence[str], language: Language) -> list[Block]:
    """Return the next actions; where emissions have no plan, the command that gives one comes first."""
    blocks: list[Block] = []
    if not has(tables, "plan_activity"):
        if species:
            blocks.append(Note(say(ROOM, "no_plan", language), "warning"))
    elif not _moving(tables):
        aims = rows(tables, "target")
        if aims.is_empty() or aims.filter(pl.col("family").is_in(["pollution", "carbon"])).is_empty():
            blocks.append(Note(say(ROOM, "no_aim", language), "warning"))
    found = actions(tables, language)
    told = continued(tables, species, language)
    if told:
        blocks.append(Paragraph(told))
    if found:
        blocks.append(action_table(tables, found, species, language))
    return blocks
