"""``tongyuan plan budget``, ``robust``, ``attribute``, ``scenario``, ``decompose``: questions on a plan."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Annotated, Any

import typer

from tongyuan.cli.plan.source import (
    CO2E,
    COST,
    Quantities,
    Shown,
    show,
    show_measures,
    tell,
    titles,
    without_dust,
    worth,
)

if TYPE_CHECKING:
    from tongyuan.flows.ask import Answer
    from tongyuan.flows.ask.plan.given import Given

Draws = Annotated[int, typer.Option(min=100, max=200_000, help="draws")]
Seed = Annotated[int, typer.Option(min=0, help="seed")]


def budget_command(
    given: Given,
    money: Annotated[float, typer.Option("--money", "-m", min=0.0, help="money")],
    benefit: Annotated[list[str] | None, typer.Option("--benefit", "-b", help="benefit")] = None,
) -> Shown:
    """The most benefit for a fixed sum."""
    from tongyuan.flows.ask.plan.quantity import worths
    from tongyuan.flows.ask.plan.value import budget

    answer = budget(given, money, worths(given.case, benefit or [f"{CO2E}=1"]))
    return answer, partial(_show_budget, answer)


def _show_budget(answer: Answer) -> None:
    facts = answer.facts
    spent, money = (worth(facts[key], facts["currency"]) for key in ("spent", "money"))
    tell("cli_budget", spent=spent, money=money)
    show("budget", answer["budget"], titles=titles("quantity", "unit", "before", "after", "less"))
    show_measures(answer["plan_measure"])


def robust_command(
    given: Given,
    level: Annotated[float, typer.Option("--level", min=0.5, max=0.999, help="level")] = 0.9,
    together: Annotated[bool, typer.Option("--together", help="together")] = False,
    draws: Draws = 2000,
    seed: Seed = 0,
) -> Shown:
    """How sure the targets are, and what more certainty costs."""
    from tongyuan.flows.ask.plan.value import robust

    answer = robust(given, level, together, draws, seed)
    return answer, partial(_show_robust, answer, together)


def _show_robust(answer: Answer, together: bool) -> None:
    facts = answer.facts
    columns = ("scenario", "target", "year", "probability", "bound", "lower", "median", "upper", "unit")
    show("target_probability", answer["target_probability"], (*columns, "known"))
    currency = facts["currency"]
    tell(
        "cli_robust_together" if together else "cli_robust", level=f"{100 * facts['level']:g}",
        extra=worth(facts["extra"], currency), before=f"{100 * facts['before']:.3g}",
        after=f"{100 * facts['after']:.3g}",
    )  # fmt: skip
    tell(
        f"cli_robust_{facts['reason']}", saving=worth(facts["saving"], currency),
        achieved=f"{100 * facts['achieved']:.3g}",
    )  # fmt: skip
    if facts["unknown"]:
        tell("cli_robust_unknown")


def attribute_command(
    given: Given,
    quantity: Quantities = None,
    by: Annotated[str, typer.Option(help="by")] = "measure",
    free: Annotated[bool, typer.Option("--free", help="free")] = False,
    samples: Annotated[int, typer.Option(min=10, help="samples")] = 400,
    seed: Seed = 0,
) -> Shown:
    """Who contributed what (Shapley values)."""
    from tongyuan.flows.ask.plan.quantity import objectives
    from tongyuan.flows.ask.plan.value import SIDES, attribute

    if by not in SIDES:
        raise typer.BadParameter(" | ".join(SIDES), param_hint="--by")
    asked = objectives(given.case, quantity or [CO2E, ":".join(COST)])
    answer = attribute(given, asked, by, free=free, samples=samples, seed=seed)
    return answer, partial(_show_attribution, given, answer, asked, free)


def _show_attribution(given: Given, answer: Answer, asked: list[tuple[str, str]], free: bool) -> None:
    from tongyuan.flows.ask.plan.quantity import headed

    wide = without_dust(answer["attribution"], "quantity").pivot("quantity", index="player", values="value")
    heads = {q[1]: headed(given.case, q) for q in asked}
    show("attribution", wide, titles=heads | {"total": headed(given.case, COST, titles("cost")["cost"])})
    tell("cli_attribute_free" if free else "cli_attribute_policy")


def scenario_command(
    given: Given,
    grow: Annotated[list[str] | None, typer.Option("--grow", "-g", help="grow")] = None,
    adopt: Annotated[list[str] | None, typer.Option("--adopt", "-a", help="adopt")] = None,
) -> Shown:
    """Growth and adoption without optimisation."""
    from tongyuan.flows.ask.plan.change import scenario

    answer = scenario(given, grow or [], adopt or [])
    return answer, partial(_show_scenario, answer)


def _show_scenario(answer: Answer) -> None:
    named = {name: titles(f"scenario_{name}")[f"scenario_{name}"] for name in answer.facts["names"]}
    heads = {**named, **titles("species", "unit", "year"), "base": str(answer.facts["year"])}
    columns = ("species", "unit", "base", "year", *named)
    show("scenario", answer["scenario"], columns, titles=heads)


def decompose_command(
    given: Given,
    quantity: Annotated[str, typer.Option("--species", "-s", help="plan_explain_quantity")] = "CO2",
    start: Annotated[int | None, typer.Option("--from", help="start")] = None,
    end: Annotated[int | None, typer.Option("--to", help="end")] = None,
) -> Shown:
    """Why emissions of the plan change (LMDI)."""
    from tongyuan.flows.ask.plan.change import decompose

    answer = decompose(given, quantity, start, end)
    return answer, partial(_show_decomposition, answer)


def _show_decomposition(answer: Answer) -> None:
    show("decomposition", without_dust(answer["decomposition"], "quantity"))
    tell("cli_decompose", **{**answer.facts, "change": f"{answer.facts['change']:,.6g}"})


COMMANDS: dict[str, Callable[..., Any]] = {
    "budget": budget_command,
    "robust": robust_command,
    "attribute": attribute_command,
    "scenario": scenario_command,
    "decompose": decompose_command,
}
"""Commands of this module by name, for ``tongyuan plan``."""
