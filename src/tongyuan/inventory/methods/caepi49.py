"""Low-carbon operation of wastewater plants: T/CAEPI 49-2022, and the factors of T/CECS."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy.typing as npt

from tongyuan.reference.method.parameter import parameter, parameters
from tongyuan.reference.method.stoichiometry import KG_PER_T, N2O_PER_N, Array, array

EDITION = "tcaepi_49_2022"


def _value(name: str, item: str = "", condition: str = "") -> float:
    return parameter("caepi49", name, edition=EDITION, item=item, condition=condition).value


def caepi49_n2o(
    volume: npt.ArrayLike, tn_in: npt.ArrayLike, tn_out: npt.ArrayLike, factor: npt.ArrayLike = 0.016
) -> Array:
    """Nitrous oxide: ``m = Q · (TN_in − TN_out) · 0.016 · 44/28 / 1000``.

    Parameters
    ----------
    volume : array, shape (...) [m3]
    tn_in, tn_out : array, shape (...) [mg/l]
    factor : array, shape (...) [kg N2O-N/kg N]

    Returns
    -------
    array, shape (...) [kg N2O]

    References
    ----------
    T/CAEPI 49-2022.
    """
    return array(volume) * (array(tn_in) - array(tn_out)) * array(factor) * N2O_PER_N / KG_PER_T


def caepi49_ch4(
    volume: npt.ArrayLike,
    cod_in: npt.ArrayLike,
    cod_out: npt.ArrayLike,
    sludge: npt.ArrayLike,
    volatile: npt.ArrayLike,
    correction: npt.ArrayLike,
    recovered: npt.ArrayLike = 0.0,
) -> Array:
    """Methane: ``m = [Q·(COD_in − COD_out)/1000 − SG·Pv·1.42] · 0.25 · MCF − R·0.717``.

    Parameters
    ----------
    volume : array, shape (...) [m3]
    cod_in, cod_out : array, shape (...) [mg/l]
    sludge : array, shape (...) [kg dry]
    volatile : array, shape (...) [fraction], 0 to 1
    correction : array, shape (...) [fraction]
        0.003 for a well-run, 0.03 for a poorly run plant.
    recovered : array, shape (...) [m3 CH4]

    Returns
    -------
    array, shape (...) [kg CH4]

    References
    ----------
    T/CAEPI 49-2022.
    """
    removed = array(volume) * (array(cod_in) - array(cod_out)) / KG_PER_T
    removed = removed - array(sludge) * array(volatile) * _value("sludge_oxygen_demand")
    made = removed * _value("methane_potential") * array(correction)
    return made - array(recovered) * _value("methane_density")


def caepi49_chemical_co2(mass: dict[str, float]) -> float:
    """Indirect CO2 of chemicals: ``Σ mass · EF``.

    Parameters
    ----------
    mass : dict of float [kg]
        By chemical, named as on shelf ``method_caepi49``.

    Returns
    -------
    float [kg CO2]

    References
    ----------
    T/CAEPI 49-2022, table of chemicals.
    """
    return sum(amount * _value("chemical", name) for name, amount in mass.items())


def caepi49_k1(removal: float) -> float:
    """Correction for the removal of TN: 1 below 60 %, falling in classes to 0 from 95 %.

    Parameters
    ----------
    removal : float [fraction], 0 to 1

    Returns
    -------
    float [fraction]

    References
    ----------
    T/CAEPI 49-2022. Values and ends are as printed; the seven values between them are read as seven classes
    of 5 %.
    """
    steps = {float(key[3]): row.value for key, row in parameters("caepi49").items() if key[0] == "k1"}
    return steps[max(limit for limit in steps if limit <= removal)]


def caepi49_k2(volume_per_day: float) -> float:
    """Correction for the size: 1.10 above 300,000 m3/d, else ``0.91 + 0.056·ln Q``.

    Parameters
    ----------
    volume_per_day : float [10^4 m3/d], above 0

    Returns
    -------
    float [fraction]

    References
    ----------
    T/CAEPI 49-2022.
    """
    if volume_per_day > _value("k2_limit"):
        return _value("k2", "large")
    return _value("k2_constant") + _value("k2_slope") * math.log(volume_per_day)


def caepi49_k3(
    volume_in: float, bod_in: float, tkn_in: float, volume_out: float, bod_out: float, ammonia_out: float
) -> float:
    """Correction for the oxygen demand removed: ``1.875 − 0.0035·X``, 0.125 for X above 500.

    ``X = [Q_in·(BOD + 3.5·TKN)_in − Q_out·(BOD + 3.5·NH3)_out] / Q_out``.

    Parameters
    ----------
    volume_in, volume_out : float [m3]
    bod_in, tkn_in, bod_out, ammonia_out : float [mg/l]

    Returns
    -------
    float [fraction]

    References
    ----------
    T/CAEPI 49-2022.
    """
    share = _value("oxygen_of_nitrogen")
    before, after = bod_in + share * tkn_in, bod_out + share * ammonia_out
    demand = (volume_in * before - volume_out * after) / volume_out
    if demand > _value("k3_limit"):
        return _value("k3", "large")
    return _value("k3_constant") + _value("k3_slope") * demand


def caepi49_k4(cod_limit: float) -> float:
    """Correction for the COD limit in force: 60 mg/l and above 1.18, 50 1.00, 40 0.82, 30 and below 0.64.

    Parameters
    ----------
    cod_limit : float [mg/l]

    Returns
    -------
    float [fraction]

    References
    ----------
    T/CAEPI 49-2022.
    """
    steps = {float(key[3]): row.value for key, row in parameters("caepi49").items() if key[0] == "k4"}
    below = [limit for limit in steps if limit <= cod_limit]
    return steps[max(below)] if below else steps[min(steps)]


def caepi49_k5(deodorisation: str) -> float:
    """Correction for covering and deodorisation: none 1, partial .95, covered .90, underground .79.

    Parameters
    ----------
    deodorisation : str
        ``none``, ``partial``, ``covered`` or ``underground``.

    Returns
    -------
    float [fraction]

    References
    ----------
    T/CAEPI 49-2022.
    """
    return _value("k5", deodorisation)


def caepi49_score(intensity: float) -> float:
    """Score F1 of the emission intensity: 100 below .164, ``128.64 − 174.3·E_p`` to .451, 50 above.

    Parameters
    ----------
    intensity : float [kg CO2e/m3]

    Returns
    -------
    float, 50 to 100

    References
    ----------
    T/CAEPI 49-2022.
    """
    if intensity < _value("score_limit", "low"):
        return _value("score", "best")
    if intensity > _value("score_limit", "high"):
        return _value("score", "worst")
    return _value("score_constant") + _value("score_slope") * intensity


@dataclass(frozen=True)
class Assessment:
    """Result of T/CAEPI 49-2022: emissions [kg CO2e], intensity [kg CO2e/m3], scores and grade (4 = none)."""

    direct: float
    indirect: float
    intensity: float
    emission_score: float
    score: float
    grade: int


def caepi49_assessment(
    *,
    volume: float,
    n2o: float,
    ch4: float,
    fuel_co2: float,
    electricity_co2: float,
    heat_co2: float,
    chemical_co2: float,
    k: tuple[float, float, float, float, float],
    behaviour_score: float,
) -> Assessment:
    """Low-carbon assessment of a plant.

    ``E_dc = E_N2O·k1 + E_CH4 + E_CO2``; ``E_ic = (E_e·k2·k5 + E_h + E_c)·k3·k4``; ``E_p = (E_dc + E_ic)/Q``;
    ``F = 0.8·F1 + 0.2·F2``; grade 1 from 85, 2 from 75, 3 from 60.

    Parameters
    ----------
    volume : float [m3]
        Wastewater treated.
    n2o, ch4 : float [kg]
    fuel_co2, electricity_co2, heat_co2, chemical_co2 : float [kg CO2]
    k : tuple of 5 floats [fraction]
        k1 to k5.
    behaviour_score : float, 0 to 100
        F2, from the list of 30 behaviours.

    Returns
    -------
    Assessment

    References
    ----------
    T/CAEPI 49-2022 污水处理厂低碳运行评价技术规范.
    """
    k1, k2, k3, k4, k5 = k
    direct = n2o * _value("gwp_nitrous_oxide") * k1 + ch4 * _value("gwp_methane") + fuel_co2
    indirect = (electricity_co2 * k2 * k5 + heat_co2 + chemical_co2) * k3 * k4
    intensity = (direct + indirect) / volume
    first = caepi49_score(intensity)
    score = _value("score_weight", "F1") * first + _value("score_weight", "F2") * behaviour_score
    grade = next((g for g in (1, 2, 3) if score >= _value("grade", str(g))), 4)
    return Assessment(direct, indirect, intensity, first, score, grade)


def cecs_fossil_co2(
    cod_removed: npt.ArrayLike, factor: npt.ArrayLike = 0.366, share: npt.ArrayLike = 0.1
) -> Array:
    """Fossil CO2 of wastewater organics: ``E = COD · EF · FCF``.

    Parameters
    ----------
    cod_removed : array, shape (...) [kg]
    factor : array, shape (...) [kg CO2/kg]
        0.366 to 0.560.
    share : array, shape (...) [fraction], 0.05 to 0.20
        Share of fossil carbon.

    Returns
    -------
    array, shape (...) [kg CO2]

    References
    ----------
    T/CECS 城镇污水厂碳减排评估 (as quoted by an open implementation).
    """
    return array(cod_removed) * array(factor) * array(share)
