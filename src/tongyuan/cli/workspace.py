"""``tongyuan init``, ``template`` and ``check``: a workspace from an empty folder to checked tables."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from tongyuan.cli.show import print_findings, terminal
from tongyuan.flows.check import check as check_workspace
from tongyuan.ledger.finding import Finding, FindingError, finding
from tongyuan.ledger.read.guard import readable
from tongyuan.ledger.read.read import read
from tongyuan.ledger.settings import Settings
from tongyuan.ledger.table import names, table
from tongyuan.ledger.workspace import Workspace, annotate_all, kinds
from tongyuan.ledger.workspace import init as init_workspace
from tongyuan.ledger.write.excel import title
from tongyuan.ledger.write.template import input_tables, write_template
from tongyuan.reference.language import preferred_language, say
from tongyuan.reference.shelf import Language

OK, FINDINGS, USAGE = 0, 1, 2
"""Exit codes: nothing of severity error was found; something was; the command was used wrongly."""

LanguageOption = Annotated[str, typer.Option("--language", "-l", help="zh | en")]


def _language(text: str) -> Language:
    if text in ("zh", "en"):
        return "en" if text == "en" else "zh"
    if text:
        raise typer.BadParameter(say("ledger", "language_choice", preferred_language(), value=text))
    return preferred_language()


def _stop(findings: tuple[Finding, ...], language: Language) -> typer.Exit:
    print_findings(findings, terminal(), language)
    return typer.Exit(FINDINGS if any(f.severity == "error" for f in findings) else OK)


def init(
    folder: Annotated[Path, typer.Argument(help="工作区文件夹 · Folder of the workspace")],
    template: Annotated[
        str, typer.Option("--template", "-t", help="province | city | park | enterprise")
    ] = "province",
    name: Annotated[str, typer.Option(help="名称 · Name")] = "",
    region: Annotated[str, typer.Option(help="地区 · Region")] = "",
    language: LanguageOption = "",
) -> None:
    """建立工作区：设置文件和填报模板 · Make a workspace: its settings and a template to fill in."""
    spoken = _language(language)
    console = terminal()
    if template not in kinds():
        words = {"value": template, "allowed": ", ".join(kinds())}
        console.print(say("ledger", "template_choice", spoken, **words), markup=False)
        raise typer.Exit(USAGE)
    try:
        file = init_workspace(folder, template, name=name, region=region, language=spoken)  # type: ignore[arg-type]
    except FindingError as error:
        raise _stop(error.findings, spoken) from None
    console.print(say("ledger", "init_done", spoken, path=folder), markup=False)
    console.print(say("ledger", "init_next", spoken, path=file, folder=folder), markup=False)


def template(
    path: Annotated[Path, typer.Argument(help="要写出的 xlsx · The xlsx to write")],
    tables: Annotated[
        list[str] | None, typer.Option("--table", help="表名，可重复 · Table, may be repeated")
    ] = None,
    language: LanguageOption = "",
    example: Annotated[bool, typer.Option(help="写示例行 · Write the example row")] = True,
) -> None:
    """写出 Excel 填报模板 · Write an Excel template to fill in."""
    spoken = _language(language)
    console = terminal()
    by_title = {word: n for n in names() for word in (n, table(n).title_zh, table(n).title_en)}
    wanted = []
    for name in tables or input_tables():
        if name not in by_title:
            words = {"name": name, "allowed": ", ".join(input_tables())}
            console.print(say("ledger", "unknown_table", spoken, **words), markup=False)
            raise typer.Exit(USAGE)
        wanted.append(by_title[name])
    target = path if path.suffix.lower() == ".xlsx" else path.with_name(path.name + ".xlsx")
    if target.exists():
        raise _stop((finding("ledger", "file_exists", file=target.name, path=str(target)),), spoken)
    try:
        write_template(target, list(dict.fromkeys(wanted)), spoken, example=example)
    except FindingError as error:
        raise _stop(error.findings, spoken) from None
    console.print(say("ledger", "template_done", spoken, path=target), markup=False)


def check(
    path: Annotated[Path, typer.Argument(help="工作区或一个文件 · A workspace or one file")] = Path(),
    annotated: Annotated[
        bool, typer.Option("--annotate", help="写出带批注的副本 · Write copies with comments on the cells")
    ] = False,
    strict: Annotated[bool, typer.Option(help="警告也算错误 · Warnings count as errors")] = False,
    language: LanguageOption = "",
) -> None:
    """检查工作区或一个文件，一次说出所有问题 · Check a workspace or one file and say all findings at once."""
    spoken = _language(language)
    console = terminal()
    if path.is_dir() or not path.exists():
        workspace, findings = check_workspace(path)
        folder = path
        if workspace is not None and not language:
            spoken = workspace.settings.language
    else:
        reading = read(path)
        findings, folder = reading.findings, path.parent
        settings = Settings(name=readable(path.stem), kind="province")
        workspace = Workspace(folder, settings, reading.tables, findings, (path,), reading.letters)
    if workspace is not None:
        for name, frame in workspace.tables.items():
            words = {"title": title(table(name), spoken), "rows": frame.height}
            console.print(say("ledger", "check_rows", spoken, **words), markup=False)
    if findings:
        print_findings(sorted(findings, key=_order), console, spoken)
    else:
        console.print(say("ledger", "check_clean", spoken), markup=False)
    if annotated and workspace is not None:
        copies, failed = annotate_all(folder, workspace, spoken)
        for copy in copies:
            console.print(say("ledger", "annotated", spoken, path=copy), markup=False)
        if failed:
            print_findings(failed, console, spoken)
    bad = {"error", "warning"} if strict else {"error"}
    if not path.exists():
        raise typer.Exit(USAGE)
    raise typer.Exit(FINDINGS if any(f.severity in bad for f in findings) else OK)


def _order(found: Finding) -> tuple[int, str, str, int]:
    rank = {"error": 0, "warning": 1, "notice": 2}[found.severity]
    return rank, found.file, found.sheet, found.row or 0


def register(app: typer.Typer) -> None:
    """Add the commands to the top level of `app`."""
    for command in (init, template, check):
        app.command()(command)
