"""``tongyuan plan``: the least-cost way to meet every target at once, and everything it explains."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from tongyuan.cli.door import group, offer
from tongyuan.cli.plan import told
from tongyuan.cli.plan.draft import draft_command, join_command
from tongyuan.cli.plan.explain import COMMANDS
from tongyuan.cli.plan.source import (
    CO2E,
    COST,
    Quantities,
    Quantity,
    Shown,
    command,
    heads_of,
    sentences,
    show,
    show_measures,
    tell,
    titles,
    worth,
    written,
)
from tongyuan.reference.language import preferred_language

if TYPE_CHECKING:
    from tongyuan.flows.ask import Answer
    from tongyuan.flows.ask.plan.given import Given

app = group("plan")

LISTED = (
    "parameter", "species", "efficiency", "cost", "comparator", "bound", "value", "unit", "currency",
    "price_year", "year",
)  # fmt: skip
"""Columns of a library that the terminal shows."""

for name, run in (COMMANDS | told.COMMANDS).items():
    command(app, name)(run)


offer(app, "draft")(draft_command)
offer(app, "join")(join_command)


@command(app, "check")
def check_command(given: Given) -> Shown:
    """Check the tables of a plan."""
    from tongyuan.flows.ask.plan.plan import check

    answer = check(given)
    return answer, partial(tell, "cli_checked", **answer.facts)


@command(app, "least-cost")
def least_cost_command(given: Given) -> Shown:
    """The least-cost plan that meets every target."""
    from tongyuan.flows.ask.plan.plan import least_cost

    answer = least_cost(given)
    return answer, partial(_show_plan, given, answer)


def _show_plan(given: Given, answer: Answer) -> None:
    import polars as pl

    from tongyuan.flows.ask.plan.quantity import headed

    facts = answer.facts
    tell("cli_cost", cost=worth(facts["cost"], facts["currency"]))
    if facts["gap"] > 0.0:
        tell("cli_gap", gap=f"{100 * facts['gap']:.3g}")
    paid = answer["plan_cost"].group_by("year", "payer", "item", maintain_order=True)
    yearly = paid.agg(pl.col("value").sum()).filter(pl.col("value").abs() > 0.0).sort("year", "payer", "item")
    head = headed(given.case, COST, titles("cost_yearly")["cost_yearly"])
    show("plan_cost", yearly, titles={"value": head})
    show_measures(answer["plan_measure"])
    retired = answer["plan_capacity"].filter(pl.col("retired") > 0.0)
    if retired.height:
        shown = ("node", "technology", "year", "existing", "retired", "capacity", "unit")
        show("plan_capacity", retired, shown)
    sentences(answer["shadow_price"])


@command(app, "dividend")
def dividend_command(given: Given) -> Shown:
    """What governing both as one saves."""
    from tongyuan.flows.ask.plan.plan import dividend

    answer = dividend(given)
    return answer, partial(_show_dividend, answer)


def _show_dividend(answer: Answer) -> None:
    import polars as pl

    show("dividend", answer["dividend"], ("item", "status", "cost", "relative"))
    shown = ("alone", "species", "year", "baseline", "change", "unit", "verdict")
    show("cross_effect", answer["cross_effect"].filter(pl.col("verdict") != "neutral"), shown)
    sentences(answer["dividend"])


@command(app, "diagnose")
def diagnose_command(given: Given) -> Shown:
    """Which targets conflict, and the cheapest way out."""
    from tongyuan.flows.ask.plan.plan import diagnose

    answer = diagnose(given)
    return answer, partial(_show_conflict, answer)


def _show_conflict(answer: Answer) -> None:
    rows = answer["conflict"]
    if rows.is_empty():
        tell("cli_feasible")
    else:
        show("conflict", rows, ("conflict", "role", "member", "year", "bound", "relaxed", "cost"))
        sentences(rows)


@command(app, "front")
def front_command(
    given: Given,
    quantity: Quantities = None,
    points: Annotated[int, typer.Option(min=2, max=200, help="points")] = 10,
) -> Shown:
    """The front of cost against one or two quantities."""
    from tongyuan.flows.ask.plan.plan import front
    from tongyuan.flows.ask.plan.quantity import objectives

    asked = objectives(given.case, quantity or [CO2E])
    answer = front(given, asked, points)
    return answer, partial(_show_front, given, answer, asked)


def _show_front(given: Given, answer: Answer, asked: list[tuple[str, str]]) -> None:
    from tongyuan.flows.ask.plan.quantity import headed

    wide = answer["front"].pivot("objective", index="point", values="value")
    heads = titles("point") | {q[1]: headed(given.case, q) for q in asked}
    heads["cost"] = headed(given.case, COST, titles("cost")["cost"])
    show("front", wide.drop_nulls(), titles=heads)
    if answer.facts["missing"]:
        tell("cli_front_missing", count=answer.facts["missing"])


@command(app, "macc")
def macc_command(given: Given, quantity: Quantity = CO2E) -> Shown:
    """Marginal abatement cost, expert and system."""
    from tongyuan.flows.ask.plan.plan import macc
    from tongyuan.flows.ask.plan.quantity import objectives, unit_of

    (asked,) = objectives(given.case, [quantity])
    answer = macc(given, [asked])
    less, money = unit_of(given.case, asked), unit_of(given.case, COST)
    units = {"abatement": less, "cumulative": less, "cost": money, "marginal_cost": f"{money}/{less}"}
    named = heads_of("macc", {column: column for column in units})
    heads = {column: f"{named[column]}, {unit}" for column, unit in units.items()} if less else {}
    return answer, partial(show, "macc", answer["macc"].drop("quantity"), titles=heads)


@command(app, "alternatives")
def alternatives_command(
    given: Given, slack: Annotated[float, typer.Option(min=0.0, help="slack")] = 0.02
) -> Shown:
    """What is a must, what is a choice."""
    from tongyuan.flows.ask.plan.plan import alternatives

    answer = alternatives(given, slack)
    return answer, partial(show, "alternative", answer["alternative"])


@command(app, "iamc")
def iamc_command(
    given: Given,
    output: Annotated[Path, typer.Option("--output", "-o", help="iamc_output")],
    model: Annotated[str, typer.Option(help="model")] = "tongyuan",
    scenario: Annotated[str, typer.Option(help="scenario")] = "least_cost",
) -> None:
    """Export in the IAMC format of scenario databases."""
    from tongyuan.flows.ask.plan.plan import iamc
    from tongyuan.ledger.finding import finding, require
    from tongyuan.ledger.write.write import write_csv, write_excel

    if output.suffix not in (".csv", ".xlsx"):
        require([finding("pathway", "cli_suffix", path=output.name, allowed=".csv, .xlsx")])
    frame = iamc(given, model, scenario)["data"]
    if output.suffix == ".csv":
        write_csv(frame, output)
    else:
        write_excel({"data": frame}, output, "en")
    written(output)


@command(app, "export")
def export_command(
    given: Given, output: Annotated[Path, typer.Option("--output", "-o", help="export_output")]
) -> None:
    """Write the problem for another solver."""
    from tongyuan.flows.ask.plan.plan import export

    export(given, output)
    written(output)


@offer(app, "library")
def library_command(
    kind: Annotated[str, typer.Argument(help="plan_kind")],
    output: Annotated[Path | None, typer.Option("--output", "-o", help="plan_output")] = None,
) -> None:
    """The cited libraries and the plan's targets."""
    import polars as pl

    from tongyuan.cli.show import give_rows, print_frame, terminal
    from tongyuan.flows.ask.plan.plan import LIBRARIES, library
    from tongyuan.ledger.table import table
    from tongyuan.ledger.write.write import write_csv

    if kind not in LIBRARIES:
        raise typer.BadParameter(" | ".join(LIBRARIES), param_hint="kind")
    frame = library(kind)[kind]
    if output is not None:
        write_csv(frame, output)
        written(output)
    if not give_rows({kind: frame}) and output is None:
        language = preferred_language()
        shown = [c for c in (f"title_{language}", *LISTED) if c in frame.columns]
        heads = titles(*(f"library_{c.removesuffix(f'_{language}')}" for c in shown))
        options = {
            c.name: c.title_en if language == "en" else c.title_zh for c in table("technology_option").columns
        }
        named = frame.select(shown).with_columns(
            pl.col(c).replace(options) for c in shown if c == "parameter"
        )
        print_frame(named, terminal(), dict(zip(shown, heads.values(), strict=True)))
