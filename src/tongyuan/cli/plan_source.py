"""What every command of ``tongyuan plan`` takes and gives, said once: plan tables, settings, an output."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Annotated, Any

import polars as pl
import typer

from tongyuan.cli.show import print_findings, print_frame, terminal
from tongyuan.ledger.finding import finding, require
from tongyuan.ledger.settings import SETTINGS as WORKSPACE
from tongyuan.ledger.table import names, table
from tongyuan.ledger.write.write import worded, write_csv, write_excel, write_parquet
from tongyuan.pathway.case.case import Case
from tongyuan.reference.language import catalogue, preferred_language, say

ROOM = "pathway"
NEEDED = ("node", "period", "flow", "technology_option", "technology_flow", "demand")
ROWS = 60
"""Rows of a table shown on the terminal."""

Tables = Mapping[str, pl.DataFrame]
Source = Annotated[
    Path,
    typer.Argument(
        help="工作区，或规划各表所在的文件夹、工作簿 · Workspace, or folder or workbook of plan tables"
    ),
]
Rate = Annotated[
    float | None,
    typer.Option(
        "--discount-rate", "-r", min=0.0, max=0.999,
        help="折现率，如 0.05；不写用设置中的 · Discount rate, such as 0.05; else that of the settings",
    ),
]  # fmt: skip
Base = Annotated[int | None, typer.Option("--base-year", help="基准年 · Base year of the stock")]
Currency = Annotated[str | None, typer.Option("--currency", help="币种 · Currency of the results")]
PriceYear = Annotated[
    int | None, typer.Option("--price-year", help="成本换算到的价格年 · Price year of the results")
]
Output = Annotated[
    Path | None,
    typer.Option("--output", "-o", help="写出 .xlsx、.csv 或文件夹 · Write .xlsx, .csv or a folder"),
]

Quantity = Annotated[
    str,
    typer.Option(
        "--quantity", "-q", help="物质、组合量或 类:名称 · Species, group or kind:name, as activity:wind"
    ),
]
Quantities = Annotated[
    list[str] | None,
    typer.Option(
        "--quantity", "-q",
        help="物质、组合量或 类:名称，可重复 · Species, group or kind:name, may be repeated",
    ),
]  # fmt: skip
CO2E, COST = "CO2e", ("cost", "total")
AMBITION = ("pollution", "carbon")
"""Families of targets that are asked about; those of other families stay as they are."""

WORDED = ("item", "status", "scenario", "player", "factor", "alone")
"""Columns whose ids are shown as words where the room has them."""


@dataclass(frozen=True)
class Given:
    """A checked case, and the inventory it rests on when it comes from a workspace.

    `evaluate` accounts an activity table through the inventory. `draws` returns draws of the coefficients
    and the share of each that has limits, from a number of draws and a seed.
    """

    case: Case
    evaluate: Callable[[pl.DataFrame], pl.DataFrame] | None = None
    draws: Callable[[int, int], tuple[Any, Any]] | None = None


def read_source(source: Path, **settings: Any) -> Given:
    """Read the tables at `source`, show warnings, and return the checked case.

    Parameters
    ----------
    settings
        Settings that stand in for those of the file; None leaves them.

    Raises
    ------
    FindingError
        With every finding at once.
    """
    from tongyuan.flows.plan_read import SETTINGS, read_plan
    from tongyuan.pathway.case.case import INPUT_TABLES, draft
    from tongyuan.pathway.case.check import case, check

    if not source.exists():
        raise FileNotFoundError(2, "No such file or directory", str(source))
    changed = {name: value for name, value in settings.items() if value is not None}
    if (source / WORKSPACE).is_file():
        return _of_workspace(source, changed)
    inside = source if source.is_dir() else source.parent
    if "discount_rate" not in changed and not (inside / SETTINGS).is_file():
        raise typer.BadParameter(say(ROOM, "cli_no_rate", preferred_language()), param_hint="-r")
    found, chosen = read_plan(source, **changed)
    tables = {name: frame for name, frame in found.items() if name in INPUT_TABLES}
    missing = ", ".join(name for name in NEEDED if name not in tables)
    if missing:
        require([finding(ROOM, "cli_no_plan_tables", path=source.name, missing=missing)])
    findings = check(draft(tables, chosen))
    require(findings)
    worth_saying = [f for f in findings if f.severity == "warning"]
    if worth_saying:
        print_findings(worth_saying, terminal(stderr=True), preferred_language())
    return Given(case(tables, chosen))


def _of_workspace(path: Path, changed: Mapping[str, Any]) -> Given:
    from tongyuan.flows.account import account
    from tongyuan.flows.certainty import factor_draws
    from tongyuan.flows.plan import PLAN_TABLES, prepare
    from tongyuan.flows.source import open_workspace

    workspace = open_workspace(path)
    if not PLAN_TABLES & set(workspace.tables):
        require([finding(ROOM, "cli_no_plan_tables", path=path.name, missing="plan/*.csv")])
    case, inventory, _ = prepare(workspace, account(workspace).tables, **changed)
    return Given(case, inventory.evaluate, partial(factor_draws, case, inventory))


def command(app: typer.Typer, name: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Register a function of a :class:`Given` as a command that also takes source, settings and output.

    The function shows what it found and returns the tables that ``-o`` writes. One that has a parameter
    ``output`` of its own writes for itself.
    """

    def register(run: Callable[..., Any]) -> Callable[..., Any]:
        own = list(inspect.signature(run, eval_str=True).parameters.values())[1:]
        writes = any(p.name == "output" for p in own)

        def call(
            source: Source, discount_rate: Rate = None, base_year: Base = None, currency: Currency = None,
            price_year: PriceYear = None, output: Output = None, **more: Any,
        ) -> None:  # fmt: skip
            given = read_source(
                source, discount_rate=discount_rate, base_year=base_year, currency=currency,
                price_year=price_year,
            )  # fmt: skip
            if writes:
                more["output"] = output
            tables = run(given, **more)
            if output is not None and not writes:
                give(tables, output)

        shared = list(inspect.signature(call, eval_str=True).parameters.values())[:-1]
        taken = {p.name for p in own}
        every = [shared[0], *own, *(p for p in shared[1:] if p.name not in taken)]
        call.__signature__ = inspect.Signature(  # type: ignore[attr-defined]
            [p.replace(kind=inspect.Parameter.KEYWORD_ONLY) for p in every]
        )
        call.__doc__ = run.__doc__
        app.command(name)(call)
        return run

    return register


