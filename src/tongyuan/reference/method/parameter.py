"""Coefficients of the published methods: the shelves ``reference/data/method/method_<topic>.csv``, with their
citations.

Every shelf has the columns ``parameter, edition, item, condition, value, unit, lower, upper, status, source,
locator``. `edition` names the publication whose set of coefficients the row belongs to (``ipcc_2006``,
``gbt_32151_22_2024`` …), `item` what it is for (an animal, a waste, a fertiliser) and `condition`
where or under
which circumstances it holds. A row without source and locator does not load; a row of status ``unverified``
answers only when it is asked for.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType
from typing import Any

from tongyuan.reference.shelf import shelf, shelves

COLUMNS = (
    "parameter",
    "edition",
    "item",
    "condition",
    "value",
    "unit",
    "lower",
    "upper",
    "status",
    "source",
    "locator",
)
STATUSES = ("measured", "official", "secondary", "derived", "unverified")


@dataclass(frozen=True)
class Parameter:
    """One coefficient with its range and citation; `id` names it in the column ``factor_id`` of a result."""

    id: str
    value: float
    unit: str
    lower: float | None = None
    upper: float | None = None
    status: str = "measured"
    source: str = ""
    locator: str = ""


class ParameterError(LookupError):
    """Raised when no coefficient answers; `check` and `values` make the finding that says so."""

    def __init__(self, check: str, **values: Any) -> None:
        self.check = check
        self.values: MappingProxyType[str, Any] = MappingProxyType(values)
        super().__init__(f"{check}: {values}")


def topics() -> tuple[str, ...]:
    """Return the names of all topics that have a shelf of coefficients."""
    return tuple(sorted(n.removeprefix("method_") for n in shelves() if n.startswith("method_")))


def _number(text: str) -> float | None:
    return float(text) if text else None


def _load(topic: str) -> Iterator[tuple[tuple[str, ...], Parameter]]:
    frame = shelf(f"method_{topic}")
    if tuple(frame.columns) != COLUMNS:
        raise ValueError(f"shelf method_{topic}: columns are {frame.columns}, expected {list(COLUMNS)}")
    for row in frame.to_dicts():
        key = (row["parameter"], row["edition"], row["item"], row["condition"])
        name = f"{topic}:{':'.join(part for part in key if part)}"
        if not (row["source"] and row["locator"] and row["status"] in STATUSES):
            raise ValueError(f"shelf method_{topic}: row {name} has no citation or an unknown status")
        yield (
            key,
            Parameter(
                name,
                float(row["value"]),
                row["unit"],
                _number(row["lower"]),
                _number(row["upper"]),
                row["status"],
                row["source"],
                row["locator"],
            ),
        )


@cache
def parameters(topic: str) -> MappingProxyType[tuple[str, ...], Parameter]:
    """Return all coefficients of `topic`: (parameter, edition, item, condition) → :class:`Parameter`.

    Raises
    ------
    ValueError
        If a row lacks its citation, is of unknown status or repeats a key.
    """
    rows: dict[tuple[str, ...], Parameter] = {}
    for key, entry in _load(topic):
        if key in rows:
            raise ValueError(f"shelf method_{topic}: key {key} stands twice")
        rows[key] = entry
    return MappingProxyType(rows)


def parameter(
    topic: str,
    name: str,
    *,
    edition: str,
    item: str = "",
    condition: str = "",
    include_unverified: bool = False,
) -> Parameter:
    """Return coefficient `name` of `topic` in `edition`.

    A row for `item` under `condition` goes before one for `item`, and that before one for everything.

    Raises
    ------
    ParameterError
        If there is none (check ``parameter-missing``), or only an unverified one and those were not asked for
        (check ``parameter-unverified``).
    """
    rows = parameters(topic)
    for key in ((item, condition), (item, ""), ("", condition), ("", "")):
        found = rows.get((name, edition, *key))
        if found is None:
            continue
        if found.status == "unverified" and not include_unverified:
            raise ParameterError("parameter-unverified", parameter=found.id)
        return found
    known = sorted({":".join(p for p in key[1:] if p) for key in rows if key[0] == name})
    asked = ":".join(part for part in (edition, item, condition) if part)
    raise ParameterError(
        "parameter-missing", parameter=f"{topic}:{name}", asked=asked, known=", ".join(known)
    )
