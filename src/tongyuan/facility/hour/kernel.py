"""The arithmetic of one quarter of hourly data, outlet by outlet, in one compiled pass.

Every outlet is worked by itself and in the order of its hours, so that one thread, two threads and a cluster
give the same bits. Arrays are dense: a row for each parameter of each outlet, a column for each hour.
"""

from __future__ import annotations

import numpy as np
from numba import njit

from tongyuan.facility.hour import convert
from tongyuan.facility.hour.rules import (
    ABSENT,
    ACIDITY,
    EXEMPT,
    FLOW,
    GAS,
    HUMIDITY,
    IN_WATER,
    MISSING,
    OUT,
    OXYGEN,
    PRESSURE,
    STOPPED,
    TEMPERATURE,
    VALID,
    WATER_FLOW,
)

COUNTS = (
    "hours",
    "stopped",
    "valid",
    "missing",
    "out",
    "filled",
    "unfilled",
    "converted",
    "over",
    "over_exempt",
    "days",
    "days_valid",
    "days_over",
    "negative",
)
SUMS = ("mass_valid", "mass_filled", "concentration", "converted", "converted_max", "flow", "day_means")
(HOURS, STOP, GOOD, LOST, UNCONTROLLED, FILLED, UNFILLED, CONVERTED, OVER, OVER_FREE, DAYS, DAYS_GOOD) = (
    range(12)
)
DAYS_OVER, NEGATIVE = 12, 13
MASS, MASS_FILLED, CONCENTRATION, SUM_CONVERTED, HIGHEST, SUM_FLOW, DAY_MEANS = range(7)
TAIL = 2208
"""Valid hours that are carried from one quarter into the next: a whole quarter."""
MICROSECONDS = 3_600_000_000
"""Microseconds of an hour."""
CLASH = 6
"""State of an hour whose rows disagree; it counts as lost."""
OUTSIDE = 7
"""State of hours outside the time a parameter is to be measured."""


@njit(cache=True)
def fit(state):  # type: ignore[no-untyped-def]
    """Return whether an hour of this state is a measurement."""
    return state in (VALID, EXEMPT)


@njit(cache=True)
def scatter(values, state, series, begins, moment, first, value, code, minutes, least, double, far):  # type: ignore[no-untyped-def]
    """Write rows into their places; count hours whose rows disagree and rows outside the quarter.

    Rows `begins[r]` to `begins[r + 1]` are of the parameter `series[r]`; `moment` is in microseconds, `first`
    the hour the quarter begins with; `code` is the state of a mark; `minutes` is empty where no row has them.
    A value that lacks is not a number. A repeated row that says the same is one row; the order of rows means
    nothing.

    Returns
    -------
    int
        The first row whose time is not a full hour, −1 where all are; rows after it are not written.
    """
    width = values.shape[1]
    for r in range(series.size):
        s = series[r]
        for i in range(begins[r], begins[r + 1]):
            hour = moment[i] // MICROSECONDS
            if hour * MICROSECONDS != moment[i]:
                return i
            if s < 0:
                continue
            h = hour - first
            if h < 0 or h >= width:
                far[s] += 1
                continue
            what, number = code[i], value[i]
            short = minutes.size > 0 and minutes[i] < least
            if (short or not np.isfinite(number)) and fit(what):
                what = MISSING
            if state[s, h] == CLASH:
                continue
            if state[s, h] != ABSENT:
                same = values[s, h] == number or (np.isnan(values[s, h]) and np.isnan(number))
                if not same or state[s, h] != what:
                    double[s] += 1
                    state[s, h] = CLASH
                continue
            values[s, h] = number
            state[s, h] = what
    return -1


