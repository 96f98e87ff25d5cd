"""Questions about air and climate: the air of a workspace, the index of a day, a cut of emission, a pulse."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from importlib.util import find_spec
from pathlib import Path

import polars as pl

from tongyuan.flows.ask import Answer
from tongyuan.flows.impact.air import air_of
from tongyuan.flows.impact.constrain import constrain_of
from tongyuan.flows.impact.fit import fit_of
from tongyuan.flows.impact.weather import weather_of
from tongyuan.flows.source import Brought
from tongyuan.impact.air.screening import SPECIES, screen_tm5fasst
from tongyuan.impact.climate.pulse import GASES, agtp_ar6
from tongyuan.impact.station.aqi import grade_hj633, index_hj633, sub_index_hj633
from tongyuan.impact.station.cube import POLLUTANTS
from tongyuan.impact.station.standard import index_rule
from tongyuan.ledger.finding import Finding, FindingError, finding, require

Tables = Mapping[str, pl.DataFrame]

METRICS = ("PM2.5", "M6M")

MOST = 9.0
"""Rise of an emission that is screened at most, in shares of it."""


def air(workspace: Brought) -> Answer:
    """Return the air of a workspace: statistics, indices and burden.

    Raises
    ------
    FindingError
        If the workspace brings no concentration.
    """
    made, found = air_of(workspace)
    if not made:
        raise FindingError([*found, finding("flows", "air_none", name=workspace.settings.name)])
    return Answer(made, found)


def weather(workspace: Brought) -> Answer:
    """Return trends of a workspace's stations at average weather, with their skill on blocks left out.

    Raises
    ------
    FindingError
        If the workspace brings no weather or no hours, or nothing of it could be normalised.
    """
    made, found = weather_of(workspace)
    if not made:
        raise FindingError([*found, finding("flows", "weather_none", name=workspace.settings.name)])
    return Answer(made, found)


def index(values: Mapping[str, float], day: date) -> Answer:
    """Return the sub-indices of a day's values and the index, by the edition in force on `day`.

    Parameters
    ----------
    values : mapping of pollutant to float [µg/m3; CO mg/m3]
        Daily means; ozone as the highest mean over eight hours.

    Raises
    ------
    FindingError
        If a pollutant has no index or a value is negative.
    """
    require(_unknown(values, POLLUTANTS, 0.0))
    rule = index_rule(day)
    sub = {p: sub_index_hj633(v, rule, p, "max_8h" if p == "O3" else "day") for p, v in values.items()}
    whole = index_hj633(sub)
    frame = pl.DataFrame(
        {
            "pollutant": list(values),
            "value": list(values.values()),
            "sub_index": [float(sub[p]) for p in values],
            "leading": [bool(whole.leading[p]) for p in values],
        }
    )
    facts = {"aqi": int(whole.aqi), "grade": int(grade_hj633(whole.aqi)), "standard": rule}
    return Answer({"day_index": frame}, facts=facts)


def screen(changes: Mapping[str, float]) -> Answer:
    """Return the ratio of PM2.5 and ozone were all of China to change its emission by `changes`.

    Parameters
    ----------
    changes : mapping of species to float [fraction]
        −0.2 is a fifth less.

    Raises
    ------
    FindingError
        If a species does not act, more than all of it goes, or it rises more than tenfold.
    """
    far = [(name, value) for name, value in changes.items() if value > MOST]
    high = [finding("flows", "air_too_high", name=name, value=value, most=f"{MOST:g}") for name, value in far]
    require(_unknown(changes, tuple(SPECIES.values()), -1.0) + high)
    rows = [(metric, screen_tm5fasst(changes, metric)) for metric in METRICS]
    frame = pl.DataFrame(
        {
            "metric": [metric for metric, _ in rows],
            "ratio": [made.ratio for _, made in rows],
            "reach": [made.reach for _, made in rows],
            "missing": [list(made.missing) for _, made in rows],
        },
        schema_overrides={"missing": pl.List(pl.String)},
    )
    return Answer({"screening": frame})


def pulse(gas: str, tonnes: float, years: Sequence[float]) -> Answer:
    """Return forcing, forcing summed and warming some years after `tonnes` of a gas.

    Raises
    ------
    FindingError
        If the gas is not followed or a time lies before the pulse.
    """
    require(_unknown({gas: 0.0}, GASES, 0.0) + _unknown({"years": min(years, default=0.0)}, ("years",), 0.0))
    made = agtp_ar6(gas, list(years))
    kilograms = tonnes * 1000.0
    frame = pl.DataFrame(
        {
            "year": list(years),
            "forcing": made.forcing * kilograms,
            "forcing_sum": made.agwp * kilograms,
            "warming": made.agtp * kilograms,
        }
    )
    return Answer({"pulse": frame})


def ensemble(
    gas: str, tonnes: float, year: int, years: Sequence[int], folder: Path, *, members: int = 21
) -> Answer:
    """Return the warming some years after `tonnes` of a species, by FaIR with a calibrated ensemble.

    It runs the whole model twice: minutes, not for a request of an office.

    Raises
    ------
    FindingError
        If FaIR is not installed, a file of the calibration is missing, or what is asked lies outside it.
    """
    from tongyuan.impact.climate.ensemble import LAST, SPECIES, temperature_fair

    if find_spec("fair") is None:
        raise FindingError([finding("flows", "fair_missing")])
    require(_unknown({gas: 0.0}, tuple(SPECIES), 0.0))
    require(_unknown({"years": float(min(years, default=0))}, ("years",), 1.0))
    until = year + max(years, default=1)
    if until > LAST:
        raise FindingError([finding("flows", "fair_wrong", reason=f"{until} > {LAST}")])
    try:
        change = {gas: [tonnes * 1000.0]}
        made = temperature_fair(change, year, folder, members=members, until=until)
    except FileNotFoundError as missing:
        raise FindingError([finding("flows", "fair_files", path=folder, name=str(missing))]) from None
    except (KeyError, ValueError) as wrong:
        raise FindingError([finding("flows", "fair_wrong", reason=str(wrong.args[0]))]) from None
    at = [list(made.years).index(year + after) for after in years]
    median, lower, upper = made.interval()[:, at]
    frame = pl.DataFrame({"year": list(years), "warming": median, "lower": lower, "upper": upper})
    return Answer({"ensemble": frame}, facts={"members": len(made.change)})


def constrain(workspace: Brought, *, lognormal: bool = False) -> Answer:
    """Return the emissions of a workspace that agree with its inventory and its observed receptors.

    Facts: degrees of freedom and χ² per observation of each year.

    Raises
    ------
    FindingError
        If response or observations are missing or do not fit together.
    """
    from tongyuan.flows.account.account import account

    made = constrain_of(workspace, account(workspace).tables, lognormal=lognormal)
    return Answer({"scaling_factor": made.table}, made.findings, dict(made.facts))


def fit(workspace: Brought, *, rising: bool = True) -> Answer:
    """Return the surfaces of a workspace's own runs of a model, and their errors on runs left out.

    Raises
    ------
    FindingError
        If the runs cannot be fitted.
    """
    made = fit_of(workspace.tables, rising)
    return Answer(made.tables, made.findings, {"error": made.error})


def pairs(texts: Iterable[str], *, share: bool) -> dict[str, float]:
    """Return ``name=value`` as a mapping; a share may carry a sign of per cent.

    Raises
    ------
    FindingError
        If a text is none, a value is no number, or a name comes twice.
    """
    found: dict[str, float] = {}
    for text in texts:
        name, sign, value = text.replace("＝", "=").partition("=")
        percent = share and value.endswith(("%", "％"))
        name = name.strip()
        if not sign or name in found:
            raise FindingError([finding("flows", "air_pair", text=text)])
        found[name] = number(value[:-1] if percent else value) / (100.0 if percent else 1.0)
    return found


def number(text: str) -> float:
    """Return a finite number as it was typed, with either minus.

    Raises
    ------
    FindingError
        If it is none.
    """
    try:
        found = float(text.replace("−", "-"))
    except ValueError:
        found = math.nan
    if not math.isfinite(found):
        raise FindingError([finding("flows", "air_pair", text=text)])
    return found


def _unknown(given: Mapping[str, float], allowed: Sequence[str], least: float) -> list[Finding]:
    words = ", ".join(allowed)
    found = [
        finding("flows", "air_unknown", name=name, allowed=words) for name in given if name not in allowed
    ]
    for name, value in given.items():
        if name in allowed and not value >= least:
            found.append(finding("flows", "air_too_low", name=name, value=value, least=f"{least:g}"))
    return found
