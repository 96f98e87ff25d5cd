"""Equations of the accounting guides that both an inventory and an enterprise's own account need."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from tongyuan.reference.method.stoichiometry import CO2_PER_C, KG_PER_T, Array, array


def guide_combustion_co2(
    amount: npt.ArrayLike, ncv: npt.ArrayLike, carbon_content: npt.ArrayLike, oxidation: npt.ArrayLike
) -> Array:
    """CO2 of burnt fuel from its heat: ``E = FC · NCV · CC · OF · 44/12``.

    Parameters
    ----------
    amount : array, shape (...) [t or 10^4 m3]
        Fuel burnt.
    ncv : array, shape (...) [GJ/t or GJ/10^4 m3]
        Net calorific value.
    carbon_content : array, shape (...) [t C/GJ]
        Carbon per unit of heat.
    oxidation : array, shape (...) [fraction], 0 to 1
        Share of the carbon that is oxidised.

    Returns
    -------
    array, shape (...) [t CO2]

    References
    ----------
    Accounting guides of the 24 industries (2013 to 2015), combustion; GB/T 32151.22-2024, combustion.
    """
    return array(amount) * array(ncv) * array(carbon_content) * array(oxidation) * CO2_PER_C


def guide_combustion_co2_measured_carbon(
    amount: npt.ArrayLike, carbon: npt.ArrayLike, oxidation: npt.ArrayLike
) -> Array:
    """CO2 of burnt fuel from its measured element carbon: ``E = FC · C_ar · OF · 44/12``.

    Parameters
    ----------
    amount : array, shape (...) [t]
        Fuel burnt, as received.
    carbon : array, shape (...) [t C/t], 0 to 1
        Element carbon, as received.
    oxidation : array, shape (...) [fraction], 0 to 1
        Share of the carbon that is oxidised.

    Returns
    -------
    array, shape (...) [t CO2]

    References
    ----------
    Accounting guide for power generation facilities (2022); a measured carbon goes before a default.
    """
    return array(amount) * array(carbon) * array(oxidation) * CO2_PER_C


def ets_clinker_co2(
    clinker: float, factor: float, substitute: npt.ArrayLike = 0.0, credit: npt.ArrayLike = 0.0
) -> float:
    """Process CO2 of clinker: ``E = clinker · EF − Σ substitute · k``.

    Parameters
    ----------
    clinker : float [t]
    factor : float [t CO2/t]
        By kind of clinker: Portland .535, white .550, sulphoaluminate .413, aluminate .292.
    substitute : array, shape (n,) [t]
        Calcium-bearing substitute raw materials that bring no carbonate.
    credit : array, shape (n,) [t CO2/t]
        k of each substitute.

    Returns
    -------
    float [t CO2]

    References
    ----------
    企业温室气体排放核算与报告指南 水泥行业 (national ETS), process emission.
    """
    return clinker * factor - float(np.sum(array(substitute) * array(credit)))


def ets_anode_net(consumption: npt.ArrayLike, loss: npt.ArrayLike = 0.1518) -> Array:
    """Net anode consumption from the gross one: ``net = gross · (1 − loss)``.

    Parameters
    ----------
    consumption : array, shape (...) [t]
    loss : array, shape (...) [fraction], 0 to 1
        Share that returns as butts.

    Returns
    -------
    array, shape (...) [t]

    References
    ----------
    企业温室气体排放核算与报告指南 铝冶炼行业 (national ETS, 2024).
    """
    return array(consumption) * (1 - array(loss))


def ets_anode_co2(net: npt.ArrayLike, sulphur: npt.ArrayLike = 0.02, ash: npt.ArrayLike = 0.004) -> Array:
    """CO2 of anodes: ``E = net · (1 − S − A) · 44/12``.

    Parameters
    ----------
    net : array, shape (...) [t]
        Net anode consumption.
    sulphur, ash : array, shape (...) [fraction], 0 to 1

    Returns
    -------
    array, shape (...) [t CO2]

    References
    ----------
    企业温室气体排放核算与报告指南 铝冶炼行业 (national ETS, 2024); 1 t Al at .411 gives 1.4708 t.
    """
    return array(net) * (1 - array(sulphur) - array(ash)) * CO2_PER_C


def ets_anode_effect(output: npt.ArrayLike, factor: npt.ArrayLike) -> Array:
    """Perfluorocarbon of anode effects: ``m = P · EF · 10⁻³``.

    Parameters
    ----------
    output : array, shape (...) [t Al]
    factor : array, shape (...) [kg/t Al]
        CF4 0.020, C2F6 0.0011 by default.

    Returns
    -------
    array, shape (...) [t]

    References
    ----------
    企业温室气体排放核算与报告指南 铝冶炼行业 (national ETS, 2024).
    """
    return array(output) * array(factor) / KG_PER_T


def guide_incineration_co2(
    waste: npt.ArrayLike, carbon: npt.ArrayLike, share: npt.ArrayLike, combustion: npt.ArrayLike
) -> Array:
    """CO2 of burnt waste: ``E = IW · CCW · FCF · EF · 44/12``.

    Parameters
    ----------
    waste : array, shape (...) [t, wet]
    carbon : array, shape (...) [fraction], 0 to 1
        Carbon of the waste (CCW): municipal .4, hazardous .5.
    share : array, shape (...) [fraction], 0 to 1
        Fossil share of the carbon (FCF): municipal .4, hazardous .9; one minus it for the biogenic part.
    combustion : array, shape (...) [fraction], 0 to 1
        Combustion efficiency (EF): municipal .95, hazardous .995.

    Returns
    -------
    array, shape (...) [t CO2]

    References
    ----------
    Accounting guides of the 24 industries, waste burnt in power plants; IPCC 2006 Vol.5 Eq 5.1.
    """
    return array(waste) * array(carbon) * array(share) * array(combustion) * CO2_PER_C


def guide_steel_process_co2(
    flux: npt.ArrayLike,
    flux_factor: npt.ArrayLike,
    electrode: float,
    electrode_factor: float,
    material: npt.ArrayLike,
    material_factor: npt.ArrayLike,
    product: npt.ArrayLike,
    product_factor: npt.ArrayLike,
) -> float:
    """Process CO2 of a works: ``E = Σ flux·EF + electrode·EF + Σ material·EF − Σ product·EF``.

    Parameters
    ----------
    flux, material, product : array, shape (n,), (m,), (p,) [t]
        Limestone and dolomite; purchased carbon-bearing materials; products that keep carbon.
    flux_factor, material_factor, product_factor : array, same shapes [t CO2/t]
    electrode : float [t]
    electrode_factor : float [t CO2/t]

    Returns
    -------
    float [t CO2]
        May be negative when carbon of the fuels leaves with products: the fuels are accounted as combustion.

    References
    ----------
    中国钢铁生产企业温室气体排放核算方法与报告指南(试行), 2013.
    """
    into = float(np.sum(array(flux) * array(flux_factor))) + electrode * electrode_factor
    into += float(np.sum(array(material) * array(material_factor)))
    return into - float(np.sum(array(product) * array(product_factor)))
