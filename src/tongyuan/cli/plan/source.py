"""What every command of ``tongyuan plan`` takes and gives, said once: plan tables, settings, an output."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from contextvars import ContextVar
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Annotated, Any, TypeAlias

import typer

from tongyuan.cli.door import offer
from tongyuan.reference.language import Language, catalogue, preferred_language, say

if TYPE_CHECKING:
    import polars as pl

    from tongyuan.flows.ask import Answer
    from tongyuan.flows.ask.plan.given import Given

ROOM = "pathway"
ROWS = 60
"""Rows of a table shown on the terminal."""

Source = Annotated[
    Path,
    typer.Argument(help="source"),
]
Rate = Annotated[
    float | None,
    typer.Option(
        "--discount-rate", "-r", min=0.0, max=0.999,
        help="rate",
    ),
]  # fmt: skip
Base = Annotated[int | None, typer.Option("--base-year", help="base")]
Currency = Annotated[str | None, typer.Option("--currency", help="currency")]
PriceYear = Annotated[int | None, typer.Option("--price-year", help="priceyear")]
Output = Annotated[
    Path | None,
    typer.Option("--output", "-o", help="plan_source_output"),
]

Quantity = Annotated[
    str,
    typer.Option("--quantity", "-q", help="quantity"),
]
Quantities = Annotated[
    list[str] | None,
    typer.Option(
        "--quantity", "-q",
        help="quantities",
    ),
]  # fmt: skip
CO2E, COST = "CO2e", ("cost", "total")

WORDED = ("item", "status", "scenario", "player", "factor", "alone")
"""Columns whose ids are shown as words where the room has them."""


def read_source(source: Path, **settings: Any) -> Given:
    """Return the plan at `source`, ready to be asked about; its warnings are shown.

    Parameters
    ----------
    settings
        Settings that stand in for those of the file; None leaves them.

    Raises
    ------
    FindingError
        With every finding at once.
    """
    from tongyuan.cli.show import print_findings, terminal
    from tongyuan.flows.ask.plan.given import given, has_rate

    if source.exists() and settings.get("discount_rate") is None and not has_rate(source):
        raise typer.BadParameter(say(ROOM, "cli_no_rate", preferred_language()), param_hint="-r")
    found = given(source, **settings)
    if found.findings:
        print_findings(found.findings, terminal(stderr=True), preferred_language())
    return found


def command(app: typer.Typer, name: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Register a question about a plan as a command that also takes source, settings and output.

    The function is given a :class:`~tongyuan.flows.ask.plan.given.Given` and returns the answer and what
    shows it to a person; ``-o`` writes its tables, ``--json`` prints them. One that has a
    parameter ``output`` of its own writes for itself and returns nothing.
    """

    def register(run: Callable[..., Any]) -> Callable[..., Any]:
        asked_for = [p for n, p in inspect.signature(run, eval_str=True, locals=_NAMES).parameters.items()][
            1:
        ]
        writes = any(p.name == "output" for p in asked_for)

        def call(
            source: Source, discount_rate: Rate = None, base_year: Base = None, currency: Currency = None,
            price_year: PriceYear = None, output: Output = None, **more: Any,
        ) -> None:  # fmt: skip
            from tongyuan.cli.show import give_rows

            given = read_source(
                source, discount_rate=discount_rate, base_year=base_year, currency=currency,
                price_year=price_year,
            )  # fmt: skip
            if writes:
                more["output"] = output
            own = _OWN.set(own_titles(given.case.tables, preferred_language()))
            try:
                asked = run(given, **more)
                if asked is None:
                    return
                answer, shown = asked
                if not give_rows(answer.tables, **{k: v for k, v in answer.facts.items() if _single(v)}):
                    shown()
            finally:
                _OWN.reset(own)
            if output is not None:
                give(answer.tables, output)

        shared = list(inspect.signature(call, eval_str=True, locals=_NAMES).parameters.values())[:-1]
        taken = {p.name for p in asked_for}
        every = [shared[0], *asked_for, *(p for p in shared[1:] if p.name not in taken)]
        call.__signature__ = inspect.Signature(  # type: ignore[attr-defined]
            [p.replace(kind=inspect.Parameter.KEYWORD_ONLY) for p in every]
        )
        offer(app, name)(call)
        return run

    return register


Shown: TypeAlias = "tuple[Answer, Callable[[], None]]"
"""An answer and what shows it to a person."""

_NAMES = {"Given": object, "Shown": object, "Answer": object}


OWN = {
    "measure": ("measure",),
    "player": ("measure", "technology_option", "node"),
    "technology": ("technology_option",),
    "node": ("node",),
    "flow": ("flow",),
    "target": ("target",),
    "step": ("measure",),
    "member": ("target", "measure"),
    "name": ("target", "measure", "technology_option"),
}
"""Columns of answers that hold names a plan gives, and the tables that have their titles."""

_OWN: ContextVar[Mapping[str, Mapping[str, str]]] = ContextVar("own", default=MappingProxyType({}))


