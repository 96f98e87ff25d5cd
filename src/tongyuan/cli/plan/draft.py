"""``tongyuan plan draft``: an ordinary plan folder from an inventory; ``join``: one of several regions."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from tongyuan.cli.plan.source import show, tell, written
from tongyuan.reference.language import preferred_language


def draft_command(
    folder: Annotated[Path, typer.Argument(help="compare_folder")] = Path("."),
    output: Annotated[Path | None, typer.Option("--output", "--out", "-o", help="draft_output")] = None,
    years: Annotated[list[int] | None, typer.Option("--years", help="draft_years")] = None,
    pace: Annotated[float | None, typer.Option(min=0.0, max=1.0, help="draft_pace")] = None,
    retire: Annotated[float | None, typer.Option(min=0.0, max=1.0, help="draft_retire")] = None,
) -> None:
    """Draft a plan from the inventory, to be read and edited."""
    import polars as pl

    from tongyuan.cli.show import give_rows, print_findings, terminal
    from tongyuan.flows.ask.plan.draft import draft_of_folder
    from tongyuan.reference.shelf import shelf

    limits = {k: v for k, v in (("pace", pace), ("retire", retire)) if v is not None}
    answer = draft_of_folder(folder, output, years=tuple(years or ()), **limits)
    if give_rows(answer.tables, **answer.facts):
        return
    if answer.findings:
        print_findings(answer.findings, terminal(stderr=True), preferred_language())
    tell("cli_drafted", **answer.facts)
    left = answer.tables.get("not_offered")
    if left is not None:
        counted = left.group_by(f"sentence_{preferred_language()}", maintain_order=True).len()
        for sentence, count in counted.sort("len", descending=True).iter_rows():
            tell("cli_left_out", count=count, sentence=sentence)
    headline = [row["quantity"] for row in shelf("headline").to_dicts()]
    order = pl.DataFrame({"species": headline})
    show("plan_coverage", order.join(answer.tables["plan_coverage"], on="species", maintain_order="left"))
    written(folder / "plan" if output is None else output)


def join_command(
    folders: Annotated[list[Path], typer.Argument(help="join_folders")],
    output: Annotated[Path, typer.Option("--output", "--out", "-o", help="join_output")],
    link: Annotated[Path | None, typer.Option("--link", help="join_link")] = None,
    exchange: Annotated[list[str] | None, typer.Option("--exchange", help="join_exchange")] = None,
) -> None:
    """Join the plans of several workspaces into one that exchanges electricity."""
    from tongyuan.cli.show import give_rows, print_findings, terminal
    from tongyuan.flows.ask.plan.joined import join_folders

    chosen = {"exchanged": tuple(exchange)} if exchange else {}
    answer = join_folders(folders, output, link, **chosen)
    if give_rows(answer.tables, **answer.facts):
        return
    if answer.findings:
        print_findings(answer.findings, terminal(stderr=True), preferred_language())
    tell("cli_joined", **answer.facts)
    written(output)