@njit(cache=True)
def _dilution(s, h, values, state, place, wet, actual):  # type: ignore[no-untyped-def]
    """Return standard dry volume in one cubic metre of series `s`; not a number where it cannot be known."""
    share = 1.0
    if actual[s]:
        t, p = place[TEMPERATURE], place[PRESSURE]
        if t < 0 or p < 0 or not fit(state[t, h]) or not fit(state[p, h]):
            return np.nan
        warm = convert.STANDARD_TEMPERATURE + values[t, h]
        share = convert.STANDARD_TEMPERATURE / warm * values[p, h] / convert.STANDARD_PRESSURE
    if wet[s]:
        x = place[HUMIDITY]
        if x < 0 or not fit(state[x, h]):
            return np.nan
        share *= 1 - values[x, h] / 100
    return share if share > 0 else np.nan


@njit(cache=True)
def _parts(first, last, values, state, scale, part_of):  # type: ignore[no-untyped-def]
    """Add the parts of a sum (NO and NO2) into its row; an hour needs all of them."""
    for total in range(first, last):
        begun = False
        for s in range(first, last):
            if part_of[s] != total:
                continue
            for h in range(values.shape[1]):
                now = values[s, h] * scale[s]
                if not begun:
                    values[total, h] = now
                    state[total, h] = state[s, h]
                else:
                    values[total, h] += now
                    if fit(state[total, h]) and not fit(state[s, h]):
                        state[total, h] = state[s, h]
            begun = True
        if begun:
            scale[total] = 1.0


@njit(cache=True)
def _surrounding(place, values, state, scale, wet, actual, volume, lack):  # type: ignore[no-untyped-def]
    """Write, hour by hour, the standard dry volume and the oxygen that lacks to that of air of one outlet.

    Not a number where an hour does not know them.
    """
    f, o = place[FLOW], place[OXYGEN]
    for h in range(volume.size):
        volume[h], lack[h] = np.nan, np.nan
        if f >= 0 and fit(state[f, h]) and values[f, h] >= 0:
            volume[h] = values[f, h] * scale[f]
            if wet[f] or actual[f]:
                volume[h] *= _dilution(f, h, values, state, place, wet, actual)
        if o >= 0 and fit(state[o, h]) and values[o, h] < convert.AIR_OXYGEN:
            lack[h] = convert.AIR_OXYGEN - values[o, h]


