"""Questions of a notebook on allocation: an inventory on a grid, and the files that models read."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from tongyuan.face.results import Results
from tongyuan.face.workspace import Source, opened


def allocate(what: Source) -> Results:
    """Return the emissions of a workspace on its grid. Nothing is written.

    Tables ``cell_emission``, ``allocation_balance`` (what lies outside the grid or was not allocated),
    ``model_emission`` and ``emission_time``.

    Parameters
    ----------
    what
        A workspace with tables ``model_grid``, ``proxy`` and ``allocation_rule``.

    Raises
    ------
    FindingError
        If grid, rules, proxies or profiles are missing or cannot be used.

    Examples
    --------
    >>> made = ty.allocate(ty.example("grid"))
    >>> balance = made.allocation_balance.frame
    >>> abs(float((balance["value"] - balance["inside"] - balance["outside"] - balance["left"]).sum())) < 1e-9
    True
    """
    from tongyuan.flows.ask.allocation import allocate as ask

    chosen = opened(what)
    answer = ask(chosen)
    return Results(
        dict(answer.tables), chosen.settings, (*chosen.findings, *answer.findings), workspace=chosen
    )


def write_grid(
    what: Source, form: str, folder: str | Path, first: date | None = None, last: date | None = None
) -> list[Path]:
    """Write the emissions of a workspace for a chemistry model and return the files.

    Parameters
    ----------
    what
        As in :func:`allocate`.
    form
        ``cmaq``, ``wrfchem``, ``hemco``, ``cf`` or ``ff10``.
    folder
        Where the files go.
    first, last
        Days in UTC; the whole year when not given.

    Raises
    ------
    FindingError
        As :func:`allocate`; if there is no such format, the days are none, or a file cannot be written.

    Examples
    --------
    >>> from datetime import date
    >>> from tempfile import mkdtemp
    >>> files = ty.write_grid(ty.example("grid"), "ff10", mkdtemp())
    >>> files[0].name
    'ff10_nonpoint.2021.csv'
    """
    from tongyuan.flows.ask.allocation import write_grid as ask

    return list(ask(opened(what), form, Path(folder), first, last).facts["files"])
