"""``tongyuan run``, ``demo``, ``explain``, ``diff``, ``methods``, ``doctor``: results and their reasons."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import polars as pl
import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from tongyuan.cli.show import print_findings, print_frame, terminal
from tongyuan.flows.run import flows, read_results, stages
from tongyuan.flows.run import run as run_workspace
from tongyuan.inventory.change import EFFECTS
from tongyuan.inventory.change import diff as diff_emission
from tongyuan.inventory.change import summary as sum_changes
from tongyuan.inventory.methods.registry import methods as method_table
from tongyuan.ledger.example import copy_example, examples
from tongyuan.ledger.lineage import explain as explain_total
from tongyuan.ledger.lineage import explain_text
from tongyuan.ledger.run_set import latest
from tongyuan.ledger.settings import SETTINGS
from tongyuan.reference.language import preferred_language, say
from tongyuan.reference.shelf import identify, shelf

USAGE = 2


def _run(folder: Path, console: Console, only: Sequence[str] = ()) -> None:
    language = preferred_language()
    titles = stages(only)
    order = list(titles)
    bar = Progress(
        SpinnerColumn(), TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn(), console=console
    )
    with bar:
        task = bar.add_task("", total=len(order))

        def stage(name: str) -> None:
            bar.update(task, description=getattr(titles[name], language), completed=order.index(name))

        done = run_workspace(folder, stage, only)
        bar.update(task, completed=len(order))
    serious = [f for f in done.findings if f.severity != "notice"]
    if serious:
        print_findings(serious, console, language)
    told = [("results", done.folder), ("done", done.reports[language])]
    if done.documents:
        told.insert(1, ("documents", done.documents[0].parent))
    for key, value in told:
        console.print(say("cli", key, language, folder=value, report=value), markup=False, soft_wrap=True)


def run(
    folder: Annotated[Path, typer.Argument(help="工作区 · Workspace")] = Path("."),
    only: Annotated[
        list[str] | None,
        typer.Option("--only", help=f"{' | '.join(flows())}，可重复 · may be repeated"),
    ] = None,
) -> None:
    """检查、核算、谋划、部署、评估，写出报告和公文 · Check, account, plan, deploy, assess, and write."""
    unknown = sorted(set(only or ()) - set(flows()))
    if unknown:
        words = {"unknown": ", ".join(unknown), "known": ", ".join(flows())}
        terminal().print(say("cli", "unknown_flow", preferred_language(), **words), markup=False)
        raise typer.Exit(USAGE)
    if not (folder / SETTINGS).is_file():
        terminal().print(say("cli", "not_a_workspace", preferred_language(), path=folder), markup=False)
        raise typer.Exit(USAGE)
    _run(folder, terminal(), tuple(only or ()))


def demo(
    folder: Annotated[Path, typer.Argument(help="示例放在哪里 · Where to put the example")] = Path("demo"),
    world: Annotated[
        str,
        typer.Option(
            help="province 山东省 · cities 十六市 · park 钢铁园区 · minimal 教学 "
            "(Shandong, its 16 cities, a steel park, a small teaching example)"
        ),
    ] = "province",
) -> None:
    """把内置示例复制出来并核算 · Copy an embedded example and run it."""
    known = examples()
    if world not in known:
        words = {"world": world, "known": ", ".join(known)}
        terminal().print(say("cli", "unknown_world", preferred_language(), **words), markup=False)
        raise typer.Exit(USAGE)
    copy_example(world, folder)
    _run(folder, terminal())


def explain(
    folder: Annotated[Path, typer.Argument(help="工作区或结果文件夹 · Workspace or folder of results")],
    species: Annotated[str, typer.Argument(help="物质，如 SO2、CO2 · Species")],
    year: Annotated[int | None, typer.Option(help="年份 · Year")] = None,
    region: Annotated[str | None, typer.Option(help="地区 · Region")] = None,
    process: Annotated[str | None, typer.Option(help="工艺过程 · Process")] = None,
    top: Annotated[int, typer.Option(min=1, help="逐行列出几行 · Rows shown one by one")] = 10,
) -> None:
    """从总量追溯到因子记录和工作簿单元格 · Walk from a total back to factor records and workbook cells."""
    language = preferred_language()
    console = terminal()
    tables, letters = _results(folder, console)
    if identify("species", species) is None:
        held = ", ".join(sorted(tables["emission"]["species"].unique()))
        console.print(say("cli", "unknown_species", language, text=species, known=held), markup=False)
        raise typer.Exit(USAGE)
    chain = explain_total(tables, species, region, year, process, top, letters=letters)
    if chain.is_empty():
        console.print(say("cli", "nothing_to_explain", language), markup=False)
        raise typer.Exit(1)
    console.print(explain_text(chain, language), markup=False, soft_wrap=True, highlight=False)


def diff(
    before: Annotated[Path, typer.Argument(help="前一次结果 · Results before")],
    after: Annotated[Path, typer.Argument(help="后一次结果 · Results after")],
    species: Annotated[str | None, typer.Option(help="物质 · Species")] = None,
    top: Annotated[int, typer.Option(min=1, help="列出几行 · Rows shown")] = 20,
) -> None:
    """数字为什么变了：活动、因子、方法、治理 · Why a number changed: activity, factor, method, control."""
    console = terminal()
    old, _ = _results(before, console)
    new, _ = _results(after, console)
    changes = diff_emission(old["emission"], new["emission"], old.get("activity"), new.get("activity"))
    if species is not None:
        changes = changes.filter(pl.col("species") == (identify("species", species) or species))
    summed = sum_changes(changes, by=("year", "species", "unit")).filter(pl.col("change").abs() > 0)
    if summed.is_empty():
        console.print(say("cli", "no_change", preferred_language()), markup=False)
        return
    language = preferred_language()
    names = {c: say("cli", f"change_{c}", language) for c in ("before", "after", "change", *EFFECTS)}
    names |= {c: say("cli", f"column_{c}", language) for c in ("year", "species", "unit")}
    ordered = summed.sort(pl.col("change").abs() / pl.col("before").abs().clip(1e-12), descending=True)
    print_frame(ordered.head(top), console, names)


def methods(
    text: Annotated[str, typer.Argument(help="查找 · Search")] = "",
) -> None:
    """列出核算方法及其来源 · List the accounting methods with their sources."""
    language = preferred_language()
    shown = method_table().filter(
        pl.any_horizontal(pl.col(pl.String).str.to_lowercase().str.contains(text.lower(), literal=True))
    )
    names = {c: say("cli", f"column_{c}", language) for c in ("name", "source", "reproduced_against")}
    names[f"title_{language}"] = say("cli", "column_title", language)
    print_frame(shown.select("name", f"title_{language}", "source", "reproduced_against"), terminal(), names)


def doctor() -> None:
    """检查这台电脑：字体、可选组件 · Look at this computer: fonts and optional parts."""
    from importlib.util import find_spec

    from tongyuan.report.figure import family

    language = preferred_language()
    console = terminal()
    rows = [
        ("doctor_font", family()),
        ("doctor_spark", "pyspark" if find_spec("pyspark") else ""),
        ("doctor_species", str(shelf("species").height)),
    ]
    for key, found in rows:
        state = found or say("cli", f"{key}_missing", language)
        console.print(f"{say('cli', key, language)}: {state}", markup=False)


def _results(folder: Path, console: Console) -> tuple[dict[str, pl.DataFrame], dict[str, dict[str, str]]]:
    inside = latest(folder)
    if inside is None:
        console.print(say("cli", "no_results", preferred_language(), path=folder), markup=False)
        raise typer.Exit(USAGE)
    tables, record = read_results(inside)
    letters = record.get("letters")
    return tables, letters if isinstance(letters, dict) else {}


def register(app: typer.Typer) -> None:
    """Add the commands of this module to `app`."""
    for command in (run, demo, explain, diff, methods, doctor):
        app.command()(command)