@njit(cache=True)
def _gas(  # type: ignore[no-untyped-def]
    g,
    values,
    state,
    place,
    scale,
    wet,
    actual,
    reference,
    limit,
    month,
    least_day,
    volume,
    lack,
    day_mean,
    count,
    total,
):
    """Turn row `g` of a gas into kilograms an hour and count its hours; return how many gaps it has."""
    f = place[FLOW]
    row, status = values[g], state[g]
    as_is = not wet[g] and not actual[g]
    converts = np.isfinite(reference[g])
    gaps, open_gap = 0, False
    day_sum, day_good, day_runs = 0.0, 0, False
    width = row.size
    for h in range(width):
        m = month[h]
        now = status[h]
        if now != OUTSIDE:
            count[g, m, HOURS] += 1
            if f >= 0 and state[f, h] == STOPPED:
                now = STOPPED
            if now == STOPPED:
                count[g, m, STOP] += 1
                row[h] = np.nan
            else:
                day_runs = True
                number = row[h]
                if fit(now) and number < 0:
                    count[g, m, NEGATIVE] += 1
                    now = MISSING
                q = volume[h]
                if fit(now):
                    c = number * scale[g]
                    if not as_is:
                        c /= _dilution(g, h, values, state, place, wet, actual)
                    if np.isfinite(c):
                        total[g, m, CONCENTRATION] += c
                        at = c * (convert.AIR_OXYGEN - reference[g]) / lack[h] if converts else c
                        if np.isfinite(at):
                            count[g, m, CONVERTED] += 1
                            total[g, m, SUM_CONVERTED] += at
                            total[g, m, HIGHEST] = max(total[g, m, HIGHEST], at)
                            day_sum += at
                            day_good += 1
                            if at > limit[g, h // 24]:
                                count[g, m, OVER_FREE if now == EXEMPT else OVER] += 1
                        if f >= 0 and not np.isfinite(q):
                            now = OUT if state[f, h] == OUT else MISSING
                        row[h] = c * q * 1e-6
                    else:
                        now = MISSING
                elif now in (ABSENT, CLASH):
                    now = MISSING
                if np.isfinite(q):
                    total[g, m, SUM_FLOW] += q
                if fit(now):
                    count[g, m, GOOD] += 1
                    if f >= 0:
                        total[g, m, MASS] += row[h]
                    open_gap = False
                else:
                    count[g, m, UNCONTROLLED if now == OUT else LOST] += 1
                    row[h] = np.nan
                    if not open_gap:
                        gaps += 1
                        open_gap = True
            status[h] = now
        if h % 24 == 23 or h == width - 1:
            if day_runs:
                count[g, m, DAYS] += 1
                if day_good >= least_day:
                    count[g, m, DAYS_GOOD] += 1
                    day_mean[g, h // 24] = day_sum / day_good
                    total[g, m, DAY_MEANS] += day_mean[g, h // 24]
                    if day_mean[g, h // 24] > limit[g, h // 24]:
                        count[g, m, DAYS_OVER] += 1
            day_sum, day_good, day_runs = 0.0, 0, False
    return gaps if f >= 0 else 0


@njit(cache=True)
def _liquid(w, values, state, place, scale, month, count, total):  # type: ignore[no-untyped-def]
    """Bring row `w` of a water parameter to its unit and count its hours; return how many gaps it has."""
    f = place[WATER_FLOW]
    row, status = values[w], state[w]
    gaps, open_gap = 0, False
    for h in range(row.size):
        m = month[h]
        now = status[h]
        if now == OUTSIDE:
            continue
        count[w, m, HOURS] += 1
        if f >= 0 and f != w and state[f, h] == STOPPED:
            now = STOPPED
        if now == STOPPED:
            count[w, m, STOP] += 1
            row[h] = np.nan
        else:
            if fit(now) and row[h] < 0:
                count[w, m, NEGATIVE] += 1
                now = MISSING
            elif now in (ABSENT, CLASH):
                now = MISSING
            if fit(now):
                count[w, m, GOOD] += 1
                row[h] *= scale[w]
                open_gap = False
            else:
                count[w, m, UNCONTROLLED if now == OUT else LOST] += 1
                row[h] = np.nan
                if not open_gap:
                    gaps += 1
                    open_gap = True
        status[h] = now
    return gaps


@njit(cache=True, nogil=True)
def prepare(  # type: ignore[no-untyped-def]
    one,
    end,
    starts,
    values,
    state,
    role,
    scale,
    wet,
    actual,
    reference,
    limit,
    part_of,
    month,
    rule,
    day_mean,
    count,
    total,
    gaps,
):
    """Convert every outlet's rows and count; fills `gaps` with the number of gaps of every series.

    `limit` and `day_mean` have a column for each day of the quarter.
    """
    volume, lack = np.empty(month.size), np.empty(month.size)
    for outlet in range(one, end):
        first, last = starts[outlet], starts[outlet + 1]
        _parts(first, last, values, state, scale, part_of)
        place = np.full(10, -1, np.int64)
        for s in range(first, last):
            place[role[s]] = s
        _surrounding(place, values, state, scale, wet, actual, volume, lack)
        for s in range(first, last):
            if role[s] == GAS:
                gaps[s] = _gas(
                    s,
                    values,
                    state,
                    place,
                    scale,
                    wet,
                    actual,
                    reference,
                    limit,
                    month,
                    rule[1],
                    volume,
                    lack,
                    day_mean,
                    count,
                    total,
                )
        # the flow of water goes first: where it stands still nothing is discharged
        for s in range(first, last):
            if role[s] == WATER_FLOW:
                gaps[s] = _liquid(s, values, state, place, scale, month, count, total)
        for s in range(first, last):
            if role[s] == IN_WATER or role[s] == ACIDITY:
                gaps[s] = _liquid(s, values, state, place, scale, month, count, total)
