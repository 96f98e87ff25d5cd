"""``tongyuan plan``: the least-cost way to meet every target at once, and everything it explains."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import polars as pl
import typer

from tongyuan.cli.plan_explain import COMMANDS
from tongyuan.cli.plan_source import (
    CO2E,
    COST,
    ROOM,
    Given,
    Quantities,
    Quantity,
    Tables,
    command,
    sentences,
    show,
    show_measures,
    tell,
    titles,
    written,
)
from tongyuan.cli.show import print_frame, terminal
from tongyuan.flows.ask.quantity import headed, objectives
from tongyuan.ledger.finding import finding, require

app = typer.Typer(no_args_is_help=True, help="一体谋划 · Least-cost plans that meet all targets together")

for name, run in COMMANDS.items():
    command(app, name)(run)


@command(app, "check")
def check_command(given: Given) -> Tables:
    """检查规划各表 · Check the tables of a plan."""
    used = {name: frame for name, frame in given.case.tables.items() if not frame.is_empty()}
    tell("cli_checked", tables=len(used), targets=given.case["target"].height)
    return used


@command(app, "least-cost")
def least_cost_command(given: Given) -> Tables:
    """同时达到全部目标的最小成本方案 · The least-cost plan that meets every target."""
    from tongyuan.pathway.ask.least_cost import least_cost

    plan = least_cost(given.case, scenario="least_cost", evaluate=given.evaluate)
    tell("cli_cost", cost=f"{plan.cost:,.6g}", currency=given.case.settings.currency)
    if plan.gap > 0.0:
        tell("cli_gap", gap=f"{100 * plan.gap:.3g}")
    paid = plan["plan_cost"].group_by("year", "payer", "item", maintain_order=True).agg(pl.col("value").sum())
    paid = paid.filter(pl.col("value").abs() > 0.0).sort("year", "payer", "item")
    show("plan_cost", paid, titles={"value": headed(given.case, COST, titles("cost_yearly")["cost_yearly"])})
    show_measures(plan["plan_measure"])
    retired = plan["plan_capacity"].filter(pl.col("retired") > 0.0)
    if retired.height:
        shown = ("node", "technology", "year", "existing", "retired", "capacity", "unit")
        show("plan_capacity", retired, shown)
    sentences(plan["shadow_price"])
    return plan.tables


@command(app, "dividend")
def dividend_command(given: Given) -> Tables:
    """协同红利：一体治理比分头治理节省多少 · What governing both as one saves."""
    from tongyuan.pathway.ask.dividend import dividend

    found = dividend(given.case)
    show("dividend", found.dividend, ("item", "status", "cost", "relative"))
    shown = ("alone", "species", "year", "baseline", "change", "unit", "verdict")
    show("cross_effect", found.cross_effect.filter(pl.col("verdict") != "neutral"), shown)
    sentences(found.dividend)
    return {"dividend": found.dividend, "cross_effect": found.cross_effect}


@command(app, "diagnose")
def diagnose_command(given: Given) -> Tables:
    """哪些目标互相冲突，怎样放宽 · Which targets conflict, and the cheapest way out."""
    from tongyuan.pathway.ask.diagnose import diagnose

    rows = diagnose(given.case)
    if rows.is_empty():
        tell("cli_feasible")
    else:
        show("conflict", rows, ("conflict", "role", "member", "year", "bound", "relaxed", "cost"))
        sentences(rows)
    return {"conflict": rows}


@command(app, "front")
def front_command(
    given: Given, quantity: Quantities = None, points: Annotated[int, typer.Option(min=2, max=200)] = 10
) -> Tables:
    """成本与一两个量的前沿 · The front of cost against one or two quantities."""
    from tongyuan.pathway.ask.sweep import pareto

    asked = objectives(given.case, quantity or [CO2E])
    if len(asked) > 2:
        require([finding(ROOM, "cli_front_many", count=len(asked))])
    rows = pareto(given.case, asked, points)
    wide = rows.pivot("objective", index="point", values="value")
    reached = wide.drop_nulls()
    heads = titles("point") | {q[1]: headed(given.case, q) for q in asked}
    heads["cost"] = headed(given.case, COST, titles("cost")["cost"])
    show("front", reached, titles=heads)
    if reached.height < wide.height:
        tell("cli_front_missing", count=wide.height - reached.height)
    return {"front": rows}


@command(app, "macc")
def macc_command(given: Given, quantity: Quantity = CO2E) -> Tables:
    """边际减排成本曲线（专家法与系统法） · Marginal abatement cost, expert and system."""
    from tongyuan.pathway.ask.coalition import macc_expert, macc_system
    from tongyuan.pathway.ask.least_cost import least_cost

    case = given.case
    asked = objectives(case, [quantity])[0]
    plan = least_cost(case, species=[asked[1]] if asked[0] == "emission" else None, evaluate=given.evaluate)
    rows = pl.concat([macc_expert(case, plan, asked), macc_system(case, asked)])
    show("macc", rows)
    return {"macc": rows}


@command(app, "alternatives")
def alternatives_command(
    given: Given, slack: Annotated[float, typer.Option(min=0.0, help="成本放宽 · Slack of cost")] = 0.02
) -> Tables:
    """哪些措施非做不可，哪些可以选择 · What is a must, what is a choice."""
    from tongyuan.pathway.ask.sweep import alternatives

    rows = alternatives(given.case, slack)
    show("alternative", rows)
    return {"alternative": rows}


@command(app, "iamc")
def iamc_command(
    given: Given,
    output: Annotated[Path, typer.Option("--output", "-o", help=".csv / .xlsx")],
    model: Annotated[str, typer.Option(help="模型名称 · Name of the model")] = "tongyuan",
    scenario: Annotated[str, typer.Option(help="情景名称 · Name of the scenario")] = "least_cost",
) -> None:
    """按 IAMC 格式导出，供情景数据库使用 · Export in the IAMC format of scenario databases."""
    from tongyuan.ledger.write.write import write_csv, write_excel
    from tongyuan.pathway.ask.iamc import iamc
    from tongyuan.pathway.ask.least_cost import least_cost

    if output.suffix not in (".csv", ".xlsx"):
        require([finding(ROOM, "cli_suffix", path=output.name, allowed=".csv, .xlsx")])
    frame = iamc(given.case, least_cost(given.case, scenario=scenario, evaluate=given.evaluate), model)
    if output.suffix == ".csv":
        write_csv(frame, output)
    else:
        write_excel({"data": frame}, output, "en")
    written(output)


@command(app, "export")
def export_command(
    given: Given, output: Annotated[Path, typer.Option("--output", "-o", help=".mps / .lp")]
) -> None:
    """写出 MPS 或 LP 文件 · Write the problem for another solver."""
    from tongyuan.pathway.problem.assemble import assemble
    from tongyuan.pathway.solve.solve import write

    if output.suffix not in (".mps", ".lp"):
        require([finding(ROOM, "cli_suffix", path=output.name, allowed=".mps, .lp")])
    write(assemble(given.case), output)
    written(output)


@app.command("library")
def library_command(
    kind: Annotated[str, typer.Argument(help="technology | control | target")],
    output: Annotated[Path | None, typer.Option("--output", "-o", help="写出 .csv · Write .csv")] = None,
) -> None:
    """内置技术库、治理库、方案目标 · The cited libraries and the plan's targets."""
    from tongyuan.ledger.write.write import write_csv
    from tongyuan.pathway.case.library import controls, targets, technologies

    rows = {"technology": technologies, "control": controls, "target": targets}
    if kind not in rows:
        raise typer.BadParameter(", ".join(rows))
    frame = rows[kind]()
    if output is None:
        print_frame(frame.select(frame.columns[:10]), terminal())
    else:
        write_csv(frame, output)
        written(output)
