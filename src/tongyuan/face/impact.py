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
