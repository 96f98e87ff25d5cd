"""Regions that people type for projects: a code of a county or the name of a city."""

from __future__ import annotations

import polars as pl

from tongyuan.ledger.finding import FindingError, finding
from tongyuan.reference.shelf import identify, shelf
from tongyuan.zoning.access.place import within

ROOM = "zoning"


def code_of(text: str) -> str | None:
    """Return the code of GB/T 2260 of what is typed as a code or a name; None if it is none."""
    cleaned = text.strip()
    if cleaned.isdigit() and len(cleaned) == 6:
        return cleaned if home(cleaned) else None
    return identify("region", cleaned)


def home(code: str) -> str | None:
    """Return the city or province of the shelf that a code lies in."""
    known = set(shelf("region")["region"])
    municipal = code[:2] + "0100"
    return next((c for c in (*within(code), municipal) if c in known), None)


def coded_regions(frame: pl.DataFrame, name: str) -> pl.DataFrame:
    """Return a frame with its regions as codes.

    Raises
    ------
    FindingError
        With every region that is none.
    """
    typed = frame["region"].drop_nulls().unique(maintain_order=True).to_list()
    codes = {text: code_of(text) for text in typed}
    wrong = [text for text, code in codes.items() if code is None]
    if wrong:
        raise FindingError([finding(ROOM, "region_unknown", table=name, text=text) for text in wrong])
    return frame.with_columns(pl.col("region").replace_strict(codes, default=None, return_dtype=pl.String))