def give(tables: Tables, output: Path) -> None:
    """Write tables to a workbook, the first of them to a CSV file, or all to a folder as Parquet."""
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
    terminal().print(say(ROOM, "cli_written", preferred_language(), path=output), markup=False)


def tell(key: str, **values: object) -> None:
    """Print a sentence of the room."""
    terminal().print(say(ROOM, key, preferred_language(), **values), markup=False)


def titles(*columns: str) -> dict[str, str]:
    """Return titles of columns that the ledger does not define."""
    return {c: say(ROOM, f"cli_column_{c}", preferred_language()) for c in columns}


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
    language = preferred_language()
    shown = worded(name, frame, language) if name in names() else frame
    words = {k.removeprefix("cli_word_"): r[language] for k, r in catalogue(ROOM).items() if "_word_" in k}
    shown = shown.with_columns(pl.col(c).replace(words) for c in WORDED if c in shown.columns)
    kept = [c for c in columns or frame.columns if shown[c].null_count() < max(shown.height, 1)]
    known = {}
    if name in names():
        known = {c.name: c.title_en if language == "en" else c.title_zh for c in table(name).columns}
    console = terminal()
    print_frame(shown.select(kept).head(ROWS), console, known | dict(titles or {}))
    if shown.height > ROWS:
        tell("cli_more", count=shown.height - ROWS)


def show_measures(used: pl.DataFrame) -> None:
    """Print the use of measures, each amount with its unit."""
    if used.height:
        show("plan_measure", used, ("measure", "year", "value", "unit"))


def without_dust(frame: pl.DataFrame, by: str) -> pl.DataFrame:
    """Return `frame` with values that are nothing beside the largest of their group as zero, for display."""
    largest = pl.col("value").abs().max().over(by)
    return frame.with_columns(
        pl.when(pl.col("value").abs() > 1e-7 * largest).then("value").otherwise(0.0).alias("value")
    )


def sentences(frame: pl.DataFrame) -> None:
    """Print the sentences of a table."""
    for sentence in frame[f"sentence_{preferred_language()}"].unique(maintain_order=True):
        if sentence:
            terminal().print(f"· {sentence}", markup=False)
