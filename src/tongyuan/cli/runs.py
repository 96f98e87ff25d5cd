"""``tongyuan runs``: the sets of results that runs left in a workspace."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from tongyuan.cli.door import group, offer

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tongyuan.reference.language import Language

app = group("runs")

Folder = Annotated[Path, typer.Argument(help="runs_folder")]


@offer(app, "list")
def list_runs(folder: Folder = Path(".")) -> None:
    """List the runs and whether each is whole."""
    import polars as pl

    from tongyuan.cli.show import give_rows, print_frame, terminal
    from tongyuan.ledger.run_set import broken, latest, read_record
    from tongyuan.reference.language import preferred_language, say

    language = preferred_language()
    newest = latest(folder)
    rows = []
    for path in _sets(folder):
        record = read_record(path)
        state = [say("cli", "runs_broken" if broken(path) else "runs_whole", language)]
        if path == newest:
            state.append(say("cli", "runs_latest", language))
        size = sum(p.stat().st_size for p in path.rglob("*") if p.is_file()) / 1e6
        rows.append(
            {
                "run": path.name,
                "at": record.get("at", "").replace("T", " ").replace("+00:00", " UTC"),
                "steps": _titles(record.get("steps", []), language),
                "size": round(size, 1),
                "state": " · ".join(state),
            }
        )
    frame = pl.DataFrame(rows)
    if give_rows({"run": frame}):
        return
    print_frame(frame, terminal(), {c: say("cli", f"runs_{c}", language) for c in frame.columns})


def _titles(names: Sequence[str], language: Language) -> str:
    """Return the titles of steps; one that the package has no more keeps its name."""
    from tongyuan.flows.step import steps

    known = {step.name: getattr(step.title, language) for step in steps()}
    return ("、" if language == "zh" else ", ").join(known.get(name, name) for name in names)


@offer(app)
def show(folder: Folder, run: Annotated[str, typer.Argument(help="run")] = "") -> None:
    """Show the record of a run: version, settings, hashes."""
    from tongyuan.cli.show import give_rows, terminal
    from tongyuan.ledger.run_set import latest, read_record, run_table

    chosen = _chosen(folder, [run])[0] if run else latest(folder) or _sets(folder)[-1]
    give_rows({}, run=read_record(chosen))
    console = terminal()
    for key, value in run_table(read_record(chosen)).iter_rows():
        console.print(f"{key} = {value}", markup=False, soft_wrap=True, highlight=False)


@offer(app)
def keep(folder: Folder, number: Annotated[int, typer.Argument(min=1, help="number")]) -> None:
    """Keep the newest runs only."""
    _remove(folder, _sets(folder)[:-number])


@offer(app)
def remove(folder: Folder, run: Annotated[list[str], typer.Argument(help="runs_run")]) -> None:
    """Remove the runs named."""
    _remove(folder, _chosen(folder, run))


def _sets(folder: Path) -> list[Path]:
    from tongyuan.cli.show import refuse
    from tongyuan.ledger.run_set import RESULTS, sets
    from tongyuan.reference.language import preferred_language

    found = sets(folder / RESULTS) or sets(folder)
    if not found:
        refuse("cli", "runs_none", preferred_language(), path=folder)
    return found


def _chosen(folder: Path, names: Sequence[str]) -> list[Path]:
    from tongyuan.cli.show import refuse
    from tongyuan.reference.language import preferred_language

    known = {path.name: path for path in _sets(folder)}
    for name in names:
        if name not in known:
            refuse("cli", "runs_unknown", preferred_language(), run=name, known=", ".join(known))
    return [known[name] for name in names]


def _remove(folder: Path, chosen: Sequence[Path]) -> None:
    from tongyuan.cli.show import give_rows, terminal
    from tongyuan.ledger.run_set import remove as remove_set
    from tongyuan.reference.language import preferred_language, say

    kept = len(_sets(folder)) - len(chosen)
    for path in chosen:
        remove_set(path)
    words = {"count": len(chosen), "kept": kept}
    give_rows({}, removed=[path.name for path in chosen], kept=kept)
    terminal().print(say("cli", "runs_removed", preferred_language(), **words), markup=False)
