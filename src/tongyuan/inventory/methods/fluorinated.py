"""Fluorinated gases: HFC-23, fluorochemicals, electronics, refrigerant banks, switchgear."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

import numpy.typing as npt
import polars as pl

from tongyuan.inventory.methods.adaptor import Entry, Row, Settings, walk
from tongyuan.reference.method.stoichiometry import Array, array

IPCC = "ipcc_2019"


def guide_hfc23(product: npt.ArrayLike, factor: npt.ArrayLike, destroyed: npt.ArrayLike = 0.0) -> Array:
    """By-product HFC-23 of HCFC-22: ``E = P · EF − destroyed or recovered``.

    Parameters
    ----------
    product : array, shape (...) [t HCFC-22]
    factor : array, shape (...) [t/t]
    destroyed : array, shape (...) [t]

    Returns
    -------
    array, shape (...) [t HFC-23]

    References
    ----------
    中国氟化工企业温室气体排放核算方法与报告指南(试行), 2015; IPCC 2006 Vol.3 Eq 3.30.
    """
    return array(product) * array(factor) - array(destroyed)


def guide_fluorochemical_loss(product: npt.ArrayLike, loss: npt.ArrayLike = 0.005) -> Array:
    """Gas lost when fluorochemicals are made: ``E = P · loss``.

    Parameters
    ----------
    product : array, shape (...) [t]
    loss : array, shape (...) [fraction], 0 to 1
        .005; SF6 of 99.999 % purity .08, other SF6 .002.

    Returns
    -------
    array, shape (...) [t]

    References
    ----------
    中国氟化工企业温室气体排放核算方法与报告指南(试行), 2015.
    """
    return array(product) * array(loss)


def guide_fill_leak(count: npt.ArrayLike, molar_mass: npt.ArrayLike, leak: npt.ArrayLike = 0.342) -> Array:
    """Gas lost when equipment is filled: ``E = N · leak · M · 10⁻⁶``.

    Parameters
    ----------
    count : array, shape (...) [count]
        Fillings.
    molar_mass : array, shape (...) [g/mol]
    leak : array, shape (...) [mol]
        Per filling.

    Returns
    -------
    array, shape (...) [t]

    References
    ----------
    Accounting guides of the 24 industries, filling of equipment.
    """
    return array(count) * array(leak) * array(molar_mass) * 1e-6


def guide_electronics_gas(
    consumption: npt.ArrayLike,
    use: npt.ArrayLike,
    treated: npt.ArrayLike,
    destroyed: npt.ArrayLike,
    heel: npt.ArrayLike = 0.1,
) -> Array:
    """Gas leaving an electronics process: ``E = (1 − h) · FC · (1 − U) · (1 − a·d)``.

    Parameters
    ----------
    consumption : array, shape (...) [t]
    use, treated, destroyed, heel : array, shape (...) [fraction], 0 to 1
        Utilisation U, share treated a, destruction d, heel left in the cylinder h.

    Returns
    -------
    array, shape (...) [t]

    References
    ----------
    电子设备制造企业温室气体排放核算方法与报告指南(试行), 2015; IPCC 2006 Vol.3 Eq 6.2.
    """
    left = (1 - array(heel)) * array(consumption) * (1 - array(use))
    return left * (1 - array(treated) * array(destroyed))


def guide_electronics_by_product(
    consumption: npt.ArrayLike,
    by_product: npt.ArrayLike,
    treated: npt.ArrayLike,
    destroyed: npt.ArrayLike,
    heel: npt.ArrayLike = 0.1,
) -> Array:
    """Gas formed in an electronics process: ``E = (1 − h) · FC · B · (1 − a·d)``.

    Parameters
    ----------
    consumption : array, shape (...) [t]
    by_product : array, shape (...) [t/t]
        B, mass of by-product per mass of gas used.
    treated, destroyed, heel : array, shape (...) [fraction], 0 to 1

    Returns
    -------
    array, shape (...) [t]

    References
    ----------
    电子设备制造企业温室气体排放核算方法与报告指南(试行), 2015; IPCC 2006 Vol.3 Eq 6.3.
    """
    made = (1 - array(heel)) * array(consumption) * array(by_product)
    return made * (1 - array(treated) * array(destroyed))


class Refrigerant(NamedTuple):
    """Emissions of a refrigerant bank [t]."""

    charging: Array
    operation: Array
    end_of_life: Array


def ipcc_refrigerant_tier_2a(
    charged: npt.ArrayLike,
    bank: npt.ArrayLike,
    retired: npt.ArrayLike,
    charge_loss: npt.ArrayLike,
    operation_loss: npt.ArrayLike,
    remaining: npt.ArrayLike,
    recovery: npt.ArrayLike,
) -> Refrigerant:
    """Emission-factor approach: ``E = M·k + B·x + M_ret·p·(1 − η_rec)``.

    Parameters
    ----------
    charged, bank, retired : array, shape (...) [t]
        Refrigerant charged into new equipment, banked in equipment in use, initial charge of equipment
        retired.
    charge_loss, operation_loss, remaining, recovery : array, shape (...) [fraction], 0 to 1
        k, x per year, p and η_rec.

    Returns
    -------
    Refrigerant

    References
    ----------
    IPCC 2006 Vol.3 Eq 7.12 to 7.14 (tier 2a).
    """
    lost = array(retired) * array(remaining) * (1 - array(recovery))
    return Refrigerant(array(charged) * array(charge_loss), array(bank) * array(operation_loss), lost)


def ipcc_refrigerant_tier_2b(
    sales: npt.ArrayLike,
    charge_new: npt.ArrayLike,
    charge_retired: npt.ArrayLike,
    destroyed: npt.ArrayLike = 0.0,
) -> Array:
    """Mass-balance approach: ``E = sales − charge of new equipment + charge of retired equipment −
    destroyed``.

    Parameters
    ----------
    sales : array, shape (...) [t]
        New refrigerant sold in the year.
    charge_new, charge_retired : array, shape (...) [t]
        Total charge of new and original total charge of retiring equipment.
    destroyed : array, shape (...) [t]
        Intentional destruction.

    Returns
    -------
    array, shape (...) [t]

    References
    ----------
    IPCC 2006 Vol.3 Eq 7.9 (tier 2b).
    """
    return array(sales) - array(charge_new) + array(charge_retired) - array(destroyed)


def guide_switchgear_sf6(capacity: npt.ArrayLike, recovered: npt.ArrayLike) -> Array:
    """SF6 of switchgear repaired or retired: ``E = Σ (capacity − recovered)``, one element per device.

    Parameters
    ----------
    capacity, recovered : array, shape (...) [t]

    Returns
    -------
    array, shape (...) [t SF6]

    References
    ----------
    中国电网企业温室气体排放核算方法与报告指南(试行), 2013.
    """
    return array(capacity) - array(recovered)


def guide_transmission_loss_co2(
    sent: npt.ArrayLike,
    imported: npt.ArrayLike,
    exported: npt.ArrayLike,
    sold: npt.ArrayLike,
    factor: npt.ArrayLike,
) -> Array:
    """Indirect CO2 of grid losses: ``E = (sent out + imported − exported − sold) · EF``.

    Parameters
    ----------
    sent, imported, exported, sold : array, shape (...) [MWh]
    factor : array, shape (...) [t CO2/MWh]

    Returns
    -------
    array, shape (...) [t CO2]

    References
    ----------
    中国电网企业温室气体排放核算方法与报告指南(试行), 2013.
    """
    return (array(sent) + array(imported) - array(exported) - array(sold)) * array(factor)


def _process(use: str) -> str:
    if use == "mobile_ac":
        return "fgas.mobile_ac"
    return "fgas.air_conditioning" if use in ("building_ac", "chiller") else "fgas.refrigeration"


def _row(entry: Entry) -> Iterator[Row]:
    use, gas = entry.option("use"), entry.option("gas")

    def read(name: str) -> Any:
        return entry.parameter("fluorinated", name, edition=IPCC, item=use, own=name)

    k, x, p, rec = read("charge_loss"), read("operation_loss"), read("remaining"), read("recovery")
    loss = ipcc_refrigerant_tier_2a(
        entry.amount("charged", 0.0),
        entry.amount("bank", 0.0),
        entry.amount("retired", 0.0),
        k.value,
        x.value,
        p.value,
        rec.value,
    )
    for stage, value, used in (
        ("charging", loss.charging, [k]),
        ("operation", loss.operation, [x]),
        ("end_of_life", loss.end_of_life, [p, rec]),
    ):
        if float(value):
            yield entry.emission(
                "ipcc_refrigerant_tier_2a",
                gas,
                float(value),
                process=_process(use),
                origin="fugitive",
                product=use,
                technology=stage,
                factor=used,
            )


def emission_from_refrigerant_bank(frame: Any, settings: Settings | None = None) -> pl.DataFrame:
    """Return the emissions of table ``refrigerant_bank``: charging, operation and end of life of each gas.

    Raises
    ------
    FindingError
        With all cells and coefficients that are missing.
    """
    return walk("refrigerant_bank", frame, settings, _row)
