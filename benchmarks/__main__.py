"""Run benchmarks and print their figures: ``python -m benchmarks [--all] [--before PATH] [name …]``."""

from __future__ import annotations

import argparse
import os

from rich.console import Console
from rich.table import Table

from benchmarks.command import BEFORE
from benchmarks.registry import Figure, specs


def _goal(figure: Figure) -> str:
    if figure.goal is None:
        return ""
    return f"{'≤' if figure.at_most else '≥'} {figure.goal:g} {figure.unit}"


def _value(figure: Figure) -> str:
    return f"{figure.value:.3g} {figure.unit}"


def main() -> int:
    """Run the chosen benchmarks; return 1 when a goal is missed."""
    parser = argparse.ArgumentParser(prog="benchmarks")
    parser.add_argument("names", nargs="*", help="names or beginnings of names")
    parser.add_argument("--all", action="store_true", help="slow ones too")
    parser.add_argument("--list", action="store_true", help="only list the benchmarks")
    parser.add_argument("--before", metavar="PATH", help="an older checkout to run the commands of too")
    chosen = parser.parse_args()
    if chosen.before:
        os.environ[BEFORE] = chosen.before
    console = Console()
    missed = False
    overview = Table("what", "goal", "before", "now", "", title="what users run")
    for spec in specs():
        wanted = any(spec.name.startswith(name) for name in chosen.names) if chosen.names else True
        if not wanted or (spec.slow and not chosen.all and not chosen.names):
            continue
        if chosen.list:
            console.print(f"{spec.name}: {spec.title}{' (slow)' if spec.slow else ''}")
            continue
        table = Table("figure", "value", "goal", "", title=f"{spec.name}: {spec.title}")
        figures = spec.run()
        for figure in figures:
            mark = {None: "", True: "met", False: "missed"}[figure.met]
            table.add_row(figure.name, f"{figure.value:.4g} {figure.unit}", _goal(figure), mark)
            missed |= figure.met is False
        console.print(table)
        if spec.before:
            held = [f for f in figures if f.goal is not None] or figures[:2]
            met = "missed" if any(f.met is False for f in held) else "met" if held[0].goal else ""
            goals = ", ".join(filter(None, map(_goal, held)))
            overview.add_row(spec.title, goals, spec.before, ", ".join(map(_value, held)), met)
    if overview.rows:
        console.print(overview)
    return int(missed)


if __name__ == "__main__":
    raise SystemExit(main())
