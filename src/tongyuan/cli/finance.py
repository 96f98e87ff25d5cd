"""``tongyuan finance``: projects of a workspace, rates of a flow, the chain of public credits."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from tongyuan.cli.answer import give
from tongyuan.cli.door import group, offer
from tongyuan.reference.language import preferred_language, say

app = group("finance")

ROOM = "cli"
Output = Annotated[Path | None, typer.Option("--output", "-o", help="impact_output")]


@offer(app)
def appraise(
    folder: Annotated[Path, typer.Argument(help="facility_folder")],
    output: Output = None,
) -> None:
    """Value, rates and joint cost of the projects of a workspace."""
    from tongyuan.flows.ask.finance import appraise as ask

    give(ask(folder), output)


@offer(app)
def incentive(
    folder: Annotated[Path, typer.Argument(help="facility_folder")],
    output: Output = None,
) -> None:
    """What the policies of a workspace change: who moves, who pays, what they bring."""
    from tongyuan.flows.ask.finance import incentive as ask

    give(ask(folder), output)


@offer(app)
def rates(
    flow: Annotated[list[float], typer.Argument(help="finance_flow")],
    discount: Annotated[float, typer.Option(help="finance_discount")] = 0.08,
) -> None:
    """Every rate of return of a flow, its net present value and payback."""
    from tongyuan.cli.show import give_rows, terminal
    from tongyuan.flows.ask.finance import rates as ask

    answer = ask(flow, discount)
    if give_rows(answer.tables, **answer.facts):
        return
    language, console = preferred_language(), terminal()
    joint = "、" if language == "zh" else ", "
    every = joint.join(f"{rate:.5%}" for rate in answer["rate"]["rate"])
    back = answer.facts["payback"]
    lines = [
        say(ROOM, "finance_rates" if every else "finance_no_rate", language, rates=every),
        say(ROOM, "finance_value", language, value=f"{answer.facts['value']:,.4f}", rate=f"{discount:.2%}"),
        say(ROOM, "finance_never", language)
        if back is None
        else say(ROOM, "finance_payback", language, years=f"{back:.4f}"),
    ]
    for line in lines:
        console.print(line, markup=False)


@offer(app)
def verify(
    file: Annotated[Path, typer.Argument(help="finance_ledger")],
) -> None:
    """Whether a ledger of public credits is unchanged."""
    from tongyuan.cli.show import give_rows, terminal
    from tongyuan.flows.ask.finance import verify as ask

    answer = ask(file)
    if not give_rows(answer.tables, **answer.facts):
        text = say(ROOM, "finance_whole", preferred_language(), count=f"{answer.facts['count']:,}")
        terminal().print(text, markup=False)
