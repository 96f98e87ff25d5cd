"""Methane and carbon dioxide of landfilled waste by first-order decay (IPCC 2006 and 2019 Refinement,
Vol.5 ch.3)."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import polars as pl

from tongyuan.inventory.methods.adaptor import Entry, Row, Settings, emission_frame, entries
from tongyuan.ledger.finding import Finding, require
from tongyuan.reference.method.parameter import Parameter, ParameterError
from tongyuan.reference.method.stoichiometry import CH4_PER_C, CO2_PER_C, Array, array

MONTHS = 12.0


class Decay(NamedTuple):
    """Yearly course of decomposable carbon in a landfill, each of shape (years,) [t C]."""

    deposited: Array
    accumulated: Array
    decomposed: Array


def ipcc_ddocm(waste: npt.ArrayLike, doc: npt.ArrayLike, doc_f: npt.ArrayLike, mcf: npt.ArrayLike) -> Array:
    """Decomposable carbon deposited: ``DDOCm = W · DOC · DOCf · MCF``.

    Parameters
    ----------
    waste : array, shape (...) [t, wet]
    doc, doc_f, mcf : array, shape (...) [fraction], 0 to 1
        Degradable organic carbon, the share of it that decomposes, methane correction factor of the site.

    Returns
    -------
    array, shape (...) [t C]

    References
    ----------
    IPCC 2006 Vol.5 Eq 3.2.
    """
    return array(waste) * array(doc) * array(doc_f) * array(mcf)


def ipcc_decay_rate(half_life: npt.ArrayLike) -> Array:
    """Decay rate from the half-life: ``k = ln 2 / t½``.

    Parameters
    ----------
    half_life : array, shape (...) [year], above 0

    Returns
    -------
    array, shape (...) [1/year]

    References
    ----------
    IPCC 2006 Vol.5 ch.3, section 3.2.3.
    """
    return array(np.log(2.0) / array(half_life))


def ipcc_first_order_decay(
    deposited: npt.ArrayLike, rate: float, start_month: float = 13.0, initial: float = 0.0
) -> Decay:
    """First-order decay of one kind of waste over successive years.

    ``A_t = A_{t−1}·e^{−k} + D_t·e^{−k(13−M)/12}``,
    ``decomposed_t = A_{t−1}·(1 − e^{−k}) + D_t·(1 − e^{−k(13−M)/12})``.

    Parameters
    ----------
    deposited : array, shape (years,) [t C]
        Decomposable carbon deposited in each year, without a gap.
    rate : float [1/year], above 0
        Decay rate k.
    start_month : float, 7 to 13
        Month M in which the reaction starts: 13 is 1 January of the next year, an average delay of six
        months.
    initial : float [t C]
        Decomposable carbon that lies in the site before the first year.

    Returns
    -------
    Decay
        Carbon deposited, accumulated at the end of and decomposed in each year. Over all years
        ``initial + Σ deposited = Σ decomposed + accumulated[-1]``.

    References
    ----------
    IPCC 2006 Vol.5 Eq 3.4 and 3.5, Annex 3A.1; unchanged in the 2019 Refinement.
    """
    carbon = array(deposited)
    stay = np.exp(-rate)
    first = np.exp(-rate * (13.0 - start_month) / MONTHS)
    accumulated, decomposed = np.empty_like(carbon), np.empty_like(carbon)
    before = initial
    for year, new in enumerate(carbon):
        decomposed[year] = before * (1 - stay) + new * (1 - first)
        before = before * stay + new * first
        accumulated[year] = before
    return Decay(carbon, accumulated, decomposed)


def ipcc_landfill_ch4(
    decomposed: npt.ArrayLike, f: npt.ArrayLike, recovered: npt.ArrayLike, oxidation: npt.ArrayLike
) -> Array:
    """Methane emitted: ``CH4 = (decomposed · F · 16/12 − R) · (1 − OX)``.

    Parameters
    ----------
    decomposed : array, shape (...) [t C]
    f : array, shape (...) [fraction], 0 to 1
        Share of methane in the gas, by volume.
    recovered : array, shape (...) [t CH4]
        Not above what is generated.
    oxidation : array, shape (...) [fraction], 0 to 1

    Returns
    -------
    array, shape (...) [t CH4]

    References
    ----------
    IPCC 2006 Vol.5 Eq 3.1 and 3.6.
    """
    return (array(decomposed) * array(f) * CH4_PER_C - array(recovered)) * (1 - array(oxidation))


def landfill_co2(
    decomposed: npt.ArrayLike, f: npt.ArrayLike, recovered: npt.ArrayLike, oxidation: npt.ArrayLike
) -> Array:
    """Biogenic carbon dioxide that leaves the surface of the site, by the same carbon balance.

    ``CO2 = [decomposed·(1 − F) + (decomposed·F − R·12/16)·OX]·44/12``: what decomposes but is not
    methane, and methane oxidised in the cover. Recovered gas is burnt elsewhere and counted there.

    Parameters
    ----------
    decomposed, f, recovered, oxidation
        As in :func:`ipcc_landfill_ch4`.

    Returns
    -------
    array, shape (...) [t CO2]

    References
    ----------
    Carbon balance of IPCC 2006 Vol.5 Eq 3.1 and 3.6.
    """
    methane = array(decomposed) * array(f) - array(recovered) / CH4_PER_C
    return (array(decomposed) * (1 - array(f)) + methane * array(oxidation)) * CO2_PER_C


class _Site(NamedTuple):
    rows: list[Entry]
    years: Array
    decomposed: Array
    factors: list[Parameter]
    rate: Parameter


def _rate(first: Entry, edition: str, waste: str) -> tuple[float, Parameter]:
    climate = first.option("climate")
    if first.optional("decay_rate") is None and edition == "ipcc_2019":
        half = first.parameter("landfill", "half_life", edition=edition, item=waste, condition=climate)
        return float(ipcc_decay_rate(half.value)), half
    rate = first.parameter(
        "landfill", "decay_rate", edition=edition, item=waste, condition=climate, own="decay_rate"
    )
    return rate.value, rate


def _phase(rows: list[Entry]) -> _Site:
    edition = rows[0].settings.landfill
    waste, site = rows[0].option("waste"), rows[0].option("site_kind")
    years = array([row.amount("year") for row in rows])
    if len(years) > 1 and np.any(np.diff(years) != 1):
        raise ParameterError("landfill-year-gap", site=rows[0].text("site"), waste=waste)
    factors: list[Parameter] = []

    def read(entry: Entry, name: str, item: str, own: str = "") -> float:
        found = entry.parameter("landfill", name, edition=edition, item=item, own=own)
        factors.append(found)
        return found.value

    carbon = [
        ipcc_ddocm(
            row.amount("amount"),
            read(row, "degradable_carbon", waste, "degradable_carbon"),
            read(row, "doc_dissimilated", waste),
            read(row, "methane_correction", site),
        )
        for row in rows
    ]
    rate, record = _rate(rows[0], edition, waste)
    month = read(rows[0], "start_month", "")
    return _Site(rows, years, ipcc_first_order_decay(array(carbon), rate, month).decomposed, factors, record)


def _complete(phases: list[_Site]) -> None:
    """Refuse a site in which a waste is no longer entered though it still decays in the years reported."""
    first = phases[0].rows[0]
    last = max(float(phase.years[-1]) for phase in phases)
    if first.settings.until is not None:
        last = max(last, float(first.settings.until))
    for phase in phases:
        if phase.years[-1] < last:
            entry = phase.rows[-1]
            raise ParameterError(
                "landfill-series-ends",
                site=entry.text("site"),
                waste=entry.text("waste"),
                ends=int(phase.years[-1]),
                last=int(last),
            )


def _site_rows(phases: list[_Site]) -> Iterator[Row]:
    entry = phases[0].rows[0]
    edition = entry.settings.landfill
    f = entry.parameter("landfill", "methane_fraction", edition=edition)
    cover = "covered" if entry.text("covered") in ("True", "true", "1") else ""
    oxidation = entry.parameter("landfill", "oxidation", edition=edition, condition=cover, own="oxidation")
    for year in sorted({float(y) for phase in phases for y in phase.years}):
        here = [(p, int(np.flatnonzero(p.years == year)[0])) for p in phases if year in p.years]
        total = sum(p.decomposed[i] for p, i in here) * f.value * CH4_PER_C
        recovered = sum(p.rows[i].amount("recovered", 0.0) for p, i in here)
        if recovered > total * (1 + 1e-9):
            raise ParameterError("landfill-recovered", site=entry.text("site"), year=int(year), total=total)
        for phase, index in here:
            share = phase.decomposed[index] * f.value * CH4_PER_C / total if total else 0.0
            values = (phase.decomposed[index], f.value, recovered * share, oxidation.value)
            ids = [row.id for row in phase.rows[: index + 1]]
            row = phase.rows[index]
            common: dict[str, Any] = {
                "process": "waste.landfill",
                "origin": "waste",
                "technology": row.option("site_kind"),
                "factor": [*phase.factors, phase.rate, f, oxidation],
                "spread": phase.factors,
            }
            method = "ipcc_first_order_decay"
            made = phase.decomposed[index] * f.value * CH4_PER_C
            ch4 = row.emission(
                method, "CH4_biogenic", float(ipcc_landfill_ch4(*values)), uncontrolled=float(made), **common
            )
            co2 = row.emission("landfill_co2", "CO2_biogenic", float(landfill_co2(*values)), **common)
            yield from ({**ch4, "activity_id": ids}, {**co2, "activity_id": ids})


def emission_from_landfill_deposit(frame: Any, settings: Settings | None = None) -> pl.DataFrame:
    """Return the emissions of table ``landfill_deposit``, one row per site, waste, year and species.

    The rows of one waste in one site must follow each other year by year, to the last year of the site and
    of what is reported (`settings.until`); a year without deposit is a row with amount 0. `activity_id` names
    all deposits that emit in the year. Leachate is not accounted.

    Raises
    ------
    FindingError
        If years are missing in a series, more gas is recovered than generated, or a coefficient is missing.
    """
    rows = entries("landfill_deposit", frame, settings)

    def site(row: Entry) -> tuple[str, ...]:
        return (row.text("region"), row.text("site"))

    def series(row: Entry) -> tuple[str, ...]:
        return (row.option("waste"), row.option("site_kind"))

    found: list[Finding] = []
    result: list[Row] = []
    for _, site_rows in groupby(sorted(rows, key=site), key=site):
        of_site = sorted(site_rows, key=lambda row: (*series(row), row.amount("year")))
        try:
            phases = [_phase(list(part)) for _, part in groupby(of_site, key=series)]
            _complete(phases)
            result.extend(_site_rows(phases))
        except ParameterError as error:
            found.append(of_site[0].finding(error))
    require(found)
    return emission_frame(result)
