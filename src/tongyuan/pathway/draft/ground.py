"""What a plan is drafted from, and the sheets it is written on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any

import polars as pl

from tongyuan.ledger.finding import Finding
from tongyuan.ledger.table import LIST, conform, empty, table
from tongyuan.reference.factors.match import lineage
from tongyuan.reference.shelf import shelf, title

PACE = 0.02
"""Share of a service that an alternative without a cited limit may take over in a year."""

RETIRE = 0.05
"""Share of the base-year activity of a source that may be given up in a year: all after twenty years."""

SMALL = 0.005
"""Sources below this share of every species get no devices of their own."""

SHAPED = "electricity"
"""The flow whose shape of the user brings storage into a draft."""


@dataclass(frozen=True)
class Ground:
    """The inventory of a workspace in its base year, as the hall brings it.

    Parameters
    ----------
    activity
        Rows of table ``activity`` whose emissions come from factors.
    emission
        Rows of table ``emission`` without avoided ones and without the own energy of devices.
    behind
        Input rows of methods as activity (``activity_id, value, unit``).
    control, balance, driver, target, observation, typed
        Tables of the workspace: devices, energy balance, drivers, targets of the programme, and rows of plan
        tables the user has typed, which stand in for drafted ones.
    name, region, fuel_set, gwp_set
        Name of the node, region whose records are used, sets of the account.
    base_year, years
        Base year and years of the periods.
    pace, retire
        See :data:`PACE` and :data:`RETIRE`.
    area
        Whether it is a province or city, with the wind and sun of its land, not a park or works.
    """

    activity: pl.DataFrame
    emission: pl.DataFrame
    behind: pl.DataFrame
    control: pl.DataFrame
    balance: pl.DataFrame
    driver: pl.DataFrame
    target: pl.DataFrame
    typed: Mapping[str, pl.DataFrame]
    name: str
    region: str
    fuel_set: str
    gwp_set: str
    base_year: int
    years: tuple[int, ...]
    pace: float = PACE
    retire: float = RETIRE
    area: bool = True


@dataclass
class Sheets:
    """Rows of plan tables as they are drafted, each with where it came from.

    `left` holds what is not offered, as item, subject and reason, so that it is written once.
    """

    rows: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    origin: list[dict[str, Any]] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    left: set[tuple[str, str, str]] = field(default_factory=set)

    def add(self, name: str, came: str, **row: Any) -> None:
        """Write a row of table `name` that came from `came` (choices of table ``plan_origin``)."""
        self.rows.setdefault(name, []).append(row)
        keys = [c.name for c in table(name).columns if c.key]
        self.origin.append(
            {
                "table": name,
                "row": " · ".join(str(row[k]) for k in keys if row.get(k) not in (None, "")),
                "origin": came,
                "source": cited_from(row.get("source")),
                "locator": str(row.get("locator") or ""),
            }
        )

    def note(self, kind: str, subject: str, zh: str, en: str, source: str = "") -> None:
        """Write a sentence of table ``plan_note``."""
        self.add("plan_note", "default", kind=kind, subject=subject, sentence_zh=zh, sentence_en=en,
                 source=source)  # fmt: skip

    def of(self, name: str) -> list[dict[str, Any]]:
        """Return the rows of table `name` so far."""
        return self.rows.get(name, [])

    def tables(self) -> dict[str, pl.DataFrame]:
        """Return the sheets as tables of the ledger."""
        made = {name: conform(name, _frame(name, rows)) for name, rows in self.rows.items()}
        made["plan_origin"] = conform("plan_origin", _frame("plan_origin", self.origin))
        return made


def cited_from(source: str | Sequence[str] | None) -> list[str]:
    """Return what a row is cited from as a list."""
    return [source] if source and isinstance(source, str) else list(source or ())


def _frame(name: str, rows: list[dict[str, Any]]) -> pl.DataFrame:
    known = dict(empty(name).schema)
    columns = [c for c in known if any(c in row for row in rows)]
    return pl.DataFrame(
        {c: [cited_from(row.get(c)) if known[c] == LIST else row.get(c) for row in rows] for c in columns},
        schema_overrides={c: known[c] for c in columns},
        strict=False,
    )  # fmt: skip


@cache
def cost_library() -> dict[tuple[str, str], dict[str, str]]:
    """Return the library of technologies by technology and parameter.

    Where a parameter is given for several years, that of 2030 counts; unverified rows are left out.
    """
    found: dict[tuple[str, str], dict[str, str]] = {}
    for row in shelf("technology_cost").to_dicts():
        key = (row["technology"], row["parameter"])
        if row["status"] != "unverified" and (key not in found or row["year"] == "2030"):
            found[key] = row
    return found


@cache
def first_cost() -> dict[str, dict[str, str]]:
    """Return the first row of the library of technologies by technology: its titles and its source."""
    found: dict[str, dict[str, str]] = {}
    for (technology, _), row in cost_library().items():
        found.setdefault(technology, row)
    return found


def shaped(ground: Ground) -> bool:
    """Return whether the user gives time slices and the share of electricity that falls in each."""
    typed = ground.typed.get("demand_slice")
    return typed is not None and "slice" in ground.typed and SHAPED in typed["flow"].to_list()


def parameter(identifier: str) -> dict[str, str]:
    """Return the row ``technology.parameter`` of the library of technologies.

    Raises
    ------
    KeyError
        If the library has no such row.
    """
    technology, _, name = identifier.rpartition(".")
    return cost_library()[technology, name]


def identifier(*parts: str) -> str:
    """Return the id of a technology made of the ids of its source."""
    return "-".join(part.replace(".", "_") for part in parts if part)


def titles(process: str, product: str = "", technology: str = "") -> dict[str, str]:
    """Return the titles of a source in both languages."""
    named = [("process", process), ("product", product), ("technology", technology)]
    zh = [title(shelf_, id_, "zh") for shelf_, id_ in named if id_]
    en = [title(shelf_, id_, "en") for shelf_, id_ in named if id_]
    return {"title_zh": " · ".join(zh), "title_en": ", ".join(en)}


def best(rows: list[dict[str, str]], process: str, product: str) -> dict[str, str] | None:
    """Return the row whose process and product stand for a source most nearly, None if none does.

    A row stands for its process and those below it, and for its product and those below it; the nearest
    process goes first, then the nearest product.
    """
    above, made = _process_line(process), lineage("product", product) if product else [""]
    found = [
        (above.index(row["process"]), made.index(row["product"]) if row["product"] else len(made), i)
        for i, row in enumerate(rows)
        if row["process"] in above and (not row["product"] or row["product"] in made)
    ]
    return rows[min(found)[2]] if found else None


def _process_line(process: str) -> list[str]:
    parts = process.split(".")
    return [".".join(parts[:n]) for n in range(len(parts), 0, -1)]
