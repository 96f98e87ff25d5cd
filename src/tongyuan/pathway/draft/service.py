"""Which service a source yields: shelf ``service`` joins those that serve one demand."""

from __future__ import annotations

from dataclasses import dataclass, replace

import polars as pl

from tongyuan.ledger.finding import finding
from tongyuan.pathway.draft.ground import Ground, Sheets, best, parameter
from tongyuan.pathway.draft.key import Key
from tongyuan.reference import units
from tongyuan.reference.factors.match import lineage
from tongyuan.reference.factors.resolve import heating_value
from tongyuan.reference.shelf import shelf

ROOM = "pathway"
PLAUSIBLE = (0.05, 1.0)
"""What a balance may yield of its input; a ratio outside is passed over with a warning."""


@dataclass(frozen=True)
class Served:
    """What a source yields in the base year.

    Parameters
    ----------
    key
        The source.
    flow, unit, value
        The flow it yields and how much of it; a source without a service yields its own activity.
    service
        Row of shelf ``service``, empty without one.
    conversion, source, locator
        Service per unit of activity or heat, and where that is from.
    """

    key: Key
    flow: str
    unit: str
    value: float
    service: dict[str, str]
    conversion: float
    source: str
    locator: str


def served(found: list[Key], ground: Ground, sheets: Sheets) -> list[Served]:
    """Return what every source yields, by its nearest row of shelf ``service``."""
    there = {f"{key.process}:{key.product}" for key in found}
    rows = [r for r in shelf("service").to_dicts() if not there & set(r["unless"].split("|"))]
    flows = {row["flow"]: row for row in shelf("service_flow").to_dicts()}
    chosen = [(key, best(rows, key.process, key.product)) for key in found]
    ratios = {
        row["id"]: _of_balance(row, [k for k, r in chosen if r is row], ground, sheets)
        for row in rows
        if row["rule"] == "balance"
    }
    result = []
    for key, row in chosen:
        made = None if row is None else _yield(key, row, flows[row["flow"]]["unit"], ratios, ground.fuel_set)
        if made is None:
            own = f"own:{key.technology}"
            result.append(Served(key, own, key.unit, key.value, {}, 1.0, "", ""))
        else:
            assert row is not None
            result.append(Served(key, row["flow"], flows[row["flow"]]["unit"], made[0], row, *made[1:]))
    return [_as_typed(s, ground, sheets) for s in result]


def _as_typed(s: Served, ground: Ground, sheets: Sheets) -> Served:
    """Return what a source yields as the user has typed it in table ``stock``, where they have.

    A unit of another kind and an activity that is not above zero are errors.
    """
    if "stock" not in ground.typed:
        return s
    rows = ground.typed["stock"].filter(
        pl.col("technology") == s.key.technology, pl.col("activity").is_not_null()
    )
    if rows.is_empty():
        return s
    units_ = rows["activity_unit"].fill_null(s.unit).to_list()
    name = s.key.technology
    for unit in units_:
        if not units.known(unit) or units.dimension(unit) != units.dimension(s.unit):
            sheets.findings.append(
                finding(ROOM, "draft_stock_unit", technology=name, unit=unit, needed=s.unit)
            )
            return s
    value = sum(v * units.factor(u, s.unit) for v, u in zip(rows["activity"], units_, strict=True))
    if not value > 0.0:
        sheets.findings.append(finding(ROOM, "draft_stock_zero", technology=name, value=f"{value:g}"))
        return s
    source = str(rows["source"][0] or "")
    return replace(s, value=value, conversion=s.conversion * value / s.value, source=source, locator="stock")


def conversion(row: dict[str, str]) -> tuple[float, str, str]:
    """Return the conversion of a row of shelf ``service`` or ``service_input`` with source and locator."""
    if row["parameter"]:
        cited = parameter(row["parameter"])
        return float(cited["value"]), cited["source"], f"technology_cost: {row['parameter']}"
    number = row["conversion"] if "conversion" in row else row["coefficient"]
    return float(number), row["source"], row["locator"]


def _yield(
    key: Key,
    row: dict[str, str],
    unit: str,
    ratios: dict[str, tuple[float, str, str] | None],
    fuel_set: str,
) -> tuple[float, float, str, str] | None:
    ratio, source, locator = ratios.get(row["id"]) or conversion(row)
    if row["rule"] in ("energy", "balance"):
        if key.energy is None:
            return None
        above = row["unit"].partition("/")[0].strip("()") or "TJ"
        return float(units.convert(key.energy * ratio, above, unit)), ratio, source, locator
    below = row["unit"].partition("/")[2].strip("()")
    above = row["unit"].partition("/")[0].strip("()")
    counted = _amount(key, below, fuel_set)
    if counted is None:
        return None
    amount = units.convert(counted * ratio, above, unit)
    return float(amount), ratio, source, locator


def _amount(key: Key, unit: str, fuel_set: str) -> float | None:
    """Return the activity of a source in `unit`, a fuel counted as heat by its heating value; None else."""
    if units.known(key.unit) and units.dimension(key.unit) == units.dimension(unit):
        return float(units.convert(key.value, key.unit, unit))
    known = heating_value(key.product, fuel_set) if key.product and key.energy is not None else None
    if known is None or key.energy is None or units.dimension(known[1]) != units.dimension(unit):
        return None
    return float(units.convert(key.energy / known[0], known[1], unit))


def _of_balance(
    row: dict[str, str], found: list[Key], ground: Ground, sheets: Sheets
) -> tuple[float, str, str] | None:
    """Return what a TJ of fuel yields by the balance of the region, None where there is none."""
    cells = ground.balance.filter(
        (pl.col("item") == row["balance_item"]) & (pl.col("product") == row["balance_product"])
    )
    heat = sum(key.energy or 0.0 for key in found)
    if cells.is_empty() or heat <= 0.0:
        return None
    made = sum(abs(v) * units.factor(u, "TJ") for v, u in cells.select("value", "unit").iter_rows())
    ratio = made / heat
    if not PLAUSIBLE[0] <= ratio <= PLAUSIBLE[1]:
        sheets.findings.append(
            finding(ROOM, "draft_ratio", item=row["balance_item"], ratio=f"{ratio:.3g}",
                    default=row["conversion"])
        )  # fmt: skip
        return None
    source = str(cells["source"][0] or "")
    return ratio, source, f"{row['balance_item']}: {made:.6g} TJ ÷ {heat:.6g} TJ"


def fuel(product: str) -> str:
    """Return the priced flow that a fuel is, empty where its price cannot be cited."""
    of = {row["product"]: row["flow"] for row in shelf("service_fuel").to_dicts()}
    line = lineage("product", product) if product else []
    return next((of[step] for step in line if step in of), "") if "coking_product" not in line else ""


def price_of(row: dict[str, str], flow_unit: str, fuel_set: str) -> tuple[float, str] | None:
    """Return a row of shelf ``service_price`` as money per unit of its flow, None where that cannot be."""
    money, _, below = row["unit"].partition("/")
    value = float(row["value"])
    if units.dimension(below) == units.dimension(flow_unit):
        return value * units.factor(flow_unit, below), f"{money}/{flow_unit}"
    known = heating_value(row["product"], fuel_set) if row["product"] else None
    if known is None:
        return None
    return value / (units.factor(below, known[1]) * known[0]), f"{money}/TJ"
