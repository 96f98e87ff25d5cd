"""The same activity in two tables: found, refused, or settled as the settings say.

A row of table ``activity`` and a cell of the energy balance are the same activity where region and year are
one, one's product is or contains the other's, so is the process (the balance's industry holds every fuel
burnt below ``industry``), and some species is left that both would yield; ``excluded`` leaves species out.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Literal, NamedTuple

import polars as pl

from tongyuan.ledger.coding import plain
from tongyuan.ledger.finding import Finding, at_row
from tongyuan.ledger.table import LIST, ONLY, PLACE
from tongyuan.reference import units
from tongyuan.reference.factors.match import ancestors, lineage
from tongyuan.reference.factors.resolve import heating_value

Counts = Literal["refuse", "activity", "balance"]
Letters = Mapping[str, Mapping[str, str]]

SLACK = 0.01
"""Activity above its balance by less than this share is rounding."""
WHOLE_SECTOR = {"industry.combustion": "industry"}
"""Processes of the balance that hold all fuel burnt in a sector."""


class Yields(NamedTuple):
    """Species a row yields: only those of `names`, or all but those."""

    only: bool
    names: frozenset[str]

    @classmethod
    def of(cls, excluded: Iterable[str] | None) -> Yields:
        """Return what column ``excluded`` leaves of a row."""
        words = frozenset(() if excluded is None else excluded)
        return cls(ONLY in words, words - {ONLY})

    def less(self, other: Yields) -> Yields:
        """Return the species of this row that `other` does not yield."""
        if self.only:
            kept = self.names & other.names if not other.only else self.names - other.names
            return Yields(True, kept)
        return (
            Yields(False, self.names | other.names) if other.only else Yields(True, other.names - self.names)
        )

    @property
    def nothing(self) -> bool:
        """Whether no species is left."""
        return self.only and not self.names

    def meets(self, other: Yields) -> bool:
        """Return whether some species is yielded by both."""
        return self.less(other) != self

    @property
    def words(self) -> list[str]:
        """The cell of column ``excluded``."""
        return [ONLY] * self.only + sorted(self.names)


class Settled(NamedTuple):
    """Activity in which nothing counts twice, and what is said about it."""

    own: pl.DataFrame
    balance: pl.DataFrame
    findings: list[Finding]


def related(process: str, other: str) -> bool:
    """Return whether one process is the other or above it, or holds all fuel burnt in its sector."""
    if process in ancestors(other) or other in ancestors(process):
        return True
    return any(WHOLE_SECTOR.get(a, "/") in ancestors(b) for a, b in ((process, other), (other, process)))


def same_product(product: str, other: str) -> bool:
    """Return whether one fuel or product is the other or contains it."""
    return product in lineage("product", other) or other in lineage("product", product)


def _pairs(own: pl.DataFrame, balance: pl.DataFrame) -> list[tuple[int, int]]:
    """Return the rows (own, balance) that are the same activity."""
    products, others = (f["product"].drop_nulls().unique().to_list() for f in (own, balance))
    alike = [(a, b) for a in products for b in others if a and same_product(a, b)]
    if not alike:
        return []
    columns = ["region", "year", "process", "product", "excluded"]
    left, right = (
        frame.select(columns).with_row_index(name) for frame, name in ((own, "own"), (balance, "balance"))
    )
    near = left.join(
        pl.DataFrame(alike, schema=["product", "product_balance"], orient="row"), on="product"
    ).join(
        right,
        left_on=["region", "year", "product_balance"],
        right_on=["region", "year", "product"],
        suffix="_balance",
    )
    return sorted(
        (row["own"], row["balance"])
        for row in near.to_dicts()
        if related(row["process"], row["process_balance"])
        and Yields.of(row["excluded"]).meets(Yields.of(row["excluded_balance"]))
    )


def amount_in(row: Mapping[str, Any], unit: str, fuel_set: str) -> float | None:
    """Return the amount of a row in `unit`, by the heating value of its fuel where that is needed."""
    scale, canonical = units.canonical(row["unit"])
    target_scale, target = units.canonical(unit)
    value = float(row["value"]) * scale / target_scale
    if canonical == target:
        return value
    heat = heating_value(row["product"], fuel_set)
    if heat is not None and (canonical, target) == ("TJ", heat[1]):
        return value / heat[0]
    if heat is not None and (canonical, target) == (heat[1], "TJ"):
        return value * heat[0]
    return None


def _seen(place: str | None) -> str:
    """Return a place as a person reads it."""
    return " · ".join(part for part in (place or "").split("|") if part) or "–"


def _words(own: Mapping[str, Any], balance: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "process": own["process"],
        "product": own["product"],
        "region": own["region"],
        "year": own["year"],
        "amount": f"{own['value']:.6g} {own['unit']}",
        "other": f"{balance['value']:.6g} {balance['unit']}",
        "item": balance["process"],
        "where": _seen(balance.get(PLACE)),
    }


def settle(
    own: pl.DataFrame, balance: pl.DataFrame, counts: Counts, *, fuel_set: str, letters: Letters
) -> Settled:
    """Return table ``activity`` and the activity of the balance so that nothing counts twice.

    Parameters
    ----------
    own
        Table ``activity`` as it was read.
    balance
        Activity of the energy balance (:func:`tongyuan.inventory.balance.activity_from_balance`).
    counts
        ``refuse``: an overlap is an error that names both places and amounts. ``activity``: the rows of the
        table count, and the balance for what is left of it. ``balance``: the balance counts, and the rows of
        the table for the species the balance does not yield.
    fuel_set
        Fuel set whose heating values bring amounts by energy and by mass together.
    letters
        Letters of the columns of each sheet.
    """
    pairs = _pairs(own, balance)
    if not pairs:
        return Settled(own, balance, [])
    if counts == "balance":
        return Settled(
            _less(own, balance, pairs), balance, _told("overlap_balance", pairs, own, balance, letters)
        )
    if counts == "refuse":
        return Settled(own, balance, _told("overlap", pairs, own, balance, letters))
    findings = _told("overlap_activity", pairs, own, balance, letters)
    rows = {a: own.row(a, named=True) for a in dict.fromkeys(pair[0] for pair in pairs)}
    cells, beside = balance.to_dicts(), list[dict[str, Any]]()
    for mine in rows:
        need = 1.0
        for theirs in (b for a, b in pairs if a == mine):
            row, cell = rows[mine], cells[theirs]
            amount = amount_in(row, cell["unit"], fuel_set)
            if amount is None:
                findings.append(_at("overlap_unit", row, cell, letters))
                need = 0.0
                break
            taken = min(amount * need, cell["value"])
            need -= taken / amount if amount else need
            rest = Yields.of(cell["excluded"]).less(Yields.of(row["excluded"]))
            if not rest.nothing and taken > 0:
                name = f"{cell['activity_id']}:{row['activity_id']}"
                beside.append(cell | {"activity_id": name, "value": taken, "excluded": rest.words})
            cell["value"] -= taken
        if need > SLACK:
            first = next(b for a, b in pairs if a == mine)
            findings.append(_at("overlap_more", rows[mine], balance.row(first, named=True), letters))
    remaining = [cell for cell in cells if cell["value"] > 0]
    return Settled(own, pl.DataFrame([*remaining, *beside], schema=balance.schema), findings)


def _less(own: pl.DataFrame, balance: pl.DataFrame, pairs: list[tuple[int, int]]) -> pl.DataFrame:
    """Return `own` without the species that the balance yields; rows left with none are gone."""
    yields = {a: Yields.of(own["excluded"][a]) for a, _ in pairs}
    for mine, theirs in pairs:
        yields[mine] = yields[mine].less(Yields.of(balance["excluded"][theirs]))
    words = {a: left.words for a, left in yields.items() if not left.nothing}
    gone = [a for a, left in yields.items() if left.nothing]
    row = pl.col("_row")
    return (
        own.with_row_index("_row")
        .filter(~row.is_in(gone))
        .with_columns(
            excluded=pl.when(row.is_in(list(words)))
            .then(row.replace_strict(words, default=None, return_dtype=LIST))
            .otherwise("excluded")
        )
        .drop("_row")
    )


def _at(check: str, row: Mapping[str, Any], cell: Mapping[str, Any], letters: Letters) -> Finding:
    return at_row("inventory", check, row.get(PLACE) or "", "value", letters, **_words(row, cell))


def _told(
    check: str, pairs: list[tuple[int, int]], own: pl.DataFrame, balance: pl.DataFrame, letters: Letters
) -> list[Finding]:
    """Return one finding for each pair of rows."""
    return [_at(check, own.row(a, named=True), balance.row(b, named=True), letters) for a, b in pairs]


def with_methods(
    emission: pl.DataFrame, made: pl.DataFrame, activity: pl.DataFrame, letters: Letters
) -> list[Finding]:
    """Return an error for every activity row whose species a table of a method yields, too.

    Parameters
    ----------
    emission
        Emission rows of activity × factor, without the species left to others.
    made
        Emission rows of methods.
    activity
        The rows of both, with ``activity_id`` and, where they were read, ``_place``.
    """
    keys = ["region", "year", "species", "scope", "origin"]
    columns = [*keys, "process", "product", "value", "unit", "activity_id"]
    kinds = [plain(frame.select("process", "product").unique()).rows() for frame in (emission, made)]
    names = ("process", "product", "process_made", "product_made")
    twice = [
        (*ours, *theirs)
        for ours in kinds[0]
        for theirs in kinds[1]
        if _one(ours[0], theirs[0], ours[1] or "", theirs[1] or "")
    ]
    if not twice:
        return []
    frame = pl.DataFrame(twice, schema=dict.fromkeys(names, pl.String), orient="row")
    row = pl.col("activity_id").list.first()
    processes = sorted(set(frame["process"]))
    ours = emission.filter(
        pl.col("process").is_in(processes), pl.col("origin") != "control", pl.col("value") != 0
    )
    ours, theirs = plain(ours.select(columns)), plain(made.filter(pl.col("value") != 0).select(columns))
    ours, theirs = ours.with_columns(row), theirs.with_columns(row)
    found = ours.join(frame, on=["process", "product"], nulls_equal=True).join(
        theirs,
        left_on=[*keys, "process_made", "product_made"],
        right_on=[*keys, "process", "product"],
        suffix="_made",
        nulls_equal=True,
    )
    sums = found.group_by("activity_id", "region", "year", "process", "product", maintain_order=True).agg(
        pl.col("species").unique(maintain_order=True).head(6).str.join(", "),
        pl.col("value").first(),
        pl.col("unit").first(),
        pl.col("value_made").first(),
        pl.col("activity_id_made").first().alias("made"),
    )
    place = (
        dict(activity.select("activity_id", PLACE).drop_nulls().iter_rows())
        if PLACE in activity.columns
        else {}
    )
    return [
        at_row(
            "inventory",
            "overlap_method",
            place.get(row["activity_id"]) or "",
            "excluded",
            letters,
            process=row["process"],
            product=row["product"] or "–",
            region=row["region"],
            year=row["year"],
            species=row["species"],
            amount=f"{row['value']:.6g} {row['unit']}",
            other=f"{row['value_made']:.6g} {row['unit']}",
            where=_seen((place.get(row["made"]) or row["made"]).partition("#")[0]),
        )
        for row in sums.to_dicts()
    ]


def _one(process: str, made: str, product: str, made_product: str) -> bool:
    """Return whether a row of activity and one of a method are the same source."""
    if made not in ancestors(process) and process not in ancestors(made):
        return False
    return not product or not made_product or same_product(product, made_product)
