import numpy as np
import pytest

from tongyuan.synergy.method.elasticity import cross_elasticity, relative_change


def test_beijing_tianjin_hebei_and_neighbours_2017_to_2020() -> None:
    # 环境科学 2022 43(11):5315: CO2 −2 %, PM2.5 −21 %, SO2 −27 %, NOx −17 %, NH3 −3 %
    carbon = -0.02
    assert cross_elasticity(-0.17, carbon)[()] == pytest.approx(8.5)
    assert cross_elasticity(-0.27, carbon)[()] == pytest.approx(13.5)


def test_undefined_stays_undefined() -> None:
    change = relative_change([0.0, 10.0, 10.0], [5.0, 8.0, 10.0])
    assert np.isnan(change[0])
    assert change[1] == pytest.approx(-0.2)
    assert np.isnan(cross_elasticity(change, [0.1, 0.0, np.nan])).all()


def test_sign_tells_benefit_from_trade_off() -> None:
    assert cross_elasticity(-0.1, 0.2)[()] < 0
    assert cross_elasticity(0.0, 0.2)[()] == 0


def test_an_endless_change_has_no_elasticity() -> None:
    assert np.isnan(cross_elasticity([np.inf, 0.1], [0.2, np.inf])).all()
