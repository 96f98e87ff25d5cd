"""The sources of the base year as technologies: one for every process, product and technology."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from tongyuan.ledger.finding import Bilingual, finding
from tongyuan.pathway.draft.ground import Ground, Sheets, identifier, titles
from tongyuan.reference import units
from tongyuan.reference.factors.resolve import heating_value
from tongyuan.reference.shelf import Language
from tongyuan.reference.unit.spoken import quantity

LANGUAGES: tuple[Language, ...] = ("zh", "en")
ROOM = "pathway"


@dataclass(frozen=True)
class Key:
    """One source of the base year.

    Parameters
    ----------
    technology
        Id of the technology it becomes.
    process, product, variant
        Its process, product and technology in the inventory.
    value, unit
        Its activity in the base year.
    energy
        The same as heat of combustion [TJ], None where it is no fuel.
    source
        Where its activity comes from.
    """

    technology: str
    process: str
    product: str
    variant: str
    value: float
    unit: str
    energy: float | None
    source: str


def keys(ground: Ground, sheets: Sheets) -> list[Key]:
    """Return the sources of the base year, those of factors first, then those of methods.

    A source whose rows have units that cannot be brought to one counts in the unit of the first of them; an
    activity below zero (electricity sold, say) is no stock: an error says so.
    """
    whole = _of_factors(ground)
    named_ = {(key.process, key.product) for key in whole if not key.variant}
    found = [*whole, *(k for k in _of_methods(ground) if (k.process, k.product) not in named_)]
    for key in found:
        if key.value < 0.0:
            amount = Bilingual(*(quantity(key.value, key.unit, said, 6) for said in LANGUAGES))
            sheets.findings.append(
                finding(
                    ROOM, "draft_negative", process=key.process, product=key.product or "—", amount=amount
                )
            )
    return [key for key in found if key.value > 0.0]


def energy(product: str, value: float, unit: str, fuel_set: str) -> float | None:
    """Return the heat of combustion of an amount of fuel [TJ], None where `product` is no fuel of the set."""
    if units.known(unit) and units.dimension(unit) == "energy":
        return float(units.convert(value, unit, "TJ"))
    if not product:
        return None
    known = heating_value(product, fuel_set)
    if known is None or not units.known(unit) or units.dimension(unit) != units.dimension(known[1]):
        return None
    return float(units.convert(value, unit, known[1])) * known[0]


def _of_factors(ground: Ground) -> list[Key]:
    rows = ground.activity.with_columns(pl.col("product", "technology").fill_null(""))
    found = []
    for (process, product, variant), part in rows.group_by(
        "process", "product", "technology", maintain_order=True
    ):
        value, unit, heat = _sum(part, str(product), ground.fuel_set)
        source = "；".join(part["source"].drop_nulls().unique(maintain_order=True).head(3))
        found.append(
            Key(identifier(str(process), str(product), str(variant)), str(process), str(product),
                str(variant), value, unit, heat, source)
        )  # fmt: skip
    return found


def _sum(part: pl.DataFrame, product: str, fuel_set: str) -> tuple[float, str, float | None]:
    """Return the sum of rows with its unit, and the heat of combustion where all of them have one."""
    amounts = list(part.select(pl.col("value").fill_null(0.0), "unit").iter_rows())
    heats = [energy(product, value, unit, fuel_set) for value, unit in amounts]
    heat = sum(h for h in heats if h is not None) if all(h is not None for h in heats) else None
    first = amounts[0][1]
    same = all(unit == first or _alike(unit, first) for _, unit in amounts)
    if not same and heat is not None:
        return heat, "TJ", heat
    total = sum(value if unit == first or not same else units.convert(value, unit, first)
                for value, unit in amounts)  # fmt: skip
    return float(total), first, heat


def _alike(one: str, other: str) -> bool:
    known = units.known(one) and units.known(other)
    return known and units.dimension(one) == units.dimension(other)


def _of_methods(ground: Ground) -> list[Key]:
    amount = {
        row["activity_id"]: (row["value"], row["unit"], row["source"]) for row in ground.behind.to_dicts()
    }
    rows = method_rows(ground.emission)
    found = []
    for (process, product), part in rows.group_by("process", "product", maintain_order=True):
        ids = part["activity_id"].explode().unique(maintain_order=True).to_list()
        known = [amount[i] for i in ids if i in amount]
        units_ = {unit for _, unit, _ in known}
        value, unit = (sum(v for v, _, _ in known), units_.pop()) if len(units_) == 1 else (1.0, "item")
        source = "；".join(dict.fromkeys(str(s) for _, _, s in known if s))
        name = identifier(str(process), str(product), "method")
        found.append(Key(name, str(process), str(product), "", value or 1.0, unit or "item", None, source))
    return found


def method_rows(emission: pl.DataFrame) -> pl.DataFrame:
    """Return the rows of table ``emission`` that published methods yield, not factors or devices."""
    method = pl.col("method").fill_null("")
    own = method.str.starts_with("factor_tier") | (method == "control_consumption")
    return emission.filter(~own).with_columns(pl.col("product").fill_null(""))


def named(key: Key) -> dict[str, str]:
    """Return the titles of a source."""
    found = titles(key.process, key.product, key.variant)
    return found
