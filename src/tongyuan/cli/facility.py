"""``tongyuan facility``: checks, evidence and inspection of enterprises."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from tongyuan.cli.door import group, offer
from tongyuan.reference.language import Language, preferred_language, say

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    import polars as pl

    from tongyuan.flows.ask import Answer

app = group("facility")

ROOM = "cli"
ROWS = 40
SIGNIFICANT = 0.05
FOLDED = ("duty", "item", "kind", "line", "rows", "tests")
"""Columns for machines, which a workbook folds away."""
Folder = Annotated[Path, typer.Argument(help="facility_folder")]
Output = Annotated[Path | None, typer.Option("--output", "-o", help="facility_output")]


def _show(
    answer: Answer,
    main: str,
    output: Path | None,
    hidden: tuple[str, ...] = (),
    words: Callable[[pl.DataFrame, Language], pl.DataFrame] | None = None,
) -> bool:
    """Print the table `main` of an answer with its findings, write what is asked for; return whether it
    was shown. `words` brings what is printed into the words of a language."""
    from tongyuan.cli.show import give_rows, print_findings, print_frame, terminal
    from tongyuan.ledger.table import table
    from tongyuan.ledger.write.write import write_csv, write_excel

    language = preferred_language()
    console = terminal()
    if answer.findings:
        print_findings(answer.findings, console, language)
    given = give_rows(answer.tables)
    said = {name: _said(name, frame, language) for name, frame in answer.tables.items()}
    if words is not None:
        said[main] = words(said[main], language)
    if not given:
        frame = said[main]
        if main == "check_finding" and "facility" in frame.columns:
            frame = frame.unique(["facility", "code"], keep="first", maintain_order=True)
        frame = frame.drop(*hidden, *_other(frame, language), strict=False)
        titles = {c.name: c.title_en if language == "en" else c.title_zh for c in table(main).columns}
        titles["status"] = say(ROOM, "facility_status", language)
        shown = _worded(main, frame.head(ROWS), language)
        print_frame(shown.select(s.name for s in shown if s.null_count() < shown.height), console, titles)
        if frame.height > ROWS:
            console.print(f"… {frame.height - ROWS}")
    if output is not None:
        if output.suffix == ".csv":
            write_csv(answer[main], output, name=main, language=language)
        else:
            folded = {name for frame in said.values() for name in _other(frame, language)}
            held = {
                series.name
                for frame in said.values()
                for series in frame
                if series.null_count() < series.len()
            }
            empty = {name for frame in said.values() for name in frame.columns} - held
            write_excel(said, output, language, hidden={*folded, *FOLDED, *empty})
        say_written([output])
    return not given


def _other(frame: pl.DataFrame, language: Language) -> list[str]:
    """Return the columns of `frame` that say in the other language what another says in this one."""
    ending = "_zh" if language == "en" else "_en"
    return [name for name in frame.columns if name.endswith(ending) and f"{name[:-3]}_{language}" in frame]


def _said(name: str, frame: pl.DataFrame, language: Language) -> pl.DataFrame:
    """Return table `name` with names for what it holds as codes of monitors, measurements and sources."""
    import polars as pl

    from tongyuan.reference.shelf import shelf

    made = {}
    if "legal_basis" in frame.columns:
        made["legal_basis"] = _basis(language)
    if name == "suspicion":
        made["subject"] = _parameters("subject", language)
    for column, kind in frame.schema.items():
        if kind == pl.Boolean:
            yes, no = (say("ledger", key, language) for key in ("yes", "no"))
            made[column] = pl.when(column).then(pl.lit(yes)).when(~pl.col(column)).then(pl.lit(no))
    if "installation" in frame.columns:
        made["installation"] = pl.col("installation").replace(
            {"whole": say(ROOM, "facility_whole", language)}
        )
    for column in {"source", "basis_text", "rule"} & set(frame.columns):
        titles = dict(shelf("source").select("id", "title").iter_rows())
        made[column] = pl.col(column).replace(titles)
    return frame.with_columns(**made)


def _parameters(column: str, language: Language) -> pl.Expr:
    """Return subjects such as ``DA001 a34013`` with the names of what is measured for their codes."""
    import polars as pl

    from tongyuan.reference.shelf import shelf

    known = shelf("monitor_parameter")
    names = known[f"title_{language}"].to_list()
    return pl.col(column).str.replace_many(known["monitor_parameter"].to_list(), names)


def _worded(main: str, frame: pl.DataFrame, language: Language) -> pl.DataFrame:
    """Return a table as people read it, the status of checks too."""
    import polars as pl

    from tongyuan.ledger.write.write import worded

    shown = worded(main, frame, language)
    if main != "check_finding" or "status" not in shown.columns:
        return shown
    words = {key: say(ROOM, f"facility_status_{key}", language) for key in frame["status"].unique()}
    return shown.with_columns(pl.col("status").replace_strict(words, return_dtype=pl.String))


def _basis(language: Language) -> pl.Expr:
    """Return legal bases, written ``中文（English）``, in `language`; one that stands once stays."""
    import polars as pl

    both = pl.col("legal_basis").str.extract_groups(r"^(.*)（([^（）]*)）$")
    found = both.struct.field("2" if language == "en" else "1")
    return found.fill_null(pl.col("legal_basis")).alias("legal_basis")


def say_written(paths: Iterable[Path]) -> None:
    """Say where files are."""
    from tongyuan.cli.show import give_files, terminal

    for path in paths:
        give_files([path])
        terminal().print(say("synergy", "cli_written", preferred_language(), path=path), markup=False)


def _say(key: str, **values: object) -> None:
    from tongyuan.cli.show import terminal

    terminal().print(say(ROOM, key, preferred_language(), **values), markup=False)


@offer(app)
def check(
    folder: Annotated[Path | None, typer.Argument(help="facility_folder")] = None,
    only: Annotated[list[str] | None, typer.Option("--only", help="facility_only")] = None,
    unverified: Annotated[bool, typer.Option("--unverified", help="facility_unverified")] = False,
    listing: Annotated[bool, typer.Option("--list", help="facility_list")] = False,
    output: Output = None,
) -> None:
    """All checks over all enterprises."""
    from tongyuan.flows.ask.facility_evidence import check as ask
    from tongyuan.flows.ask.facility_evidence import listed, opened

    if listing:
        _show(listed(), "check_finding", output)
        return
    answer = ask(opened(folder or Path()), only or (), unverified=unverified)
    if _show(answer, "check_finding", output, ("result", "tolerance", "rows")):
        counted = answer["check_count"]
        _say(
            "facility_counted",
            checks=counted.height,
            rows=int(counted["applied"].sum()),
            failed=int(counted["failed"].sum()),
            missing=int(counted["missing"].sum()),
        )
    if answer["check_finding"]["severity"].is_in(["fatal", "critical_1"]).any():
        raise typer.Exit(1)


@offer(app)
def evidence(folder: Folder, output: Output = None) -> None:
    """Suspicions in the data, on one scale."""
    from tongyuan.flows.ask.facility_evidence import evidence as ask
    from tongyuan.flows.ask.facility_evidence import opened

    answer = ask(opened(folder))
    if _show(answer, "suspicion", output, ("kind", "statistic", "rows", "tests")):
        found = int((answer["suspicion"]["q_value"] <= SIGNIFICANT).sum())
        _say("facility_evidence_counted", tests=answer["suspicion"].height, found=found)


@offer(app)
def inspect(
    folder: Folder,
    days: Annotated[float, typer.Option("--days", help="facility_days")],
    visit: Annotated[float, typer.Option("--visit", help="facility_visit")] = 1.0,
    random: Annotated[float, typer.Option("--random", help="facility_random")] = 0.3,
    seed: Annotated[int, typer.Option("--seed", min=0, help="facility_seed")] = 0,
    output: Output = None,
) -> None:
    """Whom to inspect with so many inspector-days."""
    from tongyuan.flows.ask.facility_evidence import inspect as ask
    from tongyuan.flows.ask.facility_evidence import opened

    answer = ask(opened(folder), days, visit=visit, random_share=random, seed=seed)
    if _show(answer, "inspection_plan", output):
        plan = answer["inspection_plan"]
        certain = int((plan["drawn"] == "by_risk").sum())
        _say(
            "facility_inspected", count=plan.height, certain=certain, random=plan.height - certain, seed=seed
        )


@offer(app)
def simulate(
    folder: Folder,
    count: Annotated[int, typer.Option("--count", min=1, max=3000, help="facility_count")] = 1,
    seed: Annotated[int, typer.Option("--seed", min=0, help="facility_simulate_seed")] = 0,
    hours: Annotated[bool, typer.Option("--hours", help="facility_hours")] = False,
    altered: Annotated[bool, typer.Option("--altered", help="facility_altered")] = False,
) -> None:
    """Write a workspace of simulated enterprises, an example to try everything on."""
    from tongyuan.cli.show import give_files
    from tongyuan.flows.ask.facility_evidence import write_simulated

    place = write_simulated(folder, count, preferred_language(), seed=seed, hours=hours, altered=altered)
    give_files([place])
    _say("facility_simulated", count=count, path=place)
