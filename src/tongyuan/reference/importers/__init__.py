"""Importers: files that users download or fill in become factor records, checked on the way.

Every importer keeps what it cannot map (such a record serves no source until the name is mapped), reports
everything it changed or left out, and gives status ``unverified`` to records with an error.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import polars as pl

from tongyuan.reference.finding import Finding
from tongyuan.reference.importers import cost, efdb, emep, gains, handbook, records

Reader = Callable[[Path], tuple[pl.DataFrame, tuple[Finding, ...]]]

READERS: dict[str, Reader] = {
    "emep": emep.read,
    "efdb": efdb.read,
    "cost": cost.read,
    "gains": gains.read,
    "handbook": handbook.read,
    "records": records.read,
}
"""Importers by name."""


def kinds() -> tuple[str, ...]:
    """Return the names of the importers."""
    return tuple(READERS)


def read(kind: str, path: str | Path) -> tuple[pl.DataFrame, tuple[Finding, ...]]:
    """Read file `path` with importer `kind`.

    Parameters
    ----------
    kind
        ``emep`` (EMEP/EEA viewer CSV), ``efdb`` (IPCC EFDB workbook), ``cost`` (US CoST measures),
        ``gains`` (GAINS table), ``handbook`` (产排污系数手册 template) or ``records`` (table ``factor``).
    path
        The file.

    Returns
    -------
    frame, issues
        Factor records in the columns of table ``factor``, and everything the checks found.

    Raises
    ------
    KeyError
        If there is no such importer.
    """
    if kind not in READERS:
        raise KeyError(f"no importer {kind!r}; there are {', '.join(READERS)}")
    return READERS[kind](Path(path))
