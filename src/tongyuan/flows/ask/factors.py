"""Questions about emission factors: search, show, compare, check, and what a downloaded file holds."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from tongyuan.flows.ask import Answer
from tongyuan.ledger.finding import FindingError, finding
from tongyuan.reference.factors import library
from tongyuan.reference.shelf import identify

ROOM = "flows"


def _ids(**words: str) -> dict[str, str]:
    """Return the id behind each word on the shelf of its name; all that are unknown are said at once."""
    found = {name: identify(name, text) if text else "" for name, text in words.items()}
    wrong = [name for name, known in found.items() if known is None]
    if wrong:
        raise FindingError(finding(ROOM, f"unknown_{name}_word", text=words[name]) for name in wrong)
    return {name: known or "" for name, known in found.items()}


def search(
    words: Sequence[str] = (), *, species: str = "", process: str = "", product: str = "",
    unverified: bool = False,
) -> Answer:  # fmt: skip
    """Return the records (``factor``) that fit words in either language, a species, a process, a product.

    Raises
    ------
    FindingError
        With every name that stands on no shelf.
    """
    ids = _ids(species=species, process=process, product=product)
    found = library.search(
        " ".join(words),
        species=ids["species"] or None,
        process=ids["process"] or None,
        product=ids["product"] or None,
        include_unverified=unverified,
    )
    return Answer({"factor": found})


def show(record_id: str) -> dict[str, Any]:
    """Return one record with its citation.

    Raises
    ------
    FindingError
        If the library has no such record.
    """
    try:
        return library.show(record_id)
    except KeyError:
        raise FindingError([finding(ROOM, "unknown_record", record=record_id)]) from None


def compare(process: str, product: str = "", species: str = "") -> Answer:
    """Return every record (``factor``) that could serve a process and product, side by side."""
    ids = _ids(process=process, product=product, species=species)
    return Answer({"factor": library.compare(ids["process"], ids["product"], ids["species"] or None)})


def read(kind: str, path: Path) -> tuple[Answer, tuple[Any, ...]]:
    """Return the records of a downloaded file (``factor``) and the issues of its check.

    Raises
    ------
    FindingError
        If there is no such kind of file, or no such file.
    """
    from tongyuan.reference import importers

    if kind not in importers.kinds():
        known = ", ".join(importers.kinds())
        raise FindingError([finding(ROOM, "unknown_import", text=kind, known=known)])
    if not path.is_file():
        raise FindingError([finding(ROOM, "no_such_file", path=path)])
    frame, issues = importers.read(kind, path)
    return Answer({"factor": frame}), tuple(issues)


def check() -> tuple[Answer, tuple[Any, ...]]:
    """Return the records of the library, unverified ones too (``factor``), and the issues of its check."""
    from tongyuan.reference import quality

    frame = library.library(include_unverified=True)
    return Answer({"factor": frame}), tuple(quality.check(frame))
