"""Gaps of hourly data: the window that fills them, the hours carried on, and water by the hour."""

from __future__ import annotations

import numpy as np
from numba import njit

from tongyuan.facility.hour.kernel import (
    CONCENTRATION,
    CONVERTED,
    DAY_MEANS,
    DAYS,
    DAYS_GOOD,
    DAYS_OVER,
    FILLED,
    GOOD,
    HIGHEST,
    HOURS,
    MASS,
    MASS_FILLED,
    OUTSIDE,
    OVER,
    OVER_FREE,
    STOP,
    SUM_CONVERTED,
    SUM_FLOW,
    TAIL,
    UNFILLED,
    fit,
)
from tongyuan.facility.hour.rules import (
    ACIDITY,
    AFTER,
    EXEMPT,
    FLOW,
    GAS,
    IN_WATER,
    LOW_CAPTURE,
    MISSING,
    NO_WINDOW,
    OUT,
    STOPPED,
    WATER,
    WATER_FLOW,
    WINDOW_LONG,
    WINDOW_MIDDLE,
    WINDOW_SHORT,
)


@njit(cache=True)
def _value(taken, kind):  # type: ignore[no-untyped-def]
    """Return what valid hours give: the greatest, of water the mean, of pH the median."""
    if taken.size == 0:
        return np.nan
    if kind == GAS:
        return taken.max()
    if kind == ACIDITY:
        return np.median(taken)
    amount = 0.0
    for i in range(taken.size - 1, -1, -1):
        amount += taken[i]
    return amount / taken.size


@njit(cache=True)
def _after(row, status, end, wanted, kind, base, found):  # type: ignore[no-untyped-def]
    """Return what the first `wanted` valid hours after `end` give: a record that begins with a gap."""
    taken = np.empty(wanted)
    n = 0
    for h in range(end + 1, row.size):
        if n == wanted:
            break
        if fit(status[h]):
            n += 1
            taken[wanted - n] = row[h]
            found[2] = base + h
            if n == 1:
                found[1] = base + h
    found[0] = n
    return _value(taken[wanted - n :], kind)


@njit(cache=True)
def _fill(  # type: ignore[no-untyped-def]
    s, kind, row, status, capture, rule, month, base, seen, seen_hour, n, at, gap, number, count, total
):
    """Fill the gaps of one series by its rule and write each gap down from place `at` on.

    The first `n` of `seen` and `seen_hour` are the valid hours carried on; those of the quarter are put after
    them. Returns how many there are at the end.
    """
    found = np.empty(3, np.int64)
    h = 0
    width = row.size
    while h < width:
        if fit(status[h]):
            seen[n], seen_hour[n] = row[h], base + h
            n += 1
        if status[h] != MISSING and status[h] != OUT:
            h += 1
            continue
        end, length, j = h, 0, h
        while j < width and not fit(status[j]):
            if status[j] == MISSING or status[j] == OUT:
                length += 1
                end = j
            j += 1
        wanted, name = length, WATER
        if kind == GAS:
            if capture < rule[3]:
                wanted, name = 0, LOW_CAPTURE
            elif capture < rule[2]:
                wanted, name = int(rule[7]), WINDOW_LONG
            elif length <= rule[4]:
                wanted, name = int(rule[5]), WINDOW_SHORT
            else:
                wanted, name = int(rule[6]), WINDOW_MIDDLE
        value = np.nan
        found[:] = -1
        if wanted > 0:
            found[0] = min(wanted, n)
            if n > 0:
                found[1], found[2] = seen_hour[n - found[0]], seen_hour[n - 1]
                value = _value(seen[n - found[0] : n], kind)
            else:
                value = _after(row, status, end, wanted, kind, base, found)
                name = NO_WINDOW if found[0] == 0 else AFTER
        gap[at, 0], gap[at, 1], gap[at, 2], gap[at, 3], gap[at, 4] = s, base + h, base + end, length, name
        gap[at, 5], gap[at, 6], gap[at, 7], gap[at, 8] = wanted, found[0], found[1], found[2]
        number[at] = value
        at += 1
        for k in range(h, end + 1):
            if status[k] == MISSING or status[k] == OUT:
                row[k] = value
                m = month[k]
                if np.isnan(value):
                    count[s, m, UNFILLED] += 1
                else:
                    count[s, m, FILLED] += 1
                    if kind == GAS:
                        total[s, m, MASS_FILLED] += value
        h = j
    return n


