"""The report as one picture (一图读懂) or as slides."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from tongyuan.flows.run import read_results
from tongyuan.ledger.finding import FindingError, finding
from tongyuan.ledger.run_set import run_table
from tongyuan.reference.shelf import Language

SUFFIXES = {False: (".png", ".pdf", ".html"), True: (".pdf", ".html")}
"""Kinds of files of a picture and of slides."""


def brief(folder: Path, path: Path, language: Language, *, slides: bool = False) -> Path:
    """Write the newest results of `folder` as one picture or as slides; return the file written.

    Without a Chromium on the machine the file is ``.html`` whatever was asked for.

    Raises
    ------
    FindingError
        If the file is to be of a kind that cannot be written.
    """
    allowed = SUFFIXES[slides]
    if path.suffix not in allowed:
        words: dict[str, Any] = {"name": path.name, "allowed": ", ".join(allowed)}
        raise FindingError([finding("flows", "bulletin_suffix", **words)])
    from tongyuan.report.html.brief import write_brief

    tables, record = read_results(folder)
    shown = {**tables, "run": run_table(record)}
    settings: Any = record["settings"]
    own = language == settings.get("language")
    title = settings["name"] if own else settings.get("name_en") or None if language == "en" else None
    return write_brief(shown, path, language, layout="slides" if slides else "brief", title=title)
