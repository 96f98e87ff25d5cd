from functools import cache

import numpy as np
import numpy.typing as npt
import pytest
from scipy import stats

from tongyuan.facility.evidence.balance import Balances, balances
from tongyuan.facility.evidence.reconcile import reconcile
from tongyuan.facility.simulate.meter import metered

FLOWS = Balances(
    ("in", "out", "left"),
    ("node",),
    ((0, 1.0, (0,)), (0, -1.0, (1,)), (0, -1.0, (2,))),
    np.array([True, True, True]),
    np.array([0.01, 0.01, 0.01]),
    np.ones(3),
    np.full(3, -1),
    np.full(3, -1),
    np.ones(3, dtype=bool),
)


@cache
def honest(plants: int = 25) -> npt.NDArray[np.float64]:
    """Return the months of 25 simulated plants, 示例."""
    names = balances().variables
    return np.concatenate([metered(seed=k).month.select(names).to_numpy() for k in range(plants)])


def test_one_node_by_hand() -> None:
    """In 100, out 60, left 30 with deviations 1, 0.6, 0.3: the gap of 10 is shared as the variances 1 :
    0.36 : 0.09.

    χ² = 10² / 1.45 = 68.97; the estimate of the inflow is 100 − 10/1.45 = 93.10.
    """
    result = reconcile(FLOWS, np.array([[100.0, 60.0, 30.0]]))
    assert result.statistic[0] == pytest.approx(68.97, abs=0.01)
    assert result.estimate[0] == pytest.approx([93.10, 62.48, 30.62], abs=0.01)
    assert result.deviation[0, 0] == pytest.approx(np.sqrt(1 - 1 / 1.45), rel=1e-6)
    assert result.z[0] == pytest.approx([-8.305, 8.305, 8.305], abs=0.001)
    assert result.tied[0].all()


def test_honest_data_give_uniform_p_values() -> None:
    p = reconcile(balances(), honest()).p
    assert stats.kstest(p, "uniform").pvalue > 0.01
    assert (p < 0.05).mean() == pytest.approx(0.05, abs=0.03)


def test_a_planted_error_is_found_first() -> None:
    """Eight times the error that moves the test by one (and below 60 %, beyond which the figures say
    nothing)."""
    system, x = balances(), honest()
    seen = 8 * np.nanmedian(reconcile(system, x).seen, axis=0)
    hits = []
    for k in np.flatnonzero(system.measured & (seen < 0.6)):
        planted = x.copy()
        planted[:, k] *= 1 + seen[k]
        result = reconcile(system, planted)
        hits.append(result.tied[:, k].mean())
        again = result.suspect[:, 0] == k
        if again.any():
            assert result.expected[again, 0] == pytest.approx(x[again, k], rel=0.35)
            assert (result.p_after[again] > 1e-3).mean() > 0.9
    assert len(hits) >= 18
    assert np.mean(hits) >= 0.9


def test_what_was_not_measured_has_no_part_and_never_sharpens_an_estimate() -> None:
    system, x = balances(), honest()[:24]
    full = reconcile(system, x)
    assert (full.freedom == 11).all()
    for name in ("co2_share", "steam", "gypsum"):
        k = system.variables.index(name)
        less = x.copy()
        less[:, k] = np.nan
        result = reconcile(system, less)
        assert (result.freedom == 10).all()
        others = np.arange(len(system.variables)) != k
        assert (result.deviation >= full.deviation * 0.98)[
            :, others
        ].all()  # the derivatives are taken elsewhere
        assert np.isnan(result.z[:, k]).all()
        assert result.estimate[:, k] == pytest.approx(x[:, k], rel=0.4)


def test_units_do_not_matter() -> None:
    """The same months in kilograms and joules for one node give the same test."""
    small = reconcile(FLOWS, np.array([[100.0, 60.0, 38.0]]))
    large = reconcile(FLOWS, np.array([[1e5, 6e4, 3.8e4]]))
    assert small.p == pytest.approx(large.p)
    assert large.estimate == pytest.approx(1000 * small.estimate)


def test_nothing_to_reconcile() -> None:
    assert reconcile(FLOWS, np.zeros((0, 3))).p.shape == (0,)