def own_titles(tables: Mapping[str, pl.DataFrame], language: Language) -> dict[str, dict[str, str]]:
    """Return by column the titles that the tables of a plan give to its names."""
    found: dict[str, dict[str, str]] = {column: {} for column in OWN}
    for column, names in OWN.items():
        for name in names:
            key = "technology" if name == "technology_option" else name
            titled = tables[name].select(key, f"title_{language}").iter_rows()
            found[column] |= {identity: title for identity, title in titled if title}
    return found


def _own(column: str, language: Language) -> dict[str, str]:
    """Return titles of the names in a column: those of the plan, those of who pays and who leads."""
    from tongyuan.reference.shelf import shelf

    if column == "department":
        return dict(shelf("department").select("department", f"title_{language}").iter_rows())
    if column not in ("payer", "sector"):
        return dict(_OWN.get().get(column, {}))
    words = catalogue("report.pathway").items()
    payers = {key.removeprefix("payer."): row[language] for key, row in words if key.startswith("payer.")}
    return dict(_OWN.get().get("flow", {})) | payers if column == "sector" else payers


def _single(value: object) -> bool:
    return isinstance(value, str | int | float | bool)


def give(tables: Mapping[str, pl.DataFrame], output: Path) -> None:
    """Write tables to a workbook, the first of them to a CSV file, or all to a folder as Parquet."""
    from tongyuan.ledger.write.write import write_csv, write_excel, write_parquet

    language = preferred_language()
    if output.suffix == ".xlsx":
        write_excel(tables, output, language)
    elif output.suffix == ".csv":
        name, frame = next(iter(tables.items()))
        write_csv(frame, output, name=name, language=language)
    else:
        output.mkdir(parents=True, exist_ok=True)
        write_parquet(tables, output)
    written(output)


def written(output: Path) -> None:
    """Say where the results are."""
    from tongyuan.cli.show import give_files, terminal

    give_files([output])
    terminal().print(say(ROOM, "cli_written", preferred_language(), path=output), markup=False)


def tell(key: str, **values: object) -> None:
    """Print a sentence of the room."""
    from tongyuan.cli.show import terminal

    terminal().print(say(ROOM, key, preferred_language(), **values), markup=False)


def worth(value: float, currency: str) -> str:
    """Return money as people say it: 254 亿元, 25.4 billion yuan."""
    from tongyuan.ledger.text.amount import amount

    return amount(value, currency, preferred_language())


def titles(*columns: str) -> dict[str, str]:
    """Return titles of columns that the ledger does not define."""
    return {c: say(ROOM, f"cli_column_{c}", preferred_language()) for c in columns}


def heads_of(name: str, plain: Mapping[str, str]) -> dict[str, str]:
    """Return for columns the titles that other columns of table `name` have: `plain` says which."""
    from tongyuan.ledger.table import table

    language = preferred_language()
    known = {c.name: c.title_en if language == "en" else c.title_zh for c in table(name).columns}
    return {column: known[other] for column, other in plain.items()}


def show(
    name: str, frame: pl.DataFrame, columns: tuple[str, ...] = (), titles: Mapping[str, str] | None = None
) -> None:
    """Print a table of the ledger with its titles, without columns that are empty throughout.

    Parameters
    ----------
    columns
        Columns shown; all when empty.
    titles
        Titles of columns that the ledger does not define.
    """
    import polars as pl

    from tongyuan.cli.show import print_frame, terminal
    from tongyuan.ledger.table import names, table
    from tongyuan.ledger.write.write import worded

    language = preferred_language()
    shown = worded(name, frame, language) if name in names() else frame
    words = {k.removeprefix("cli_word_"): r[language] for k, r in catalogue(ROOM).items() if "_word_" in k}
    shown = shown.with_columns(pl.col(c).replace(words) for c in WORDED if c in shown.columns)
    own = {column: _own(column, language) for column in shown.columns}
    shown = shown.with_columns(pl.col(c).cast(pl.String).replace(own[c]) for c in shown.columns if own[c])
    kept = [c for c in columns or frame.columns if shown[c].null_count() < max(shown.height, 1)]
    known = {}
    if name in names():
        known = {c.name: c.title_en if language == "en" else c.title_zh for c in table(name).columns}
    console = terminal()
    print_frame(shown.select(kept).head(ROWS), console, known | dict(titles or {}))
    if shown.height > ROWS:
        tell("cli_more", count=shown.height - ROWS)


def show_measures(used: pl.DataFrame) -> None:
    """Print the use of the measures that are used, each amount with its unit."""
    import polars as pl

    used = used.filter((pl.col("value") != 0.0).any().over("measure"))
    if used.height:
        show("plan_measure", used, ("measure", "year", "value", "unit"))


def without_dust(frame: pl.DataFrame, by: str) -> pl.DataFrame:
    """Return `frame` with values that are nothing beside the largest of their group as zero, for display."""
    import polars as pl

    largest = pl.col("value").abs().max().over(by)
    return frame.with_columns(
        pl.when(pl.col("value").abs() > 1e-7 * largest).then("value").otherwise(0.0).alias("value")
    )


def sentences(frame: pl.DataFrame) -> None:
    """Print the sentences of a table."""
    from tongyuan.cli.show import terminal

    for sentence in frame[f"sentence_{preferred_language()}"].unique(maintain_order=True):
        if sentence:
            terminal().print(f"· {sentence}", markup=False)
