import numpy as np
import pytest

from tongyuan.facility.evidence.balance import KINDS, balances
from tongyuan.facility.simulate.balanced import months


@pytest.mark.parametrize("kind", KINDS[1:])
def test_true_months_meet_every_balance_and_meters_err_by_their_accuracy(kind: str) -> None:
    system = balances(kind)
    true, said = months(kind, 400, np.random.default_rng(0))
    size = np.abs(true[:, None, :] * system.jacobian(true)).sum(axis=2)
    assert np.abs(system.residual(true) / size).max() < 1e-12
    assert (true > 0).all()
    error = (said / true - 1).std(axis=0) / system.accuracy
    assert error == pytest.approx(np.ones(len(error)), abs=0.15)
