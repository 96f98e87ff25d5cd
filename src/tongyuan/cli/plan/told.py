"""``tongyuan plan assumptions``, ``regret``, ``who-pays``, ``jobs``, ``stranded``, ``road-map``."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Annotated, Any

import typer

from tongyuan.cli.plan.source import Shown, heads_of, sentences, show, tell
from tongyuan.reference.language import preferred_language

if TYPE_CHECKING:
    from tongyuan.flows.ask.plan.given import Given


def assumptions_command(
    given: Given,
    change: Annotated[float, typer.Option(min=0.001, max=0.9, help="change")] = 0.2,
    count: Annotated[int, typer.Option(min=1, max=50, help="assumptions")] = 3,
) -> Shown:
    """Which assumptions would change the plan."""
    from tongyuan.flows.ask.plan.told import assumptions

    answer = assumptions(given, change, count)
    rows = answer["assumption"]
    if rows.is_empty():
        return answer, partial(tell, "cli_assumptions_none", change=f"{100 * change:g}")
    return answer, partial(sentences, rows)


def regret_command(given: Given, until: Annotated[int | None, typer.Option(help="until")] = None) -> Shown:
    """What acting on pollution alone, or carbon alone, is regretted."""
    from tongyuan.flows.ask.plan.told import regret

    answer = regret(given, until)
    return answer, partial(sentences, answer["regret"])


def _table(name: str, question: str, columns: tuple[str, ...]) -> Callable[[Given], Shown]:
    """Return a question whose answer is one table; of `columns`, ``*`` stands for the language."""

    def run(given: Given) -> Shown:
        from tongyuan.flows.ask.plan import told

        answer = getattr(told, question)(given)
        if answer[name].is_empty():
            return answer, partial(tell, f"cli_{name}_none")
        spoken = preferred_language()
        chosen = tuple(column.replace("*", spoken) for column in columns)
        plain = {c: c.removesuffix(f"_{spoken}") for c in chosen if c.endswith(f"_{spoken}")}
        return answer, partial(show, name, answer[name], chosen, heads_of(name, plain))

    return run


COMMANDS: dict[str, Callable[..., Any]] = {
    "assumptions": assumptions_command,
    "regret": regret_command,
    "who-pays": _table(
        "incidence", "who_pays", ("year", "sector", "payer", "item", "change", "verdict", "currency")
    ),
    "jobs": _table("plan_job", "jobs", ()),
    "stranded": _table("stranded", "stranded", ()),
    "road-map": _table(
        "road_map", "road_map",
        ("measure", "department", "start", "year", "counted", "amount_*", "unit_*"),
    ),
}  # fmt: skip
