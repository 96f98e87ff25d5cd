"""``tongyuan plan budget``, ``robust``, ``attribute``, ``scenario``, ``decompose``: questions on a plan."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated

import polars as pl
import typer

from tongyuan.cli.plan_source import (
    AMBITION,
    CO2E,
    COST,
    ROOM,
    Given,
    Quantities,
    Tables,
    show,
    show_measures,
    tell,
    titles,
    without_dust,
)
from tongyuan.flows.ask.quantity import (
    headed,
    objectives,
    quantities_of,
    scenario_activity,
    unit_of,
    worths,
)
from tongyuan.ledger.finding import finding, require

Draws = Annotated[int, typer.Option(min=100, max=200_000, help="抽样次数 · Number of draws")]
Seed = Annotated[int, typer.Option(min=0, help="随机种子 · Seed of the draws")]


def budget_command(
    given: Given,
    money: Annotated[
        float,
        typer.Option("--money", "-m", min=0.0, help="比最小成本多花的钱（折现） · Money beyond least cost"),
    ],
    benefit: Annotated[
        list[str] | None,
        typer.Option(
            "--benefit", "-b",
            help="少一单位的价值，如 CO2e=1，可重复 · Worth of one unit less, as CO2e=1; may be repeated",
        ),
    ] = None,
) -> Tables:  # fmt: skip
    """一笔固定资金怎样花收益最大 · The most benefit for a fixed sum."""
    from tongyuan.pathway.ask.coalition import plan_total
    from tongyuan.pathway.ask.least_cost import least_cost
    from tongyuan.pathway.ask.sweep import budget

    case = given.case
    worth = worths(case, benefit or [f"{CO2E}=1"])
    before = least_cost(case, species=[n for k, n in worth if k == "emission"], evaluate=given.evaluate)
    after = budget(case, money, worth, scenario="budget")
    tell("cli_budget", spent=f"{after.cost - before.cost:,.6g}", money=f"{money:,.6g}",
         currency=case.settings.currency)  # fmt: skip
    ends = [(q, plan_total(case, before, q), plan_total(case, after, q)) for q in worth]
    rows = pl.DataFrame(
        [(q[1], unit_of(case, q), b, a, b - a) for q, b, a in ends],
        schema=["quantity", "unit", "before", "after", "less"], orient="row",
    )  # fmt: skip
    show("budget", rows, titles=titles("quantity", "unit", "before", "after", "less"))
    show_measures(after["plan_measure"])
    return {"budget": rows, **after.tables}


def robust_command(
    given: Given,
    level: Annotated[
        float,
        typer.Option(
            "--level", "-l", min=0.5, max=0.999, help="每个目标的达标概率 · Probability of each target"
        ),
    ] = 0.9,
    together: Annotated[
        bool, typer.Option("--together", help="全部目标同时达到的概率 · Probability of all targets at once")
    ] = False,
    draws: Draws = 2000,
    seed: Seed = 0,
) -> Tables:
    """目标有多大把握达到，更有把握要多花多少 · How sure the targets are, and what more certainty costs."""
    from tongyuan.flows.certainty import LEAST_KNOWN
    from tongyuan.pathway.ask.least_cost import least_cost
    from tongyuan.pathway.ask.robust import Doubt, joint, probability
    from tongyuan.pathway.ask.safe import robust

    factor, known = given.draws(draws, seed) if given.draws else (None, None)
    every = Doubt(given.case, factor, known, draws, seed)
    before = least_cost(given.case, scenario="least_cost", evaluate=given.evaluate)
    found = probability(every, before)
    kept = [i for i, share in zip(every.amount, found["known"], strict=True) if share >= LEAST_KNOWN]
    if not kept:
        require([finding(ROOM, "robust_nothing_uncertain")])
    doubt = every.of(kept)
    found_safe = robust(doubt, level, evaluate=given.evaluate, together=together)
    safe = found_safe.plan
    rows = pl.concat([found, probability(every, safe)])
    columns = ("scenario", "target", "year", "probability", "bound", "lower", "median", "upper", "unit")
    show("target_probability", rows, (*columns, "known"))
    tell(
        "cli_robust_together" if together else "cli_robust", level=f"{100 * level:g}",
        extra=f"{safe.cost - before.cost:,.6g}",
        currency=given.case.settings.currency, before=f"{100 * joint(doubt, before):.3g}",
        after=f"{100 * joint(doubt, safe):.3g}",
    )  # fmt: skip
    tell(
        f"cli_robust_{found_safe.reason}", saving=f"{found_safe.gap:,.6g}",
        currency=given.case.settings.currency, achieved=f"{100 * found_safe.achieved:.3g}",
    )  # fmt: skip
    if len(kept) < found.height:
        tell("cli_robust_unknown")
    return {"target_probability": rows, **safe.tables}


def attribute_command(
    given: Given,
    quantity: Quantities = None,
    by: Annotated[str, typer.Option(help="measure 措施 | department 部门")] = "measure",
    free: Annotated[
        bool, typer.Option("--free", help="与没有任何目标相比 · Against no targets at all")
    ] = False,
    samples: Annotated[
        int, typer.Option(min=10, help="参与者多于 12 个时抽样 · Orders sampled above 12")
    ] = 400,
    seed: Seed = 0,
) -> Tables:
    """谁贡献了多少（沙普利值） · Who contributed what (Shapley values)."""
    from tongyuan.pathway.ask.coalition import attribute
    from tongyuan.pathway.ask.least_cost import least_cost

    case = given.case
    if by not in ("measure", "department"):
        raise typer.BadParameter("measure | department", param_hint="--by")
    if case["measure"].is_empty():
        require([finding(ROOM, "cli_no_measures")])
    asked = objectives(case, quantity or [CO2E, "cost:total"])
    keep = () if free else tuple(sorted(set(case["target"]["family"]) - set(AMBITION)))
    plan = least_cost(case, species=[n for k, n in asked if k == "emission"], evaluate=given.evaluate)
    rows = attribute(case, plan, asked, by, samples, seed, keep)
    wide = without_dust(rows, "quantity").pivot("quantity", index="player", values="value")
    heads = {q[1]: headed(case, q) for q in asked}
    show("attribution", wide, titles=heads | {"total": headed(case, COST, titles("cost")["cost"])})
    tell("cli_attribute_free" if free else "cli_attribute_policy")
    return {"attribution": rows}


def scenario_command(
    given: Given,
    grow: Annotated[
        list[str] | None,
        typer.Option("--grow", "-g", help="年增长率，如 arc=0.02，可重复 · Yearly growth, may be repeated"),
    ] = None,
    adopt: Annotated[
        list[str] | None,
        typer.Option(
            "--adopt", "-a",
            help="改用份额，如 furnace:arc:2030=0.25，治理写 coal/scr · Share passed over, may be repeated",
        ),
    ] = None,
) -> Tables:  # fmt: skip
    """不作优化的情景：活动增长与技术采用 · Growth and adoption without optimisation."""
    from tongyuan.pathway.ask.scenario import compare, outcome
    from tongyuan.pathway.problem.base import base_point

    case = given.case
    activity = scenario_activity(case, grow or [], adopt or [])
    base = base_point(case)["plan_emission"]
    told = {name: outcome(case, frame) for name, frame in activity.items()}
    named = {name: titles(f"scenario_{name}")[f"scenario_{name}"] for name in told}
    year = base["year"][0]
    start = base.group_by("species").agg(base=pl.col("value").sum())
    units = pl.concat([f.select("species", "unit") for f in (base, *told.values())]).unique("species")
    rows = compare(told).join(start, on="species", how="left").join(units, on="species", how="left")
    asked = quantities_of(case)
    rows = rows.sort(~pl.col("species").is_in(asked), "species", "year")
    heads = {**named, **titles("species", "unit", "year"), "base": str(year)}
    show("scenario", rows.select("species", "unit", "base", "year", *told), titles=heads)
    long = [frame.with_columns(scenario=pl.lit(name)) for name, frame in told.items()]
    return {"plan_emission": pl.concat([base, *(f.select(base.columns) for f in long)])}


def decompose_command(
    given: Given,
    quantity: Annotated[str, typer.Option("--species", "-s", help="物质或组合量 · Species or group")] = "CO2",
    start: Annotated[
        int | None, typer.Option("--from", help="起始年，默认基准年 · From; the base year")
    ] = None,
    end: Annotated[int | None, typer.Option("--to", help="终止年，默认最后一年 · To; the last year")] = None,
) -> Tables:
    """方案中排放为什么变化：活动、结构、治理、强度 · Why emissions of the plan change (LMDI)."""
    from tongyuan.pathway.ask.decompose import group_change
    from tongyuan.pathway.ask.least_cost import least_cost
    from tongyuan.pathway.problem.base import base_point

    case = given.case
    plan = least_cost(case, evaluate=given.evaluate)
    base = base_point(case)
    year = {y for y in base["plan_activity"]["year"] if y not in case.years}
    years = [*sorted(year), *case.years]
    first, last = start or years[0], end or years[-1]
    wrong = [y for y in (first, last) if y not in years]
    require(finding(ROOM, "cli_no_year", year=y, years=", ".join(map(str, years))) for y in wrong)
    known = objectives(case, [quantity])
    if known[0][0] != "emission":
        require([finding(ROOM, "cli_not_emission", text=quantity)])
    tables = {
        name: pl.concat([base[name].filter(pl.col("year").is_in(list(year))), plan[name]])
        for name in ("plan_activity", "plan_emission")
    }
    rows = group_change(case, tables["plan_emission"], tables["plan_activity"], quantity, first, last)
    show("decomposition", without_dust(rows, "quantity"))
    tell(
        "cli_decompose", species=quantity, first=first, last=last, change=f"{rows['value'].sum():,.6g}",
        unit=unit_of(case, ("emission", quantity)),
    )  # fmt: skip
    return {"decomposition": rows}


COMMANDS: dict[str, Callable[..., Tables]] = {
    "budget": budget_command,
    "robust": robust_command,
    "attribute": attribute_command,
    "scenario": scenario_command,
    "decompose": decompose_command,
}
"""Commands of this module by name, for ``tongyuan plan``."""