@njit(cache=True)
def _discharge(  # type: ignore[no-untyped-def]
    w, flow, values, state, limit, month, least_day, day_mean, day_mass, count, total
):
    """Mass of a water pollutant hour by hour, and the day means weighted by the flow."""
    row, status, q, moving = values[w], state[w], values[flow], state[flow]
    load, day_flow, day_good, day_runs = 0.0, 0.0, 0, False
    width = row.size
    for h in range(width):
        m = month[h]
        if status[h] != OUTSIDE and status[h] != STOPPED:
            day_runs = True
            mass = row[h] * q[h] * 1e-3
            day_mass[w, h // 24] += mass
            if fit(status[h]):
                total[w, m, CONCENTRATION] += row[h]
                total[w, m, SUM_CONVERTED] += row[h]
                total[w, m, HIGHEST] = max(total[w, m, HIGHEST], row[h])
                count[w, m, CONVERTED] += 1
                if row[h] > limit[w, h // 24]:
                    count[w, m, OVER_FREE if status[h] == EXEMPT else OVER] += 1
            if fit(status[h]) and fit(moving[h]):
                total[w, m, MASS] += mass
                load += row[h] * q[h]
                day_flow += q[h]
                day_good += 1
            elif np.isfinite(mass):
                total[w, m, MASS_FILLED] += mass
            if np.isfinite(q[h]):
                total[w, m, SUM_FLOW] += q[h]
        if h % 24 == 23 or h == width - 1:
            if day_runs:
                count[w, m, DAYS] += 1
                if day_good >= least_day and day_flow > 0:
                    count[w, m, DAYS_GOOD] += 1
                    day_mean[w, h // 24] = load / day_flow
                    total[w, m, DAY_MEANS] += day_mean[w, h // 24]
                    if day_mean[w, h // 24] > limit[w, h // 24]:
                        count[w, m, DAYS_OVER] += 1
            load, day_flow, day_good, day_runs = 0.0, 0.0, 0, False


@njit(cache=True, nogil=True)
def fill(  # type: ignore[no-untyped-def]
    one,
    end,
    starts,
    values,
    state,
    role,
    limit,
    month,
    rule,
    base,
    tail_value,
    tail_hour,
    tail_n,
    at,
    gap,
    number,
    capture,
    day_mean,
    day_mass,
    count,
    total,
):
    """Fill the gaps of every outlet, keep the hours the next quarter may need and sum up days and water.

    `day_mass` gets the kilograms of every day, filled hours among them; not a number where an hour of a
    day stays unfilled.
    """
    seen, seen_hour = np.empty(TAIL + month.size), np.empty(TAIL + month.size, np.int64)
    for outlet in range(one, end):
        first, last = starts[outlet], starts[outlet + 1]
        flow, gas_flow = -1, False
        for s in range(first, last):
            if role[s] == WATER_FLOW:
                flow = s
            gas_flow = gas_flow or role[s] == FLOW
        for s in range(first, last):
            kind = role[s]
            if kind not in (GAS, IN_WATER, WATER_FLOW, ACIDITY):
                continue
            if kind == GAS and not gas_flow:
                continue
            runs, good = 0, 0
            for m in range(count.shape[1]):
                runs += count[s, m, HOURS] - count[s, m, STOP]
                good += count[s, m, GOOD]
            capture[s] = good / runs if runs else np.nan
            kept = tail_n[s]
            seen[:kept], seen_hour[:kept] = tail_value[s, :kept], tail_hour[s, :kept]
            n = _fill(
                s,
                kind,
                values[s],
                state[s],
                capture[s],
                rule,
                month,
                base,
                seen,
                seen_hour,
                kept,
                at[s],
                gap,
                number,
                count,
                total,
            )
            if kind == GAS:
                for h in range(month.size):
                    if state[s, h] != OUTSIDE and state[s, h] != STOPPED:
                        day_mass[s, h // 24] += values[s, h]
            kept = min(TAIL, n)
            tail_value[s, :kept], tail_hour[s, :kept] = seen[n - kept : n], seen_hour[n - kept : n]
            tail_n[s] = kept
        for s in range(first, last):
            if role[s] == IN_WATER and flow >= 0:
                _discharge(s, flow, values, state, limit, month, rule[1], day_mean, day_mass, count, total)
