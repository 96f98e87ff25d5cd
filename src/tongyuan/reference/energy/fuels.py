"""Fuels: net calorific value, carbon content and oxidation in versioned sets.

Three default sets of Chinese guides are in use side by side (``A``, ``B``, ``C``), with the defaults of the
2006 IPCC Guidelines (``ipcc_2006``), three rows read from the national data base (``ncsc_v2``) and the
coal-equivalent factors recovered from two energy balances (``balance_2021``, ``balance_2014``). They differ
by up to a fifth, so a calculation names the set it uses; a fuel that a set lacks is an error, not a silent
visit to another set. Traps are printed by :func:`sets`.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import polars as pl

from tongyuan.reference import record, units
from tongyuan.reference.shelf import shelf

DEFAULT_SET = "C"
CO2_PER_CARBON = 44.0 / 12.0
"""Mass of CO2 per mass of carbon as the guides print it."""


@dataclass(frozen=True)
class Fuel:
    """One fuel of one set.

    Attributes
    ----------
    ncv
        Net calorific value in `ncv_unit`, None where the set prints none.
    carbon_content
        [tC/TJ], None where the set prints none.
    oxidation
        Share of the carbon that is oxidised, None where the set prints none.
    """

    set: str
    product: str
    ncv: float | None
    ncv_unit: str
    carbon_content: float | None
    oxidation: float | None
    status: str
    source: str
    locator: str
    note: str


def sets() -> pl.DataFrame:
    """Return the fuel sets with titles, source and traps."""
    return shelf("fuel_set")


@cache
def _fuels(name: str) -> dict[str, Fuel]:
    rows = shelf("fuel").filter(pl.col("set") == name).to_dicts()
    if not rows:
        raise KeyError(f"no fuel set {name!r}; there are {', '.join(shelf('fuel_set')['set'])}")
    return {
        row["product"]: Fuel(
            set=name,
            product=row["product"],
            ncv=float(row["ncv"]) if row["ncv"] else None,
            ncv_unit=row["ncv_unit"],
            carbon_content=float(row["carbon_content"]) if row["carbon_content"] else None,
            oxidation=float(row["oxidation"]) if row["oxidation"] else None,
            status=row["status"],
            source=row["source"],
            locator=row["locator"],
            note=row["note"],
        )
        for row in rows
    }


def get(product: str, name: str = DEFAULT_SET) -> Fuel:
    """Return the row of `product` in set `name`.

    Raises
    ------
    KeyError
        If the set is unknown or has no such fuel.
    """
    try:
        return _fuels(name)[product]
    except KeyError as error:
        if name not in set(shelf("fuel_set")["set"]):
            raise
        raise KeyError(f"fuel set {name!r} has no {product!r}") from error


def products(name: str = DEFAULT_SET) -> tuple[str, ...]:
    """Return the products of set `name`."""
    return tuple(_fuels(name))


def heating_value(product: str, name: str = DEFAULT_SET) -> tuple[float, str]:
    """Return the net calorific value in canonical units: ``(TJ per t, "t")`` or ``(TJ per m3, "m3")``.

    Raises
    ------
    KeyError
        If the set does not print one.
    """
    fuel = get(product, name)
    if fuel.ncv is None:
        raise KeyError(f"fuel set {name!r} prints no heating value for {product!r}")
    ratio = units.split_ratio(fuel.ncv_unit)
    return fuel.ncv * ratio.numerator / ratio.denominator, ratio.denominator_unit


def carbon_factor(product: str, name: str = DEFAULT_SET) -> float:
    """Return the CO2 factor of complete accounting [kg/TJ].

    .. math:: EF = CC \\cdot OF \\cdot \\tfrac{44}{12} \\cdot 1000

    Parameters
    ----------
    product, name
        Fuel and set with carbon content :math:`CC` [tC/TJ] and oxidation :math:`OF`.

    References
    ----------
    24 industry guides (2013-2015), equation of fossil fuel combustion; GB/T 32151.

    Raises
    ------
    KeyError
        If the set does not print carbon content and oxidation.
    """
    fuel = get(product, name)
    if fuel.carbon_content is None or fuel.oxidation is None:
        raise KeyError(f"fuel set {name!r} prints no carbon content and oxidation for {product!r}")
    return fuel.carbon_content * fuel.oxidation * CO2_PER_CARBON * 1000.0


@cache
def _biogenic() -> frozenset[str]:
    """Return biomass, everything made of it, and the biogenic part of waste."""
    parents = dict(zip(shelf("product")["product"], shelf("product")["parent"], strict=True))
    found = {"biomass", "municipal_waste_biogenic"}
    while more := {product for product, parent in parents.items() if parent in found} - found:
        found |= more
    return frozenset(found)


@cache
def combustion_factors(name: str = DEFAULT_SET) -> pl.DataFrame:
    """Return the CO2 factors of set `name` as factor records (``fuel-set-C:diesel:CO2``), for any combustion.

    Fuels without carbon content or oxidation have no record.
    """
    held = _fuels(name)
    (definition,) = shelf("fuel_set").filter(pl.col("set") == name).to_dicts()
    rows = []
    for fuel in held.values():
        if fuel.carbon_content is None or fuel.oxidation is None:
            continue
        species = "CO2_biogenic" if fuel.product in _biogenic() else "CO2"
        rows.append(
            {
                "record_id": f"fuel-set-{name}:{fuel.product}:{species}",
                "kind": "emission_factor",
                "product": fuel.product,
                "region": definition["region"],
                "species": species,
                "value": carbon_factor(fuel.product, name),
                "unit": "kg/TJ",
                "basis": "NCV",
                "tier": definition["tier"],
                "status": fuel.status,
                "source": fuel.source,
                "locator": fuel.locator,
                "note": fuel.note,
            }
        )
    return record.frame(rows)
