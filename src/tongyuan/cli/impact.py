"""``tongyuan impact``: air of a workspace, index of a day, screening of a cut, warming of a pulse."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from tongyuan.cli.answer import give
from tongyuan.cli.door import group, offer
from tongyuan.reference.language import preferred_language, say

if TYPE_CHECKING:
    import polars as pl


app = group("impact")

ROOM = "cli"
Output = Annotated[Path | None, typer.Option("--output", "-o", help="impact_output")]


@offer(app)
def air(
    folder: Annotated[Path, typer.Argument(help="facility_folder")],
    output: Output = None,
) -> None:
    """Air quality of a workspace against the standards."""
    from tongyuan.flows.ask.impact import air as ask
    from tongyuan.flows.source import open_workspace

    give(ask(open_workspace(folder)), output, ("air_statistic", "air_index", "burden"))


@offer(app)
def weather(
    folder: Annotated[Path, typer.Argument(help="facility_folder")],
    output: Output = None,
) -> None:
    """Trends at average weather, and their skill on times left out."""
    from tongyuan.flows.ask.impact import weather as ask
    from tongyuan.flows.source import open_workspace

    give(ask(open_workspace(folder)), output)


@offer(app)
def index(
    values: Annotated[list[str], typer.Argument(help="impact_values")],
    day: Annotated[datetime | None, typer.Option("--date", formats=["%Y-%m-%d"], help="impact_date")] = None,
) -> None:
    """Air quality index of a day's values."""
    from tongyuan.flows.ask.impact import index as ask
    from tongyuan.flows.ask.impact import pairs

    answer = ask(pairs(values, share=False), day.date() if day else date.today())
    names = ("pollutant", "value", "sub_index", "leading")
    _show(answer["day_index"], names, "impact_index", **answer.facts)


@offer(app)
def screen(
    changes: Annotated[list[str], typer.Argument(help="impact_changes")],
) -> None:
    """Screening of PM2.5 and ozone after a cut of all China."""
    from tongyuan.flows.ask.impact import pairs
    from tongyuan.flows.ask.impact import screen as ask

    names = ("metric", "ratio", "reach", "missing")
    _show(ask(pairs(changes, share=True))["screening"], names, "impact_screening")


@offer(app)
def pulse(
    gas: Annotated[str, typer.Argument(help="impact_gas")],
    tonnes: Annotated[float, typer.Argument(help="impact_tonnes")],
    years: Annotated[str, typer.Option(help="impact_years")] = "20,50,100",
) -> None:
    """Forcing and warming after a pulse of a gas."""
    from tongyuan.flows.ask.impact import number
    from tongyuan.flows.ask.impact import pulse as ask

    times = [number(text) for text in years.replace("，", ",").split(",") if text.strip()]
    _show(ask(gas, tonnes, times)["pulse"], ("year", "forcing", "forcing_sum", "warming"))


@offer(app)
def ensemble(
    gas: Annotated[str, typer.Argument(help="impact_species")],
    tonnes: Annotated[float, typer.Argument(help="impact_tonnes")],
    calibration: Annotated[Path, typer.Argument(help="impact_calibration")],
    year: Annotated[int, typer.Option(help="impact_year")] = 2025,
    years: Annotated[str, typer.Option(help="impact_years")] = "10,20",
    members: Annotated[int, typer.Option(help="impact_members")] = 21,
) -> None:
    """Warming after a pulse by FaIR with a calibrated ensemble; takes minutes."""
    from tongyuan.flows.ask.impact import ensemble as ask
    from tongyuan.flows.ask.impact import number

    times = [round(number(text)) for text in years.replace("，", ",").split(",") if text.strip()]
    answer = ask(gas, tonnes, year, times, calibration, members=members)
    _show(answer["ensemble"], ("year", "warming", "lower", "upper"), "impact_ensemble", **answer.facts)


@offer(app)
def constrain(
    folder: Annotated[Path, typer.Argument(help="facility_folder")],
    lognormal: Annotated[bool, typer.Option("--lognormal", help="impact_lognormal")] = False,
    output: Output = None,
) -> None:
    """Emissions that agree with inventory and observed receptors."""
    from tongyuan.flows.ask.impact import constrain as ask
    from tongyuan.flows.source import open_workspace

    give(ask(open_workspace(folder), lognormal=lognormal), output)


@offer(app)
def fit(
    folder: Annotated[Path, typer.Argument(help="facility_folder")],
    free: Annotated[bool, typer.Option("--free", help="impact_free")] = False,
    output: Output = None,
) -> None:
    """Reduced form of the user's own runs of an air-quality model."""
    from tongyuan.flows.ask.impact import fit as ask
    from tongyuan.flows.source import open_workspace

    give(ask(open_workspace(folder), rising=not free), output)


def _show(frame: pl.DataFrame, names: tuple[str, ...], sentence: str = "", **facts: object) -> None:
    """Print an answer and a sentence about it, or hand both to a machine."""
    import polars as pl

    from tongyuan.cli.show import give_rows, print_frame, terminal
    from tongyuan.ledger.read.lookup import choice_title

    if give_rows({"answer": frame}, **facts):
        return
    language, console = preferred_language(), terminal()
    titles = {name: say(ROOM, f"impact_column_{name}", language) for name in names}
    for name in ("metric", "reach"):
        if name in frame.columns:
            words = [choice_title(word, language) for word in frame[name]]
            frame = frame.with_columns(pl.Series(name, words))
    lists = [name for name, dtype in frame.schema.items() if dtype == pl.List(pl.String)]
    marks = [name for name, dtype in frame.schema.items() if dtype == pl.Boolean]
    frame = frame.with_columns(
        *(pl.col(name).list.join(", ") for name in lists),
        *(pl.when(name).then(pl.lit("*")).otherwise(pl.lit("")).alias(name) for name in marks),
    )
    print_frame(frame, console, titles)
    if sentence:
        console.print(say(ROOM, sentence, language, **facts), markup=False)
