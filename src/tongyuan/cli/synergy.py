"""``tongyuan synergy``: scores, co-control coordinates, decoupling, decomposition, index systems."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from tongyuan.cli.door import group, offer
from tongyuan.reference.language import preferred_language, say

if TYPE_CHECKING:
    from tongyuan.flows.ask import Answer

app = group("synergy")

ROOM = "synergy"
Source = Annotated[Path, typer.Argument(help="synergy_source")]
Output = Annotated[
    Path | None,
    typer.Option(
        "--output",
        "-o",
        help="synergy_output",
    ),
]
Base = Annotated[str, typer.Option(help="synergy_base")]
Pollutants = Annotated[str, typer.Option(help="pollutants")]
Driver = Annotated[str, typer.Option(help="driver")]
Unit = Annotated[str, typer.Option(help="unit")]
Entities = Annotated[
    str,
    typer.Option(help="entities"),
]
ROWS = 40


def _show(answer: Answer, main: str, output: Path | None) -> None:
    """Print the table `main` of an answer and its findings, and write what is asked for."""
    from tongyuan.cli.show import give_files, give_rows, print_findings, print_frame, terminal
    from tongyuan.flows.ask.held import FIGURES, draw
    from tongyuan.ledger.table import table
    from tongyuan.ledger.write.write import worded, write_csv, write_excel

    language = preferred_language()
    console = terminal()
    if answer.findings:
        print_findings(answer.findings, console, language)
    frame = answer[main]
    if not give_rows(answer.tables):
        titles = {c.name: c.title_en if language == "en" else c.title_zh for c in table(main).columns}
        shown = worded(main, frame.head(ROWS), language)
        print_frame(shown.select(s.name for s in shown if s.null_count() < shown.height), console, titles)
        if frame.height > ROWS:
            console.print(f"… {frame.height - ROWS}")
    if output is not None:
        if output.suffix.lower() in FIGURES:
            draw(dict(answer.tables), main, output, language)
        elif output.suffix == ".csv":
            write_csv(frame, output, name=main, language=language)
        else:
            write_excel(answer.tables, output, language)
        give_files([output])
        console.print(say(ROOM, "cli_written", language, path=output), markup=False)


def _named(text: str) -> list[str]:
    return [name.strip() for name in text.replace("，", ",").split(",") if name.strip()]


@offer(app)
def score(
    source: Source,
    index: Annotated[
        str,
        typer.Option(help="index"),
    ] = "",
    base: Base = "",
    weight: Annotated[str, typer.Option(help="weight")] = "",
    normalise: Annotated[str, typer.Option(help="normalise")] = "",
    aggregate: Annotated[str, typer.Option(help="aggregate")] = "",
    reweight: Annotated[
        bool,
        typer.Option(help="reweight"),
    ] = False,
    waive: Annotated[list[str] | None, typer.Option(help="waive")] = None,
    draws: Annotated[int | None, typer.Option(min=0, help="synergy_draws")] = None,
    seed: Annotated[int | None, typer.Option(help="synergy_seed")] = None,
    output: Output = None,
) -> None:
    """Score by an index system."""
    from tongyuan.cli.show import print_findings, terminal
    from tongyuan.flows.ask.held import held, index_text
    from tongyuan.flows.ask.synergy import score as ask
    from tongyuan.flows.score import Choices

    choices = Choices(
        normalise=normalise or None,
        weight=weight or None,
        aggregate=aggregate or None,
        base=(int(base) if base.isdigit() else base) or None,
        waive=tuple(waive or ()),
    )
    own = index_text(Path(index)) if index.endswith(".toml") and source.is_dir() else None
    answer = ask(held(source), index, choices, draws=draws, seed=seed, reweight=reweight, text=own)
    if "score" not in answer.tables:
        print_findings(answer.findings, terminal(), preferred_language())
        raise typer.Exit(1)
    _show(answer, "score", output)


@offer(app)
def coordinates(
    source: Source,
    pollutants: Pollutants = "SO2,NOx",
    base: Base = "previous",
    unit: Unit = "",
    entities: Entities = "refuse",
    output: Output = None,
) -> None:
    """Co-control coordinates, elasticities and quadrants."""
    from tongyuan.flows.ask.held import held
    from tongyuan.flows.ask.synergy import coordinates as ask

    answer = ask(held(source), _named(pollutants), base=base, unit=unit, entities=entities)
    _show(answer, "co_control", output)


@offer(app)
def decouple(
    source: Source,
    driver: Driver,
    pollutants: Pollutants = "SO2,NOx,CO2",
    base: Base = "previous",
    unit: Unit = "",
    entities: Entities = "refuse",
    output: Output = None,
) -> None:
    """Tapio decoupling."""
    from tongyuan.flows.ask.held import held
    from tongyuan.flows.ask.synergy import decouple as ask

    answer = ask(held(source), driver, _named(pollutants), base=base, unit=unit, entities=entities)
    _show(answer, "decoupling", output)


@offer(app)
def decompose(
    source: Source,
    driver: Driver = "",
    pollutants: Pollutants = "SO2,NOx,CO2",
    base: Base = "first",
    depth: Annotated[int, typer.Option(min=1, max=3, help="depth")] = 1,
    unit: Unit = "",
    entities: Entities = "refuse",
    output: Output = None,
) -> None:
    """LMDI decomposition."""
    from tongyuan.flows.ask.held import held
    from tongyuan.flows.ask.synergy import decompose as ask

    answer = ask(
        held(source), driver, _named(pollutants), base=base, depth=depth, unit=unit, entities=entities
    )
    _show(answer, "lmdi", output)


@offer(app)
def indexes(name: Annotated[str, typer.Argument(help="synergy_name")] = "") -> None:
    """The index systems shipped."""
    from tongyuan.cli.show import give_rows, print_frame, terminal
    from tongyuan.flows.ask.catalogue import indexes as ask

    language = preferred_language()
    console = terminal()
    answer = ask(name)
    if give_rows(answer.tables):
        return
    frame = next(iter(answer.tables.values()))
    frame = frame.rename({f"title_{language}": "title"}).drop(f"title_{'zh' if language == 'en' else 'en'}")
    print_frame(frame, console, {c: say("cli", f"index_{c}", language) for c in frame.columns})
    if name:
        console.print(answer.facts["note"][language], markup=False)
