from dataclasses import replace

import numpy as np
import pytest

from tongyuan.facility.evidence.battery import KINDS, all_rate, hour_rates
from tongyuan.facility.simulate.forgery import FORGERIES, Hours
from tongyuan.facility.simulate.meter import metered
from tongyuan.facility.simulate.plant import Plant

OF_KIND = {
    "standstill": "flat_line", "repeated": "replay", "repeated_scaled": "similar_days", "capped": "hugging",
    "clamped": "flat_top", "diluted": "joint_jump", "omitted": "gaps", "maintained": "marks",
    "rounded": "round_figures", "mirrored": "twins", "run_through": "running_in_stop",
}  # fmt: skip


def quarter(seed: int) -> Hours:
    year, other = metered(Plant(set_so2=24.0), seed=seed), metered(seed=seed + 500)
    hour = year.hour[2800:4960]
    stopped = (hour["state"] == "stopped").to_numpy()
    values = np.stack([hour["so2"], other.hour["so2"][2800:4960], hour["nox"], hour["pm"]])
    marked = hour["mark"].is_in(["C", "M"]).to_numpy()
    unit = np.array([0.1, 0.1, 0.1, 0.01])
    return Hours(values, unit, hour["power"].to_numpy(), marked, stopped, ~stopped, 35.0)


@pytest.mark.parametrize("kind", FORGERIES)
def test_a_strong_change_is_seen_by_the_test_made_for_it(kind: str) -> None:
    honest = quarter(3)
    changed = FORGERIES[kind](honest, 2, np.random.default_rng(0))
    assert hour_rates(changed)[OF_KIND[kind]] < 0.011
    assert set(hour_rates(honest)) == set(KINDS)


def test_honest_quarters_are_called_no_more_often_than_said() -> None:
    rates = [all_rate(hour_rates(quarter(k))) for k in range(24)]
    assert np.mean(np.array(rates) < 0.05) <= 0.13
    assert min(rates) > 1e-4


def test_what_cannot_be_judged_is_left_out() -> None:
    short = quarter(1)
    part = replace(short, values=short.values[:, :60], load=short.load[:60], marked=short.marked[:60],
                   stopped=short.stopped[:60], running=short.running[:60], limit=0.0)  # fmt: skip
    rates = hour_rates(part, twins=False)
    assert np.isnan([rates["hugging"], rates["gaps"], rates["twins"], rates["last_digit"]]).all()
