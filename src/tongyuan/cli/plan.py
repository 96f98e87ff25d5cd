"""``tongyuan plan``: the least-cost way to meet every target at once, and everything it explains."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import polars as pl
import typer

from tongyuan.cli.show import print_findings, print_frame, terminal
from tongyuan.ledger.finding import Finding, finding, require
from tongyuan.ledger.read import read
from tongyuan.ledger.settings import SETTINGS
from tongyuan.ledger.write import write_csv, write_excel, write_parquet
from tongyuan.pathway.case import INPUT_TABLES, Case, Settings
from tongyuan.reference.language import preferred_language, say

app = typer.Typer(no_args_is_help=True, help="一体谋划 · Least-cost plans that meet all targets together")

ROOM = "pathway"
NEEDED = ("node", "period", "flow", "technology_option", "technology_flow", "demand")
Source = Annotated[
    Path, typer.Argument(help="文件夹或工作簿（规划各表） · Folder or workbook of plan tables")
]
Rate = Annotated[
    float, typer.Option("--discount-rate", "-r", help="折现率，如 0.05 · Discount rate, such as 0.05")
]
PriceYear = Annotated[int | None, typer.Option(help="成本换算到的价格年 · Price year of the results")]
Currency = Annotated[str, typer.Option(help="币种 · Currency of the results")]
Base = Annotated[int | None, typer.Option("--base-year", help="基准年 · Base year of the stock")]
Output = Annotated[
    Path | None,
    typer.Option("--output", "-o", help="写出 .xlsx、.csv 或文件夹 · Write .xlsx, .csv or a folder"),
]
Quantity = Annotated[str, typer.Option("--quantity", "-q", help="物质或组合量 · Species or group")]


def _files(path: Path) -> list[Path]:
    if not path.exists():
        raise FileNotFoundError(2, "No such file or directory", str(path))
    if path.is_file():
        return [path]
    folder = path / "tables" if (path / "tables").is_dir() else path
    kinds = {".xlsx", ".csv", ".parquet"}
    return sorted(
        p for p in folder.iterdir() if p.suffix.lower() in kinds and not p.name.startswith(("~$", "."))
    )


def _case(path: Path, settings: Settings) -> Case:
    """Read the tables at `path`, show warnings, and return the checked case."""
    from tongyuan.pathway.case import draft
    from tongyuan.pathway.check import case, check

    if (path / SETTINGS).is_file():
        return _of_workspace(path, settings)
    reading = read(*_files(path))
    tables = {name: frame for name, frame in reading.tables.items() if name in INPUT_TABLES}
    missing = [name for name in NEEDED if name not in tables]
    # the unit of a coefficient is that of a rate, not of the species itself
    findings: list[Finding] = [
        f
        for f in reading.findings
        if not (f.check == "wrong_dimension" and "/" in str(f.values.get("value", "")))
    ]
    if missing:
        findings.append(finding(ROOM, "cli_no_plan_tables", path=path.name, missing=", ".join(missing)))
    require(findings)
    findings += check(draft(tables, settings))
    require(findings)
    worth_saying = [f for f in findings if f.severity == "warning"]
    if worth_saying:
        print_findings(worth_saying, terminal(stderr=True), preferred_language())
    return case(tables, settings)


def _of_workspace(path: Path, settings: Settings) -> Case:
    """Return the case of a workspace with a folder ``plan/``, on the emissions of its inventory."""
    from tongyuan.flows.account import account
    from tongyuan.flows.plan import has_plan, prepare
    from tongyuan.ledger.workspace import load

    workspace = load(path)
    if not has_plan(workspace):
        require([finding(ROOM, "cli_no_plan_tables", path=path.name, missing="plan/plan.toml")])
    given = settings.model_dump(exclude_defaults=True, exclude_none=True)
    return prepare(workspace, account(workspace).tables, **given)[0]


def _settings(rate: float, base: int | None, currency: str, price_year: int | None) -> Settings:
    return Settings(discount_rate=rate, base_year=base, currency=currency, price_year=price_year)


def _give(tables: dict[str, pl.DataFrame], output: Path | None) -> None:
    language = preferred_language()
    if output is None:
        return
    if output.suffix == ".xlsx":
        write_excel(tables, output, language)
    elif output.suffix == ".csv":
        name, frame = next(iter(tables.items()))
        write_csv(frame, output, name=name, language=language)
    else:
        output.mkdir(parents=True, exist_ok=True)
        write_parquet(tables, output)
    terminal().print(say(ROOM, "cli_written", language, path=output))


def _sentences(frame: pl.DataFrame) -> None:
    language = preferred_language()
    for sentence in frame[f"sentence_{language}"].unique(maintain_order=True):
        if sentence:
            terminal().print(f"· {sentence}")


@app.command("check")
def check_command(
    source: Source, rate: Rate, base: Base = None, currency: Currency = "CNY", price_year: PriceYear = None
) -> None:
    """检查规划各表 · Check the tables of a plan."""
    case = _case(source, _settings(rate, base, currency, price_year))
    used = sum(not frame.is_empty() for frame in case.tables.values())
    terminal().print(
        say(ROOM, "cli_checked", preferred_language(), tables=used, targets=case["target"].height)
    )


@app.command("least-cost")
def least_cost_command(
    source: Source, rate: Rate, base: Base = None, currency: Currency = "CNY", price_year: PriceYear = None,
    output: Output = None,
) -> None:  # fmt: skip
    """同时达到全部目标的最小成本方案 · The least-cost plan that meets every target."""
    from tongyuan.pathway.least_cost import least_cost

    language = preferred_language()
    plan = least_cost(_case(source, _settings(rate, base, currency, price_year)), scenario="least_cost")
    console = terminal()
    console.print(say(ROOM, "cli_cost", language, cost=f"{plan.cost:,.6g}", currency=currency))
    if plan.gap > 0.0:
        console.print(say(ROOM, "cli_gap", language, gap=f"{100 * plan.gap:.3g}"))
    paid = (
        plan["plan_cost"]
        .group_by("year", "payer", "item")
        .agg(pl.col("value").sum())
        .sort("year", "payer", "item")
    )
    print_frame(paid.filter(pl.col("value").abs() > 0.0), console)
    if not plan["plan_measure"].is_empty():
        print_frame(plan["plan_measure"].select("measure", "year", "value"), console)
    _sentences(plan["shadow_price"])
    _give(dict(plan.tables), output)


@app.command("dividend")
def dividend_command(
    source: Source, rate: Rate, base: Base = None, currency: Currency = "CNY", price_year: PriceYear = None,
    output: Output = None,
) -> None:  # fmt: skip
    """协同红利：一体治理比分头治理节省多少 · What governing both as one saves."""
    from tongyuan.pathway.dividend import dividend

    found = dividend(_case(source, _settings(rate, base, currency, price_year)))
    print_frame(found.dividend.select("item", "status", "cost", "relative"), terminal())
    print_frame(found.cross_effect.filter(pl.col("verdict") != "neutral"), terminal())
    _sentences(found.dividend)
    _give({"dividend": found.dividend, "cross_effect": found.cross_effect}, output)


@app.command("diagnose")
def diagnose_command(
    source: Source, rate: Rate, base: Base = None, currency: Currency = "CNY", price_year: PriceYear = None,
    output: Output = None,
) -> None:  # fmt: skip
    """哪些目标互相冲突，怎样放宽 · Which targets conflict, and the cheapest way out."""
    from tongyuan.pathway.diagnose import diagnose

    rows = diagnose(_case(source, _settings(rate, base, currency, price_year)))
    if rows.is_empty():
        terminal().print(say(ROOM, "cli_feasible", preferred_language()))
        return
    print_frame(rows.select("conflict", "role", "member", "year", "bound", "relaxed", "cost"), terminal())
    _sentences(rows)
    _give({"conflict": rows}, output)


@app.command("front")
def front_command(
    source: Source, rate: Rate, quantity: Quantity = "CO2e", points: Annotated[int, typer.Option(min=2)] = 10,
    base: Base = None, currency: Currency = "CNY", price_year: PriceYear = None, output: Output = None,
) -> None:  # fmt: skip
    """成本与排放的前沿 · The front of cost against a quantity."""
    from tongyuan.pathway.sweep import pareto

    rows = pareto(
        _case(source, _settings(rate, base, currency, price_year)), [("emission", quantity)], points
    )
    print_frame(rows.pivot("objective", index="point", values="value"), terminal())
    _give({"front": rows}, output)


@app.command("macc")
def macc_command(
    source: Source, rate: Rate, quantity: Quantity = "CO2e", base: Base = None, currency: Currency = "CNY",
    price_year: PriceYear = None, output: Output = None,
) -> None:  # fmt: skip
    """边际减排成本曲线（专家法与系统法） · Marginal abatement cost, expert and system."""
    from tongyuan.pathway.coalition import macc_expert, macc_system
    from tongyuan.pathway.least_cost import least_cost

    case = _case(source, _settings(rate, base, currency, price_year))
    rows = pl.concat(
        [
            macc_expert(case, least_cost(case), ("emission", quantity)),
            macc_system(case, ("emission", quantity)),
        ]
    )
    print_frame(rows, terminal())
    _give({"macc": rows}, output)


@app.command("alternatives")
def alternatives_command(
    source: Source, rate: Rate, slack: Annotated[float, typer.Option(min=0.0,
    help="成本放宽 · Slack of cost")] = 0.02,
    base: Base = None, currency: Currency = "CNY", price_year: PriceYear = None, output: Output = None,
) -> None:  # fmt: skip
    """哪些措施非做不可，哪些可以选择 · What is a must, what is a choice."""
    from tongyuan.pathway.sweep import alternatives

    rows = alternatives(_case(source, _settings(rate, base, currency, price_year)), slack)
    print_frame(rows, terminal())
    _give({"alternative": rows}, output)


@app.command("export")
def export_command(
    source: Source, rate: Rate, output: Annotated[Path, typer.Option("--output", "-o", help=".mps / .lp")],
    base: Base = None, currency: Currency = "CNY", price_year: PriceYear = None,
) -> None:  # fmt: skip
    """写出 MPS 或 LP 文件 · Write the problem for another solver."""
    from tongyuan.pathway.assemble import assemble
    from tongyuan.pathway.solve import write

    write(assemble(_case(source, _settings(rate, base, currency, price_year))), output)
    terminal().print(say(ROOM, "cli_written", preferred_language(), path=output))


@app.command("library")
def library_command(
    kind: Annotated[str, typer.Argument(help="technology | control | target")], output: Output = None
) -> None:
    """内置技术库、治理库、方案目标 · The cited libraries and the plan's targets."""
    from tongyuan.pathway.library import controls, targets, technologies

    rows = {"technology": technologies, "control": controls, "target": targets}
    if kind not in rows:
        raise typer.BadParameter(", ".join(rows))
    frame = rows[kind]()
    if output is None:
        print_frame(frame.select(frame.columns[:10]), terminal())
    else:
        frame.write_csv(output)
        terminal().print(say(ROOM, "cli_written", preferred_language(), path=output))
