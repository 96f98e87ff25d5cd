"""An inventory handed to other systems: IAMC, common reporting tables, NFR, the tables of a city."""

from __future__ import annotations

from pathlib import Path
from typing import Any, cast

import polars as pl

from tongyuan.flows.ask import Answer
from tongyuan.flows.ask.region import member
from tongyuan.inventory.exchange.form import crt, gpc, iamc, nfr
from tongyuan.inventory.exchange.line import FORMS, Form
from tongyuan.ledger.finding import Bilingual, Finding, finding, require
from tongyuan.ledger.write.write import write_csv
from tongyuan.reference.region import catalogue, find
from tongyuan.reference.shelf import Language

ROOM = "inventory"
MOST = 6
__all__ = ["FORMS", "Form", "export", "write"]

LEFT = ".left.csv"
"""End of the name of the file with what the form has no place for."""


def export(
    path: Path, form: str, region: str = "", year: int | None = None, language: Language = "en"
) -> Answer:
    """Return the newest run of `path` in a form of others, and what the form has no place for.

    Parameters
    ----------
    form
        One of :data:`FORMS`.
    region, year
        Which sheet of ``crt``, ``nfr`` and ``gpc``; needed where the run has several. IAMC has all.
    language
        Of the titles of regions in IAMC.

    Raises
    ------
    FindingError
        If the form is unknown, the run has no inventory, or several regions or years and none was named.
    """
    require([] if form in FORMS else [finding(ROOM, "export_form", text=form, known=", ".join(FORMS))])
    held = member(path)
    emission = held.tables.get("emission", pl.DataFrame())
    require([finding(ROOM, "export_nothing", path=path.resolve().name)] if emission.is_empty() else [])
    chosen, gwp_set = cast(Form, form), held.gwp_set or "AR5"
    if chosen == "iamc":
        titles = {r: _title(r, language) for r in emission["region"].unique()}
        made, left = iamc(emission, gwp_set, titles)
    else:
        place = _one(emission, "region", _code(region), region)
        when = _one(emission, "year", year, year)
        if chosen == "nfr":
            made, left = nfr(emission, place, when)
        else:
            made, left = (crt if chosen == "crt" else gpc)(emission, place, when, gwp_set)
    return Answer({form: made, "left": left}, _told(left, gwp_set, chosen), {"rows": made.height})


def write(answer: Answer, form: str, path: Path) -> tuple[Path, ...]:
    """Write the sheet as CSV, and beside it what has no place; return the files.

    Raises
    ------
    FindingError
        If the name does not end in ``.csv``.
    """
    require([] if path.suffix == ".csv" else [finding(ROOM, "export_suffix", name=path.name)])
    written = [path]
    write_csv(answer[form], path)
    if answer["left"].height:
        written.append(path.with_suffix(LEFT))
        write_csv(answer["left"], written[-1])
    return tuple(written)


def _title(code: str, language: Language) -> str:
    known = catalogue().get(code)
    return code if known is None else known.title_en if language == "en" else known.title_zh


def _code(text: str) -> str | None:
    found = find(text) if text else None
    return found.region if found else text or None


def _one(emission: pl.DataFrame, column: str, wanted: Any, typed: Any) -> Any:
    """Return the one value of a column, or `wanted` if it is there."""
    held = emission[column].unique().sort().to_list()
    names = Bilingual(
        "、".join(_title(str(v), "zh") for v in held[:MOST]) + ("等" if len(held) > MOST else ""),
        ", ".join(_title(str(v), "en") for v in held[:MOST]) + (" …" if len(held) > MOST else ""),
    )
    if wanted is None:
        require([finding(ROOM, f"export_{column}", known=names)] if len(held) != 1 else [])
        return held[0]
    require([finding(ROOM, "export_absent", text=typed, known=names)] if wanted not in held else [])
    return wanted


def _told(left: pl.DataFrame, gwp_set: str, form: Form) -> tuple[Finding, ...]:
    found = []
    for reason in ("category", "species", "scope"):
        rows = left.filter(pl.col("reason") == reason)
        if rows.is_empty():
            continue
        column = "species" if reason == "species" else "process"
        every = rows[column].unique(maintain_order=True).to_list()
        shown = [Bilingual.titled(column, name) for name in every[:MOST]]
        names = Bilingual(
            "、".join(n.zh for n in shown) + ("等" if len(every) > MOST else ""),
            ", ".join(n.en for n in shown) + (" …" if len(every) > MOST else ""),
        )
        found.append(finding(ROOM, f"export_left_{reason}", count=len(every), names=names))
    if form in ("crt", "gpc", "iamc") and gwp_set != "AR5":
        found.append(finding(ROOM, "export_gwp", gwp_set=gwp_set))
    return tuple(found)
