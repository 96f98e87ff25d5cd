import numpy as np
import pytest

from tongyuan.facility.evidence.balance import balances

ONE_TONNE = {
    "coal": 1000.0,
    "carbon": 0.55,
    "burnout": 0.98,
    "limestone": 10.0,
    "limestone_purity": 0.9,
    "volume": 9000.0,
    "co2_share": 0.11,
    "opening": 500.0,
    "received": 1100.0,
    "closing": 600.0,
}


def test_balances_by_hand() -> None:
    """Carbon: 3.6641·1000·0.55·0.98 + 0.4397·10·0.9 − 1.9772·9000·0.11 = 1974.95 + 3.96 − 1957.43 =
    21.48 t."""
    system = balances()
    x = np.array([ONE_TONNE.get(name, 1.0) for name in system.variables])
    left = dict(zip(system.names, system.residual(x), strict=True))
    assert left["stock"] == 0.0
    assert left["carbon"] == pytest.approx(21.48, abs=0.01)


def test_the_derivative_is_the_limit_of_differences() -> None:
    system = balances()
    x = np.random.default_rng(0).uniform(0.5, 2.0, len(system.variables))
    j, h = system.jacobian(x), 1e-6
    for k in range(len(x)):
        up, down = x.copy(), x.copy()
        up[k] += h
        down[k] -= h
        assert (system.residual(up) - system.residual(down)) / (2 * h) == pytest.approx(
            j[:, k], rel=1e-5, abs=1e-7
        )


def test_a_missing_value_is_started_from_the_balance_it_is_alone_in() -> None:
    system = balances()
    x = np.array([[ONE_TONNE.get(name, 1.0) for name in system.variables]])
    x[0, system.variables.index("closing")] = np.nan
    assert system.filled(x)[0, system.variables.index("closing")] == pytest.approx(600.0)


def test_no_balances_of_an_unknown_kind() -> None:
    with pytest.raises(KeyError, match="no balances"):
        balances("perpetual motion")
