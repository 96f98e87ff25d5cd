"""``tongyuan programme``: the plan as living tasks: begin, check, collect, merge, track, assess, write."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import polars as pl
import typer
from rich.console import Console

from tongyuan.cli.show import print_findings, print_frame, terminal
from tongyuan.ledger.finding import Finding, finding
from tongyuan.ledger.table import table
from tongyuan.ledger.write.write import worded, write_csv, write_excel
from tongyuan.reference.language import preferred_language, say
from tongyuan.reference.shelf import Language, identify, title

app = typer.Typer(no_args_is_help=True, help="方案任务与考核 · The plan as living tasks, and its assessment")

ROOM = "programme"
KINDS = (".xlsx", ".csv")
Folder = Annotated[Path, typer.Argument(help="方案文件夹 · Programme folder")]
Results = Annotated[
    Path | None,
    typer.Option("--results", "-r", help="工作区或结果文件夹 · Workspace or results folder of a run"),
]
Output = Annotated[
    Path | None, typer.Option("--output", "-o", help="写出 .xlsx 或 .csv · Write .xlsx or .csv")
]
Year = Annotated[
    int | None,
    typer.Option(
        "--year",
        "-y",
        min=1900,
        max=2200,
        help="年份，缺省为最近填报、观测或过去的整年 · Year; default: last reported, observed or full year",
    ),
]
LanguageOption = Annotated[str, typer.Option("--language", "-l", help="zh | en")]


def _language(text: str) -> Language:
    chosen = text or preferred_language()
    if chosen not in ("zh", "en"):
        raise typer.BadParameter("zh | en")
    return "en" if chosen == "en" else "zh"


def _report(findings: list[Finding] | tuple[Finding, ...], console: Console) -> None:
    """Print findings; exit with 1 when any is an error."""
    language = preferred_language()
    if not findings:
        console.print(say(ROOM, "clean", language))
        return
    print_findings(findings, console, language)
    if any(f.severity == "error" for f in findings):
        raise typer.Exit(1)


def _show(name: str, frame: pl.DataFrame, columns: tuple[str, ...], console: Console) -> None:
    language = preferred_language()
    titles = {c.name: c.title_en if language == "en" else c.title_zh for c in table(name).columns}
    shown = worded(name, frame.select(columns), language)
    print_frame(shown, console, {c: titles[c] for c in columns})


def _unit(kind: str, unit: str) -> str:
    """Return the title of a region or department, an article as its number."""
    return unit if kind == "article" else title(kind, unit, preferred_language())


def _year(year: int | None, folder: Path, results: Path | None = None) -> int:
    """Return the year named, else the one the plan is at, and say which that is."""
    if year is not None:
        return year
    from tongyuan.flows.tasks import year_of

    chosen = year_of(folder, results)
    terminal().print(say(ROOM, "year_taken", preferred_language(), year=chosen), markup=False)
    return chosen


def _written(paths: list[Path], console: Console) -> None:
    for path in paths:
        console.print(say(ROOM, "written", preferred_language(), path=path), markup=False)


@app.command()
def init(
    folder: Folder,
    region: Annotated[str, typer.Option(help="地区名称或代码 · Region, title or code")] = "100000",
    plan: Annotated[str, typer.Option(help="方案代码 · Id of the plan")] = "",
    targets: Annotated[str, typer.Option(help="目标集，如 shandong · Set of targets")] = "",
    start: Annotated[
        int | None, typer.Option(min=1900, max=2200, help="缺省开始年份 · Start where none is given")
    ] = None,
    deadline: Annotated[
        int | None, typer.Option(min=1900, max=2200, help="缺省时限 · Deadline where none is given")
    ] = None,
    parent: Annotated[
        Path | None, typer.Option(help="上级方案的文件夹 · Programme folder of the plan above")
    ] = None,
    own: Annotated[bool, typer.Option("--own", help="自编地区名 · A region of one's own name")] = False,
    results: Results = None,
    language: LanguageOption = "",
) -> None:
    """从国家或上级方案开始，写出可编辑的方案 · Begin with the national plan or the one above."""
    from tongyuan.flows import deploy
    from tongyuan.flows.folder import results_of

    path = deploy.init(
        folder,
        identify("region", region) or region,
        plan=plan,
        targets=targets,
        start=start,
        deadline=deadline,
        parent=parent,
        own=own,
        language=_language(language),
    )
    if results is not None:
        deploy.add_optimum(folder, results_of(results), language=_language(language))
    _written([path], terminal())
    if not deploy.has_measured_targets(folder):
        print_findings([finding(ROOM, "no_own_targets")], terminal(), preferred_language())


@app.command()
def check(folder: Folder) -> None:
    """检查方案，并与上级方案对照 · Check the plan, by itself and against its parent."""
    from tongyuan.flows import deploy

    _report(deploy.check(folder), terminal())


@app.command()
def status(folder: Folder, results: Results = None, output: Output = None) -> None:
    """每个目标的观测、状态与达标概率 · Observation, state and probability of every target."""
    from tongyuan.flows import deploy

    console = terminal()
    if output is not None and output.suffix not in KINDS:
        raise typer.BadParameter(".xlsx | .csv", param_hint="--output")
    tables, findings = deploy.track(folder, results)
    frame = tables["target_status"].filter(pl.col("comparator") != "qualitative")
    title = "title_en" if preferred_language() == "en" else "title_zh"
    columns = (title, "year", "value", "unit", "observed_year", "observed", "state", "probability")
    _show("target_status", frame, columns, console)
    if output is not None:
        if output.suffix == ".csv":
            write_csv(tables["target_status"], output, name="target_status", language=preferred_language())
        else:
            write_excel(tables, output, preferred_language())
        _written([output], console)
    if findings:
        print_findings(findings, console, preferred_language())


@app.command()
def collect(
    folder: Folder,
    year: Year = None,
    department: Annotated[
        list[str] | None, typer.Option(help="只为这些部门 · Only these departments")
    ] = None,
    language: LanguageOption = "",
) -> None:
    """为每个部门写出一个受保护的填报表 · Write one protected workbook for every department."""
    from tongyuan.flows import deploy

    chosen = _year(year, folder)
    _written(deploy.collect(folder, chosen, departments=department, language=_language(language)), terminal())


@app.command()
def merge(
    folder: Folder,
    files: Annotated[
        list[Path], typer.Argument(help="填好的表，或其文件夹 · Filled workbooks, or their folder")
    ],
    evidence: Annotated[Path | None, typer.Option(help="佐证文件夹 · Folder of evidence files")] = None,
) -> None:
    """合并各部门填报，逐格说明冲突和错误 · Merge what departments filled in; name conflicts and bad cells."""
    from tongyuan.flows.folder import merge_into

    console = terminal()
    paths: list[Path] = []
    for file in files:
        inside = (p for p in sorted(file.glob("*.xlsx")) if not p.name.startswith("~$"))
        paths += list(inside) if file.is_dir() else [file]
    result = merge_into(folder, paths, evidence=evidence)
    rows = sum(frame.height for frame in (*result.tables.values(), *result.held.values()))
    problems = sum(f.room == "ledger" and f.severity == "error" for f in result.findings)
    counts = {"files": len(paths), "rows": rows, "problems": problems}
    conflicts = sum(f.check == "merge_conflict" for f in result.findings)
    console.print(say(ROOM, "merged", preferred_language(), conflicts=conflicts, **counts))
    _report(result.findings, console)


@app.command()
def assess(folder: Folder, year: Year = None, results: Results = None) -> None:
    """按规则考核，留存每一版 · Assess by the rules; every edition is kept."""
    from tongyuan.flows import deploy
    from tongyuan.programme.assessment import latest

    now = latest(deploy.assess(folder, _year(year, folder, results), results=results).assessment)
    known = now.filter((pl.col("coverage") > 0) | pl.col("vetoed"))
    now = known.sort("unit_kind", "score", descending=[False, True], nulls_last=True)
    titles = [_unit(kind, unit) for kind, unit in now.select("unit_kind", "unit").iter_rows()]
    now = now.with_columns(pl.Series("unit", titles, dtype=pl.String))
    columns = ("unit_kind", "unit", "points", "maximum", "score", "grade", "coverage")
    _show("assessment", now, columns, terminal())
    _written([folder / "assessment" / "assessment.xlsx"], terminal())


@app.command()
def write(folder: Folder, year: Year = None, results: Results = None, language: LanguageOption = "") -> None:
    """写出实施方案、进展通报、考核报告（Word）· Write draft plan, bulletin and assessment report."""
    from tongyuan.flows import deploy

    chosen, spoken = _year(year, folder, results), _language(language)
    _written(deploy.write_documents(folder, chosen, results=results, language=spoken), terminal())
