"""The bulletin of an inventory (清单公报) as a Word document or a workbook."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import polars as pl

from tongyuan.ledger.finding import FindingError, finding
from tongyuan.reference.shelf import Language

SUFFIXES = (".docx", ".xlsx")


def bulletin(tables: Mapping[str, pl.DataFrame], path: Path, language: Language) -> Path:
    """Write the bulletin of the inventory in `tables` to `path` (``.docx`` or ``.xlsx``) and return the path.

    Raises
    ------
    FindingError
        If the file is to be of another kind, or cannot be written.
    """
    if path.suffix not in SUFFIXES:
        words: dict[str, Any] = {"name": path.name, "allowed": ", ".join(SUFFIXES)}
        raise FindingError([finding("flows", "bulletin_suffix", **words)])
    from tongyuan.report.inventory.document.bulletin import inventory_bulletin

    blocks = inventory_bulletin(tables, language)
    if path.suffix == ".xlsx":
        from tongyuan.report.excel.document import workbook

        return Path(workbook(blocks, path, language))
    from tongyuan.report.word.document import document

    return document(blocks, path, language)
