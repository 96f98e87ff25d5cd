"""Questions of a notebook on air: an inventory held against observations, a model reduced to a surface."""

from __future__ import annotations

from tongyuan.face.results import Results
from tongyuan.face.workspace import Source, opened


def weather_trend(what: Source) -> Results:
    """Return trends of stations and regions at average weather. Nothing is written.

    Table ``weather_trend`` has the change per year with its interval, and how much the model explains in
    blocks of time it has not seen; ``weather_year`` the means as observed and at average weather.

    Parameters
    ----------
    what
        A workspace with tables ``station_reading``, ``station`` and at least a year of ``weather``.

    Raises
    ------
    FindingError
        If nothing could be brought to average weather.

    Examples
    --------
    Two years of air that falls by 8% a year and is cleaner on windy days:

    >>> from datetime import date, datetime, timedelta
    >>> from math import exp, sin
    >>> days, wind = range(730), [3 + sin(d * d) for d in range(730)]
    >>> level = [exp(-0.08 * d / 365 - 0.3 * w) for d, w in zip(days, wind)]
    >>> tables = {
    ...     "station": {"station": ["a"], "region": ["济南市"]},
    ...     "station_reading": {
    ...         "station": ["a"] * 730 * 24, "pollutant": ["PM2.5"] * 730 * 24, "unit": ["µg/m3"] * 730 * 24,
    ...         "hour": [datetime(2023, 1, 1) + timedelta(hours=h) for h in range(730 * 24)],
    ...         "value": [100 * level[h // 24] for h in range(730 * 24)],
    ...     },
    ...     "weather": {
    ...         "place": ["济南市"] * 730, "date": [date(2023, 1, 1) + timedelta(d) for d in days],
    ...         "wind_speed": wind, "source": ["example"] * 730,
    ...     },
    ... }
    >>> made = ty.weather_trend(ty.workspace(tables, kind="city", region="济南市"))
    >>> round(made.weather_trend.frame["slope"][0], 3)
    -0.08
    """
    from tongyuan.flows.ask.impact import weather as ask

    chosen = opened(what)
    answer = ask(chosen)
    return Results(
        dict(answer.tables), chosen.settings, (*chosen.findings, *answer.findings), workspace=chosen
    )


def constrain(what: Source, *, lognormal: bool = False) -> Results:
    """Return the emissions that agree with the inventory and with observed receptors. Nothing is written.

    Table ``scaling_factor``: every source with its interval, how much the observations taught (averaging
    kernel), and whether they contradict it. Sources that rest on one factor err together.

    Parameters
    ----------
    what
        A workspace with tables ``response``, ``receptor`` and ``receptor_observation``.
    lognormal
        Whether scalings cannot be negative.

    Raises
    ------
    FindingError
        If response or observations are missing or do not fit together.

    Examples
    --------
    >>> air = {
    ...     "response": {"receptor": ["city"], "species": ["SO2"], "value": [8.0], "unit": ["µg/m3/kt"],
    ...                  "base_emission": [0.5], "base_unit": ["kt"]},
    ...     "receptor": {"receptor": ["city"], "value": [39.0], "unit": ["µg/m3"]},
    ...     "receptor_observation": {"receptor": ["city"], "year": [2021], "value": [41.0],
    ...                              "unit": ["µg/m3"], "error": [0.5]},
    ... }
    >>> world = ty.example("minimal")
    >>> made = ty.constrain(ty.workspace({**world.tables, **air}, region="山东省"))
    >>> bool((made.scaling_factor.frame["posterior_sd"] <= made.scaling_factor.frame["prior_sd"]).all())
    True
    """
    from tongyuan.flows.ask.impact import constrain as ask

    chosen = opened(what)
    answer = ask(chosen, lognormal=lognormal)
    return Results(
        dict(answer.tables), chosen.settings, (*chosen.findings, *answer.findings), workspace=chosen
    )
