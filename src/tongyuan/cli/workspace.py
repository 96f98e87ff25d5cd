"""``tongyuan init``, ``template`` and ``check``: a workspace from an empty folder to checked tables."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from tongyuan.cli.door import offer
from tongyuan.reference.language import Language, asked_language, preferred_language, say

if TYPE_CHECKING:
    from tongyuan.ledger.finding import Finding

OK, FINDINGS, USAGE = 0, 1, 2
"""Exit codes: nothing of severity error was found; something was; the command was used wrongly."""


def _stop(findings: tuple[Finding, ...], language: Language) -> typer.Exit:
    from tongyuan.cli.show import print_findings, terminal

    print_findings(findings, terminal(), language)
    return typer.Exit(FINDINGS if any(f.severity == "error" for f in findings) else OK)


def init(
    folder: Annotated[Path, typer.Argument(help="folder")],
    template: Annotated[str, typer.Option("--template", "-t", help="template")] = "province",
    name: Annotated[str, typer.Option(help="name")] = "",
    region: Annotated[str, typer.Option(help="region")] = "",
) -> None:
    """Make a workspace: its settings and a template to fill in."""
    from tongyuan.cli.show import give_files, refuse, terminal
    from tongyuan.ledger.finding import FindingError
    from tongyuan.ledger.workspace import init as init_workspace
    from tongyuan.ledger.workspace import kinds

    spoken = preferred_language()
    console = terminal()
    if template not in kinds():
        refuse("ledger", "template_choice", spoken, value=template, allowed=", ".join(kinds()))
    try:
        file = init_workspace(folder, template, name=name, region=region, language=spoken)  # type: ignore[arg-type]
    except FindingError as error:
        raise _stop(error.findings, spoken) from None
    give_files([file])
    console.print(say("ledger", "init_done", spoken, path=folder), markup=False)
    console.print(say("ledger", "init_next", spoken, path=file, folder=folder), markup=False)


def template(
    path: Annotated[Path, typer.Argument(help="path")],
    tables: Annotated[list[str] | None, typer.Option("--table", help="tables")] = None,
    example: Annotated[bool, typer.Option(help="example")] = True,
) -> None:
    """Write an Excel template to fill in."""
    from tongyuan.cli.show import give_files, refuse, terminal
    from tongyuan.ledger.finding import FindingError, finding
    from tongyuan.ledger.table import names, table
    from tongyuan.ledger.write.template import input_tables, write_template

    spoken = preferred_language()
    console = terminal()
    by_title = {word: n for n in names() for word in (n, table(n).title_zh, table(n).title_en)}
    wanted = []
    for name in tables or input_tables():
        if name not in by_title:
            refuse("ledger", "unknown_table", spoken, name=name, allowed=", ".join(input_tables()))
        wanted.append(by_title[name])
    target = path if path.suffix.lower() == ".xlsx" else path.with_name(path.name + ".xlsx")
    if target.exists():
        raise _stop((finding("ledger", "file_exists", file=target.name, path=str(target)),), spoken)
    try:
        write_template(target, list(dict.fromkeys(wanted)), spoken, example=example)
    except FindingError as error:
        raise _stop(error.findings, spoken) from None
    give_files([target])
    console.print(say("ledger", "template_done", spoken, path=target), markup=False)


def check(
    path: Annotated[Path, typer.Argument(help="workspace_path")] = Path(),
    annotated: Annotated[bool, typer.Option("--annotate", help="annotated")] = False,
    strict: Annotated[bool, typer.Option(help="strict")] = False,
) -> None:
    """Check a workspace or one file and say all findings at once."""
    from tongyuan.cli.show import give_files, give_rows, print_findings, terminal
    from tongyuan.flows.check import check as check_workspace
    from tongyuan.flows.check import check_file
    from tongyuan.ledger.table import table
    from tongyuan.ledger.workspace import annotate_all

    spoken = preferred_language()
    console = terminal()
    if path.is_dir() or not path.exists():
        workspace, findings = check_workspace(path)
        folder = path
        if workspace is not None and asked_language() is None:
            spoken = workspace.settings.language
    else:
        workspace, findings = check_file(path)
        folder = path.parent
    if workspace is not None:
        give_rows({}, rows={name: frame.height for name, frame in workspace.tables.items()})
        for name, frame in workspace.tables.items():
            titled = table(name)
            words = {"title": titled.title_en if spoken == "en" else titled.title_zh, "rows": frame.height}
            console.print(say("ledger", "check_rows", spoken, **words), markup=False)
    if findings:
        print_findings(sorted(findings, key=_order), console, spoken)
    else:
        console.print(say("ledger", "check_clean", spoken), markup=False)
    if annotated and workspace is not None:
        copies, failed = annotate_all(folder, workspace, spoken)
        give_files(copies)
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
        offer(app)(command)
