"""Questions about zoning: verdicts of a workspace, its offsets, the carbon of a project, layers read."""

from __future__ import annotations

from pathlib import Path

from tongyuan.flows.ask import Answer
from tongyuan.flows.source import open_workspace
from tongyuan.flows.zoning.screen import zoning
from tongyuan.ledger.finding import FindingError, finding

VERDICTS = ("verdict", "verdict_rule", "verdict_flip")
OFFSETS = ("offset_admission", "offset_use", "offset_short", "offset_price")


def screen(path: Path) -> Answer:
    """Return verdicts, rule by rule, and what would change them, of the projects of the workspace at `path`.

    Raises
    ------
    FindingError
        If the workspace cannot be read or has no projects.
    """
    return _of(path, VERDICTS)


def offsets(path: Path) -> Answer:
    """Return which projects the reductions at hand admit, from which source, what is short, and the prices.

    Raises
    ------
    FindingError
        If the workspace cannot be read or has no projects that need reductions.
    """
    return _of(path, OFFSETS)


def everything(path: Path) -> Answer:
    """Return every table of the room for the workspace at `path`.

    Raises
    ------
    FindingError
        If the workspace cannot be read or brings nothing of zoning.
    """
    return _of(path, None)


def _of(path: Path, names: tuple[str, ...] | None) -> Answer:
    made, found = zoning(open_workspace(path))
    kept = {name: frame for name, frame in made.items() if names is None or name in names}
    if not kept:
        raise FindingError([*found, finding("zoning", "no_projects", path=path)])
    return Answer(kept, found)
