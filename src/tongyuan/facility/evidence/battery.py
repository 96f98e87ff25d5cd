"""The tests of one stack's hours together: a rate under honest data for each kind, and one for all."""

from __future__ import annotations

import numpy as np

from tongyuan.facility.evidence import digits, limit, mark, repeat
from tongyuan.facility.evidence.scale import combined
from tongyuan.facility.simulate.forgery import Hours

KINDS = (
    "flat_line",
    "replay",
    "similar_days",
    "flat_top",
    "hugging",
    "last_digit",
    "round_figures",
    "gaps",
    "marks",
    "joint_jump",
    "running_in_stop",
    "twins",
)


def hour_rates(hours: Hours, *, twins: bool = True, replays: bool = True) -> dict[str, float]:
    """Return the rate of each kind of test on the first series of a stack (nan where it does not speak).

    Parameters
    ----------
    hours
        Hours of one stack.
    twins
        Whether the second series is one that should move apart from the first (another outlet).
    replays
        Whether to look for exact repetitions, which takes the square of the number of hours.
    """
    x = hours.values[0]
    known = np.isfinite(x) & ~hours.stopped
    running = x[known]
    moved = running[np.concatenate([[True], np.diff(running) != 0])] if known.any() else running
    unit = float(hours.unit[0])
    decimals = round(-np.log10(unit))
    filled = np.where(known, x, np.mean(running) if known.any() else 0.0)
    found = {
        "flat_line": repeat.flat_line(running)[0],
        "replay": repeat.replay(running)[0] if replays else np.nan,
        "similar_days": repeat.similar_days(np.where(known, x, np.nan))[0],
        "flat_top": limit.flat_top(running, unit)[0],
        "hugging": limit.hugging(running, hours.limit)[0] if hours.limit > 0 else np.nan,
        "last_digit": digits.last_digit(moved, decimals),
        "round_figures": digits.round_figures(moved, decimals),
        "gaps": mark.gaps_at_exceedance(x, hours.limit)[0] if hours.limit > 0 else np.nan,
        "marks": mark.marks_at_exceedance(x, hours.marked, hours.limit)[0] if hours.limit > 0 else np.nan,
        "joint_jump": mark.joint_jump(np.nan_to_num(hours.values), hours.load)[0],
        "running_in_stop": mark.running_in_stop(hours.stopped, hours.running)[0],
        "twins": repeat.twins(filled, np.nan_to_num(hours.values[1])) if twins else np.nan,
    }
    return {kind: float(found[kind]) for kind in KINDS}


def all_rate(rates: dict[str, float]) -> float:
    """Return the rate of all kinds together (:func:`tongyuan.facility.evidence.scale.combined`)."""
    return combined(np.array(list(rates.values())))
