"""``tongyuan synergy``: scores, co-control coordinates, decoupling, decomposition, index systems."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import polars as pl
import typer

from tongyuan.cli.show import print_findings, print_frame, terminal
from tongyuan.ledger.finding import Finding, FindingError, finding, require
from tongyuan.ledger.settings import AccountSettings
from tongyuan.ledger.write import worded, write_csv, write_excel
from tongyuan.reference.language import preferred_language, say
from tongyuan.reference.shelf import Language

app = typer.Typer(
    no_args_is_help=True, help="协同度评价 · How synergistic pollution and carbon reduction are"
)

ROOM = "synergy"
Source = Annotated[
    Path, typer.Argument(help="工作区、结果文件夹或 CSV/Excel/Parquet · Workspace, results folder or table")
]
Output = Annotated[
    Path | None,
    typer.Option(
        "--output",
        "-o",
        help="写出 .xlsx、.csv，或论文用图 .svg、.pdf、.png · Write .xlsx, .csv or a figure .svg, .pdf, .png",
    ),
]
Base = Annotated[str, typer.Option(help="基准年：previous、first 或年份 · Base: previous, first or a year")]
Pollutants = Annotated[str, typer.Option(help="污染物，逗号分隔 · Pollutants, separated by commas")]
Driver = Annotated[str, typer.Option(help="驱动因素的指标或列 · Indicator or column of the driver")]
ROWS = 40
FIGURES = (".svg", ".pdf", ".png")


def _sheet(path: Path) -> pl.DataFrame:
    """Return the first table of a file, its first row as header, numbers as numbers."""
    from tongyuan.ledger.sheet import sheets

    found, findings = sheets(path)
    require(findings)
    filled = [s for s in found if not s.hidden and s.grid.height > 1]
    if not filled:
        raise FindingError([finding(ROOM, "cli_no_table", path=path, wanted="CSV, xlsx, parquet")])
    grid = filled[0].grid.select(filled[0].columns)
    head = grid.row(0)
    body = grid.slice(1).select(
        pl.col(letter).str.strip_chars().alias(str(title).strip())
        for letter, title in zip(grid.columns, head, strict=True)
        if title is not None and str(title).strip()
    )
    columns = []
    for column in body.get_columns():
        empty = column.replace("", None)
        number = empty.str.replace_all(",", "").cast(pl.Float64, strict=False)
        columns.append(number if number.null_count() == empty.null_count() else column)
    return pl.DataFrame(columns)


def _tables(path: Path) -> tuple[dict[str, pl.DataFrame], AccountSettings]:
    """Return the tables of a results folder with those of its workspace, and how that is accounted."""
    from tongyuan.ledger.run_set import tables_of

    tables = tables_of(path)
    around = (path, *path.resolve().parents[:2])
    root = next((place for place in around if (place / "tongyuan.toml").is_file()), None)
    chosen = AccountSettings()
    if root is not None:
        from tongyuan.ledger.workspace import load

        workspace = load(root)
        chosen = workspace.settings.account
        own = ("observation", "published_total")
        tables = {k: v for k, v in workspace.tables.items() if k in own} | tables
    if "emission" not in tables:
        raise FindingError([finding(ROOM, "cli_no_table", path=path, wanted="emission")])
    return tables, chosen


def _compared(path: Path) -> tuple[dict[str, pl.DataFrame], tuple[Finding, ...]]:
    """Return the tables of a folder, emissions like for like, and what that leaves out."""
    from tongyuan.flows.score import compared

    tables, _ = _tables(path)
    emission, told = compared(tables["emission"])
    return tables | {"emission": emission}, tuple(told)


def _base(text: str) -> str | int:
    return int(text) if text.isdigit() else text


def _panel_base(text: str) -> Literal["previous", "first"]:
    return "first" if text == "first" else "previous"


def _show(
    tables: dict[str, pl.DataFrame], main: str, findings: tuple[Finding, ...], output: Path | None
) -> None:
    from tongyuan.ledger.table import table

    language = preferred_language()
    console = terminal()
    frame = tables[main]
    titles = {c.name: c.title_en if language == "en" else c.title_zh for c in table(main).columns}
    shown = worded(main, frame.head(ROWS), language)
    print_frame(shown.select(s.name for s in shown if s.null_count() < shown.height), console, titles)
    if frame.height > ROWS:
        console.print(f"… {frame.height - ROWS}")
    if findings:
        print_findings(findings, console, language)
    if output is not None:
        if output.suffix.lower() in FIGURES:
            _draw(tables, main, output, language)
        elif output.suffix == ".csv":
            write_csv(frame, output, name=main, language=language)
        else:
            write_excel(tables, output, language)
        console.print(say(ROOM, "cli_written", language, path=output), markup=False)


def _draw(tables: dict[str, pl.DataFrame], main: str, output: Path, language: Language) -> None:
    """Write the figure of a command: rank bands or scores, coordinates, waterfalls."""
    from tongyuan.report.publication import save
    from tongyuan.report.sections.synergy import figure_blocks

    blocks = figure_blocks(tables, main, language)
    if not blocks:
        raise FindingError([finding(ROOM, "cli_no_figure", path=output)])
    save(blocks, output)


@app.command()
def score(
    source: Source,
    index: Annotated[str, typer.Option(help="指标体系名或 TOML 文件 · Index name or TOML file")] = "city",
    base: Base = "",
    weight: Annotated[str, typer.Option(help="given、equal、entropy、critic")] = "",
    normalise: Annotated[str, typer.Option(help="bounds、min_max …")] = "",
    aggregate: Annotated[str, typer.Option(help="weighted_sum、topsis_fixed …")] = "",
    reweight: Annotated[
        bool, typer.Option(help="缺数据时把权重分给其余指标 · Share weights of missing ones")
    ] = False,
    waive: Annotated[list[str] | None, typer.Option(help="按名称豁免检查 · Waive a check by name")] = None,
    draws: Annotated[int, typer.Option(min=0, help="不确定性抽样 · Draws of the uncertainty")] = 1000,
    seed: Annotated[int, typer.Option(help="随机种子 · Seed")] = 0,
    output: Output = None,
) -> None:
    """按指标体系打分 · Score by an index system."""
    from tongyuan.flows.score import cases_of, emission_of
    from tongyuan.synergy.index import load
    from tongyuan.synergy.indicator import collect, columns_from_wide
    from tongyuan.synergy.score import score as score_index
    from tongyuan.synergy.score_table import index_table
    from tongyuan.synergy.standing import standing

    system = load(index)
    told: list[Finding] = []
    if source.is_dir():
        held, chosen = _tables(source)
        emission, uncertainty, told = emission_of(held, chosen.years)
        columns = collect(
            system,
            emission=emission,
            observation=held.get("observation"),
            uncertainty=uncertainty,
            cases=cases_of(held, emission, chosen.years),
            gwp_set=chosen.gwp_set,
        )
    else:
        columns = columns_from_wide(system, _sheet(source))
    result = score_index(
        system,
        columns,
        normalise=normalise or None,
        weight=weight or None,
        aggregate=aggregate or None,
        base=_base(base) if base else None,
        missing="reweight" if reweight else "refuse",
        waive=tuple(waive or ()),
        draws=draws,
        seed=seed,
    )
    tables, findings = result.tables(), (*told, *result.findings)
    if draws > 1 and not (weight or normalise or aggregate):
        stood = standing(system, columns, draws=draws, seed=seed, base=_base(base) if base else None)
        tables |= stood.tables()
        findings += stood.findings
    tables["index_system"] = index_table(system)
    _show(tables, "score", findings, output)


def _changes(
    source: Path, pollutants: str, driver: str, base: str
) -> tuple[dict[str, pl.DataFrame], tuple[Finding, ...]]:
    from tongyuan.synergy.change import change_tables
    from tongyuan.synergy.panel import panel_of

    names = [name.strip() for name in pollutants.replace("，", ",").split(",") if name.strip()]
    told: tuple[Finding, ...] = ()
    if source.is_dir():
        held, told = _compared(source)
        rows = held["emission"].select("region", "year", "species", "scope", "value", "unit")
        if driver:
            rows = pl.concat([rows, _observed(held.get("observation"), driver, rows)])
    else:
        rows = _sheet(source)
    panel = panel_of(rows, species=[*names, "CO2"], driver=driver or None)
    tables, findings = change_tables(panel, len(names), base=_panel_base(base))
    return tables, (*told, *findings)


def _observed(observation: pl.DataFrame | None, name: str, like: pl.DataFrame) -> pl.DataFrame:
    """Return whole-year values of an indicator as rows of a panel; a revised value goes before the first."""
    names = (f"{name}（修订）", f"{name} (revised)", name)
    rows = (
        pl.DataFrame(schema=like.schema)
        if observation is None
        else (
            observation.filter(pl.col("indicator").is_in(names) & pl.col("period").str.contains(r"^\d{4}$"))
            .sort(pl.col("indicator") == name, maintain_order=True)
            .unique(["region", "period"], keep="first", maintain_order=True)
            .select(
                "region",
                pl.col("period").cast(pl.Int64).alias("year"),
                pl.lit(name).alias("species"),
                pl.lit("direct").alias("scope"),
                "value",
                pl.lit("t").alias("unit"),
            )
            .join(like.select("region", "year").unique(), on=["region", "year"], how="semi")
        )
    )
    if rows.is_empty():
        raise FindingError([finding(ROOM, "panel_species", absent=name, known="observation")])
    return rows


@app.command()
def coordinates(
    source: Source, pollutants: Pollutants = "SO2,NOx", base: Base = "previous", output: Output = None
) -> None:
    """协同控制坐标、弹性与象限 · Co-control coordinates, elasticities and quadrants."""
    tables, findings = _changes(source, pollutants, "", base)
    _show(tables, "co_control", findings, output)


@app.command()
def decouple(
    source: Source,
    driver: Driver,
    pollutants: Pollutants = "SO2,NOx",
    base: Base = "previous",
    output: Output = None,
) -> None:
    """Tapio 脱钩 · Tapio decoupling."""
    tables, findings = _changes(source, pollutants, driver, base)
    _show(tables, "decoupling", findings, output)


@app.command()
def decompose(
    source: Source,
    driver: Driver = "",
    pollutants: Pollutants = "SO2,NOx,CO2",
    base: Base = "first",
    depth: Annotated[int, typer.Option(min=1, max=3, help="部门层级 · Depth of the sectors")] = 1,
    output: Output = None,
) -> None:
    """LMDI 因素分解 · LMDI decomposition."""
    from tongyuan.synergy.attribution import decompose as decompose_emission

    names = [name.strip() for name in pollutants.replace("，", ",").split(",") if name.strip()]
    if source.is_dir():
        held, told = _compared(source)
        moved = None
        if driver:
            moved = _observed(
                held.get("observation"),
                driver,
                held["emission"].select("region", "year", "species", "scope", "value", "unit"),
            )
        table, findings = decompose_emission(
            held["emission"], driver=moved, species=names, base=_panel_base(base), depth=depth
        )
        _show({"lmdi": table}, "lmdi", (*told, *findings), output)
        return
    if not driver:
        raise FindingError([finding(ROOM, "panel_species", absent="--driver", known="CSV")])
    pure = ",".join(name for name in names if name != "CO2")
    tables, more = _changes(source, pure, driver, base)
    _show(tables, "lmdi", more, output)


@app.command()
def indexes(
    name: Annotated[str, typer.Argument(help="显示一个指标体系 · Show one index system")] = "",
) -> None:
    """随附的指标体系 · The index systems shipped."""
    from tongyuan.synergy.index import load, names

    language = preferred_language()
    console = terminal()
    if not name:
        rows = [(i.id, i.title(language), i.level, i.status, len(i.indicator)) for i in map(load, names())]
        print_frame(
            pl.DataFrame(rows, schema=["id", "title", "level", "status", "indicators"], orient="row"), console
        )
        return
    system = load(name)
    lines = [
        (i.criterion, i.id, i.title(language), i.formula, i.unit, i.direction, i.lower, i.upper, i.weight)
        for i in system.indicator
    ]
    heads = ["criterion", "id", "title", "formula", "unit", "direction", "lower", "upper", "weight"]
    print_frame(pl.DataFrame(lines, schema=heads, orient="row"), console)
    console.print(system.note_en if language == "en" else system.note_zh, markup=False)
