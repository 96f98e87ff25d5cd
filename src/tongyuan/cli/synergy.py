"""``tongyuan synergy``: scores, co-control coordinates, decoupling, decomposition, index systems."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import polars as pl
import typer

from tongyuan.cli.show import print_findings, print_frame, terminal
from tongyuan.ledger.finding import Finding, FindingError, finding, require
from tongyuan.ledger.settings import Settings
from tongyuan.ledger.write.write import worded, write_csv, write_excel
from tongyuan.reference.language import preferred_language, say
from tongyuan.reference.shelf import Language

if TYPE_CHECKING:
    from tongyuan.flows.score import Choices

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
Unit = Annotated[
    str, typer.Option(help="自备表中数值的单位，如 t、万吨 · Unit of the values of a table of one's own")
]
Entities = Annotated[
    str,
    typer.Option(help="年份不全的对象：keep、drop、refuse（保留、去掉、拒绝）· Entities that begin or end"),
]
ROWS = 40
CARBON = ("CO2", "CO2e")
FIGURES = (".svg", ".pdf", ".png")


def _sheet(path: Path) -> pl.DataFrame:
    """Return the first table of a file, its first row as header, numbers as numbers."""
    from tongyuan.ledger.read.sheet import sheets

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


def _tables(path: Path) -> tuple[dict[str, pl.DataFrame], Settings, dict[str, str]]:
    """Return the tables of a results folder with those of its workspace, its settings and its texts."""
    from tongyuan.ledger.run_set import tables_of

    tables = tables_of(path)
    around = (path, *path.resolve().parents[:2])
    root = next((place for place in around if (place / "tongyuan.toml").is_file()), None)
    settings = Settings(name=path.name or "–", kind="city")
    texts: dict[str, str] = {}
    if root is not None:
        from tongyuan.flows.source import open_workspace

        workspace = open_workspace(root)
        settings, texts = workspace.settings, dict(workspace.texts)
        own = ("observation", "published_total")
        tables = {k: v for k, v in workspace.tables.items() if k in own} | tables
    if "emission" not in tables and "published_total" not in tables:
        raise FindingError([finding(ROOM, "cli_no_table", path=path, wanted="emission")])
    return tables, settings, texts


def _compared(path: Path) -> tuple[dict[str, pl.DataFrame], tuple[Finding, ...]]:
    """Return the tables of a folder, emissions like for like, and what that leaves out."""
    from tongyuan.flows.score import compared

    tables, *_ = _tables(path)
    if "emission" not in tables:
        raise FindingError([finding(ROOM, "cli_no_table", path=path, wanted="emission")])
    emission, told = compared(tables["emission"])
    return tables | {"emission": emission}, tuple(told)


def _base(text: str) -> str | int:
    return int(text) if text.isdigit() else text


def _panel_base(text: str) -> Literal["previous", "first"] | int:
    if text in ("previous", "first"):
        return "first" if text == "first" else "previous"
    if not text.isdigit():
        raise FindingError([finding(ROOM, "unknown_base", text=text)])
    return int(text)


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
    index: Annotated[
        str,
        typer.Option(
            help="指标体系名或 TOML 文件，缺省随工作区 · Index name or TOML file; default: the workspace's"
        ),
    ] = "",
    base: Base = "",
    weight: Annotated[str, typer.Option(help="given、equal、entropy、critic")] = "",
    normalise: Annotated[str, typer.Option(help="bounds、min_max …")] = "",
    aggregate: Annotated[str, typer.Option(help="weighted_sum、topsis_fixed …")] = "",
    reweight: Annotated[
        bool,
        typer.Option(
            help="自备表缺数据时把权重分给其余指标 · Own table: share weights of missing indicators"
        ),
    ] = False,
    waive: Annotated[list[str] | None, typer.Option(help="按名称豁免检查 · Waive a check by name")] = None,
    draws: Annotated[int | None, typer.Option(min=0, help="不确定性抽样 · Draws of the uncertainty")] = None,
    seed: Annotated[int | None, typer.Option(help="随机种子 · Seed")] = None,
    output: Output = None,
) -> None:
    """按指标体系打分 · Score by an index system."""
    from tongyuan.flows.score import Choices

    choices = Choices(
        normalise=normalise or None,
        weight=weight or None,
        aggregate=aggregate or None,
        base=_base(base) if base else None,
        waive=tuple(waive or ()),
    )
    if source.is_dir():
        tables, told = _folder_score(source, index, choices, draws, seed)
    else:
        tables, told = _table_score(source, index or "city", choices, draws, seed, reweight)
    if "score" not in tables:
        print_findings(told, terminal(), preferred_language())
        raise typer.Exit(1)
    _show(tables, "score", tuple(told), output)


def _folder_score(
    source: Path, index: str, choices: Choices, draws: int | None, seed: int | None
) -> tuple[dict[str, pl.DataFrame], list[Finding]]:
    """Return the score of a folder as a run makes it: same index, same figures, same findings."""
    from tongyuan.flows.score import score_of
    from tongyuan.flows.source import INDEX

    held, settings, texts = _tables(source)
    given = {k: v for k, v in (("draws", draws), ("seed", seed)) if v is not None}
    changed: dict[str, Any] = {"account": settings.account.model_copy(update=given)}
    if index:
        changed["assess"] = settings.assess.model_copy(update={"index": index})
        if index.endswith(".toml"):
            texts = {INDEX: _text(Path(index))}
    return score_of(held, settings.model_copy(update=changed), texts, choices)


def _text(path: Path) -> str:
    """Return the text of an index system of one's own."""
    try:
        return path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError):
        raise FindingError([finding("flows", "index_unreadable", path=path)]) from None


