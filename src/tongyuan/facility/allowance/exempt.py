"""Who gets exactly what was verified: units and lines outside the benchmarks."""

from __future__ import annotations

from dataclasses import dataclass

from tongyuan.facility.allowance.rule import find


@dataclass(frozen=True)
class Facts:
    """What decides whether a unit or line is allocated what was verified; shares are fractions of heat."""

    biomass_share: float = 0.0
    own_secondary_share: float = 0.0
    green_hydrogen_share: float = 0.0
    fuel: str = "conventional_coal"
    only_own_waste_gas: bool = False
    converted_to_gas: bool = False
    emergency: bool = False
    hydrogen_furnace: bool = False
    white_clinker: bool = False
    gypsum_to_acid: bool = False
    slag_rate: float = 0.0
    closed: bool = False
    new_in_year: bool = False
    verified: float | None = None


def reason(sector: str, year: int, facts: Facts) -> str:
    """Return why the quota equals the verified emission; empty where the benchmark or intensity decides.

    Returns
    -------
    str
        One of ``biomass, own_secondary, biomass_and_secondary, special_gas, own_waste_gas, converted_to_gas,
        oil, emergency, green_hydrogen, hydrogen_furnace, white_clinker, slag, gypsum_to_acid, closed, new,
        below_threshold`` or empty.

    References
    ----------
    Consultation text 2025-2026 (power 2025 on, industry 2026); plan 2025 of industry (slag above 15 %).
    """
    general = _general(year, facts)
    own = {"power": _power, "steel": _steel, "cement": _cement}.get(sector)
    return general or (own(year, facts) if own else "")


def _general(year: int, f: Facts) -> str:
    if year < 2025:
        return ""
    if f.closed:
        return "closed"
    if f.new_in_year:
        return "new"
    threshold = find("all", year, "list_threshold")
    if f.verified is not None and threshold is not None and f.verified < threshold.value:
        return "below_threshold"
    return ""


def _power(year: int, f: Facts) -> str:
    if year < 2025:
        return ""
    tests = {
        "biomass": f.biomass_share > 0.2,
        "own_secondary": f.own_secondary_share > 0.1,
        "biomass_and_secondary": f.biomass_share + f.own_secondary_share > 0.2,
        "special_gas": f.fuel == "special_gas",
        "own_waste_gas": f.only_own_waste_gas,
        "converted_to_gas": f.converted_to_gas,
        "oil": f.fuel == "oil_fired",
        "emergency": f.emergency,
        "green_hydrogen": f.green_hydrogen_share > 0.2,
    }
    return next((name for name, holds in tests.items() if holds), "")


def _steel(year: int, f: Facts) -> str:
    return "hydrogen_furnace" if year >= 2026 and f.hydrogen_furnace else ""


def _cement(year: int, f: Facts) -> str:
    if year < 2025:
        return ""
    edge = find("cement", year, "slag_share")
    if f.white_clinker:
        return "white_clinker"
    if edge is not None and f.slag_rate > edge.value:
        return "slag"
    return "gypsum_to_acid" if f.gypsum_to_acid else ""
