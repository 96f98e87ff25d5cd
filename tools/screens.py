"""Pictures of the command line as a terminal of 80 columns shows it, in both languages.

``python tools/screens.py FOLDER [WORD]`` runs the help of every command, and commands that print tables
on example worlds; only those whose line has WORD in it, if one is given. Each becomes a text and an SVG
picture in FOLDER; ``index.html`` there shows them side by side. It tells lines that are too wide, and letters
of the other language.
"""

from __future__ import annotations

import contextlib
import html
import io
import itertools
import os
import re
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import typer
from rich.cells import cell_len
from rich.text import Text

from tongyuan.cli import application, main

WIDTH = 80
CELL, LEADING = 9, 20
"""Pixels of a cell of the terminal, and of a line."""
LANGUAGES = ("zh", "en")

LINES = (
    "check {own}", "check {bad}", "methods landfill", "doctor", "compare {own}", "runs list {own}",
    "runs show {own}",
    "explain {own} SO2", "explain {own} CO2e --top 3", "diff {own} {more}", "factors search 原煤",
    "factors compare energy.power bituminous -s SO2", "factors show tang2019-cems-SO2-power",
    "plan check {park}", "plan least-cost {park}", "plan dividend {park}", "plan diagnose {park}",
    "plan front {park} --points 3", "plan macc {park}", "plan alternatives {park}", "plan who-pays {park}",
    "plan jobs {park}", "plan stranded {park}", "plan road-map {park}", "plan library technology",
    "plan regret {park}", "plan draft {own}", "plan least-cost {own}",
    "facility check {works}", "facility check --list", "facility evidence {works}",
    "facility account {works}",
    "facility inspect {works} --days 3", "facility permit {works}", "facility tax {works}",
    "facility allowance {works}", "facility diagnose {works}",
    "synergy score {city}", "programme check {plan}", "programme status {plan}",
    "programme assess {plan} --year 2025",
    "explian", "explain", "run {none}", "explain {own} SO9", "plan front {park} --points 1",
)  # fmt: skip
"""Command lines that are run, with the names of worlds."""


def commands() -> Iterator[list[str]]:
    """Yield the words of every command and group."""
    app = typer.main.get_command(application())
    yield []
    for name, command in sorted(app.commands.items()):  # type: ignore[attr-defined]
        yield [name]
        for sub in sorted(getattr(command, "commands", None) or {}):
            yield [name, sub]


def said(words: list[str]) -> tuple[str, int]:
    """Return what a command line prints, both streams in the order they come, and its exit code."""
    stream, code = io.StringIO(), 0
    sys.argv = ["tongyuan", *words]
    with contextlib.redirect_stdout(stream), contextlib.redirect_stderr(stream):
        try:
            main()
        except SystemExit as left:
            code = left.code if isinstance(left.code, int) else 1
    return stream.getvalue(), code


def worlds(folder: Path) -> dict[str, Path]:
    """Make the worlds the command lines name."""
    from tongyuan.ledger.example import copy_example

    for name, example in (("own", "minimal"), ("park", "park"), ("works", "enterprises"), ("city", "cities")):
        copy_example(example, folder / name)
    said(["run", str(folder / "own"), "--only", "account"])
    shutil.copytree(folder / "own", folder / "more")
    shutil.copytree(folder / "own", folder / "bad")
    for name, old, new in (("more", ",100,", ",130,"), ("bad", "energy.power", "energy.powr")):
        table = folder / name / "tables" / "activity.csv"
        table.write_text(table.read_text("utf-8").replace(old, new), "utf-8")
    said(["run", str(folder / "more"), "--only", "account"])
    said(["programme", "init", str(folder / "plan"), "--region", "山东省"])
    return {name: folder / name for name in ("own", "more", "bad", "park", "works", "city", "plan", "none")}


def faults(text: str, language: str) -> list[str]:
    """Return what is wrong with what was printed: lines too wide, letters of the other language, ids."""
    found = [f"{cell_len(line)} columns: {line}" for line in text.splitlines() if cell_len(line) > WIDTH]
    if language == "en":
        found += [f"Chinese: {line}" for line in text.splitlines() if re.search("[\u4e00-\u9fff]", line)]
    return found


def picture(text: str, title: str, path: Path) -> None:
    """Write what a terminal shows as SVG: every run of letters of one width takes the cells it has there."""
    drawn = []
    for number, line in enumerate([f"$ tongyuan {title}", *Text.from_ansi(text).plain.splitlines()], start=1):
        at = 0
        for (size, _), letters in itertools.groupby(line, lambda letter: (cell_len(letter), letter == " ")):
            run = "".join(letters)
            long = size * len(run)
            place = f'x="{at * CELL}" y="{number * LEADING}" textLength="{long * CELL}"'
            drawn += [f"<text {place}>{html.escape(run)}</text>"] if run.strip() else []
            at += long
    wide, high = (WIDTH + 1) * CELL, (number + 1) * LEADING
    style = f"font: {2 * CELL - 2}px 'Noto Sans Mono CJK SC', monospace; fill: #e6e6e6"
    head = f'<svg xmlns="http://www.w3.org/2000/svg" width="{wide}" height="{high}" style="{style}">'
    ground = f'<rect width="{wide}" height="{high}" fill="#292929"/>'
    path.write_text("\n".join([head, ground, *drawn, "</svg>"]), "utf-8")


def write(folder: Path, word: str) -> list[str]:
    """Write every picture that has `word` in its line; return the faults."""
    folder.mkdir(parents=True, exist_ok=True)
    told, rows = list[str](), list[str]()
    os.environ["COLUMNS"] = str(WIDTH)
    with TemporaryDirectory() as place:
        made = worlds(Path(place))
        lines = [" ".join([*words, "--help"]) for words in commands()] + list(LINES)
        for line in (one for one in lines if word in one):
            name = re.sub(r"[^a-z0-9]+", "-", line.lower()).strip("-")
            cells = []
            for language in LANGUAGES:
                os.environ["TONGYUAN_LANGUAGE"] = language
                text, code = said(line.format(**made).split())
                text = text.replace(place, "…")
                told += [f"{line} ({language}): {fault}" for fault in faults(text, language)]
                told += [f"{line} ({language}): ended with 3"] if code == 3 else []
                (folder / f"{name}.{language}.txt").write_text(text, "utf-8")
                picture(text, line, folder / f"{name}.{language}.svg")
                cells.append(f'<td><img src="{name}.{language}.svg"></td>')
            rows.append(f"<tr><th colspan=2>{html.escape(line)}</th></tr><tr>{''.join(cells)}</tr>")
    page = f"<!doctype html><meta charset=utf-8><title>tongyuan</title><table>{''.join(rows)}</table>"
    (folder / "index.html").write_text(page, "utf-8")
    return told


if __name__ == "__main__":
    for fault in write(Path(sys.argv[1]), sys.argv[2] if len(sys.argv) > 2 else ""):
        print(fault)