def _table_score(
    source: Path, index: str, choices: Choices, draws: int | None, seed: int | None, reweight: bool
) -> tuple[dict[str, pl.DataFrame], list[Finding]]:
    """Return the score of a wide table of the user."""
    from tongyuan.synergy.index.index import load
    from tongyuan.synergy.index.indicator import columns_from_wide
    from tongyuan.synergy.index.score import score as score_index
    from tongyuan.synergy.index.score_table import index_table
    from tongyuan.synergy.index.standing import standing

    system = load(index)
    columns = columns_from_wide(system, _sheet(source))
    count, start = 1000 if draws is None else draws, seed or 0
    missing: Literal["reweight", "refuse"] = "reweight" if reweight else "refuse"
    result = score_index(system, columns, **choices._asdict(), missing=missing, draws=count, seed=start)
    tables, told = result.tables(), list(result.findings)
    if count > 1 and not (choices.weight or choices.normalise or choices.aggregate):
        stood = standing(system, columns, draws=count, seed=start, base=choices.base)
        tables |= stood.tables()
        told += stood.findings
    return tables | {"index_system": index_table(system)}, told


def _present(source: Path, text: str, usual: str) -> list[str]:
    """Return the species named; of the usual ones, those that a table of the user has."""
    names = _named(text)
    if source.is_dir() or text != usual:
        return names
    rows = _sheet(source)
    held = set(rows["species"]) if "species" in rows.columns else set(rows.columns)
    return [name for name in names if name in held] or names


def _named(text: str) -> list[str]:
    return [name.strip() for name in text.replace("，", ",").split(",") if name.strip()]


def _changes(
    source: Path, names: list[str], driver: str, base: str, unit: str, entities: str
) -> tuple[dict[str, pl.DataFrame], tuple[Finding, ...]]:
    """Return what changed between the years of a folder or of a table of the user."""
    from tongyuan.synergy.change.change import change_tables
    from tongyuan.synergy.change.panel import by_years, panel_of

    chosen = _panel_base(base)
    if entities not in ("keep", "drop", "refuse"):
        raise FindingError([finding(ROOM, "unknown_entities", text=entities)])
    told: list[Finding] = []
    if source.is_dir():
        held, found = _compared(source)
        told += found
        rows = held["emission"].select("region", "year", "species", "scope", "value", "unit")
        if driver:
            rows = pl.concat([rows, _observed(held.get("observation"), driver, rows)])
    else:
        rows = _sheet(source)
    carbon = [name for name in names if name in CARBON]
    species = [*(name for name in names if name not in CARBON), *carbon]
    parts, more = by_years(rows, entities, chosen)
    told += more
    made: dict[str, list[pl.DataFrame]] = {}
    for part in parts:
        panel = panel_of(part, species=species, driver=driver or None, unit=unit)
        tables, noticed = change_tables(panel, len(species) - len(carbon), base=chosen)
        told += [f for f in noticed if f not in told]
        for name, frame in tables.items():
            made.setdefault(name, []).append(frame)
    return {name: pl.concat(frames) for name, frames in made.items()}, tuple(told)


def _observed(observation: pl.DataFrame | None, name: str, like: pl.DataFrame) -> pl.DataFrame:
    """Return whole-year values of an indicator as rows of a panel, in the unit of the observations."""
    from tongyuan.ledger.figure import figures, named, unit_of

    rows = like.clear()
    if observation is not None:
        wanted = named(name)
        read, told = figures(observation, {name: wanted})
        require(told)
        rows = (
            read.join(like.select("region", "year").unique(), on=["region", "year"], how="semi")
            .with_columns(
                pl.col("column").alias("species"),
                pl.lit("direct").alias("scope"),
                pl.lit(unit_of(observation, wanted)).alias("unit"),
            )
            .select(like.columns)
        )
    if rows.is_empty():
        raise FindingError([finding(ROOM, "panel_species", absent=name, known="observation")])
    return rows


@app.command()
def coordinates(
    source: Source,
    pollutants: Pollutants = "SO2,NOx",
    base: Base = "previous",
    unit: Unit = "",
    entities: Entities = "refuse",
    output: Output = None,
) -> None:
    """协同控制坐标、弹性与象限 · Co-control coordinates, elasticities and quadrants."""
    tables, findings = _changes(source, [*_named(pollutants), "CO2"], "", base, unit, entities)
    _show(tables, "co_control", findings, output)


@app.command()
def decouple(
    source: Source,
    driver: Driver,
    pollutants: Pollutants = "SO2,NOx,CO2",
    base: Base = "previous",
    unit: Unit = "",
    entities: Entities = "refuse",
    output: Output = None,
) -> None:
    """Tapio 脱钩 · Tapio decoupling."""
    names = _present(source, pollutants, "SO2,NOx,CO2")
    tables, findings = _changes(source, names, driver, base, unit, entities)
    _show(tables, "decoupling", findings, output)


@app.command()
def decompose(
    source: Source,
    driver: Driver = "",
    pollutants: Pollutants = "SO2,NOx,CO2",
    base: Base = "first",
    depth: Annotated[int, typer.Option(min=1, max=3, help="部门层级 · Depth of the sectors")] = 1,
    unit: Unit = "",
    entities: Entities = "refuse",
    output: Output = None,
) -> None:
    """LMDI 因素分解 · LMDI decomposition."""
    from tongyuan.synergy.change.attribution import decompose as decompose_emission

    names = _present(source, pollutants, "SO2,NOx,CO2")
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
    tables, more = _changes(source, names, driver, base, unit, entities)
    _show(tables, "lmdi", more, output)


@app.command()
def indexes(
    name: Annotated[str, typer.Argument(help="显示一个指标体系 · Show one index system")] = "",
) -> None:
    """随附的指标体系 · The index systems shipped."""
    from tongyuan.synergy.index.index import load, names

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
