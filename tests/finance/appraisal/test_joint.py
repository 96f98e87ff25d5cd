import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tongyuan.finance.appraisal.flow import capital_recovery
from tongyuan.finance.appraisal.joint import joint_cost

EQUIVALENTS = 1000 * (120 / 0.95 + 90 / 0.95 + 30 / 2.18)
"""SO2 and NOx at 0.95 kg, dust at 2.18 kg the equivalent (environmental tax law, annex)."""


def test_a_boiler_that_cuts_carbon_and_three_pollutants():
    net = 120e6 * capital_recovery(0.08, 20) + 3e6 - 8e6
    assert net == pytest.approx(7_222_265, abs=1)
    assert pytest.approx(234_814.10, abs=0.01) == EQUIVALENTS
    made = joint_cost(net, [60_000, EQUIVALENTS], [95, 6])
    assert made.share[0] == pytest.approx(0.8018136, abs=1e-7)
    assert made.cost == pytest.approx([96.5152, 6.09569], abs=1e-4)
    assert made.alone == pytest.approx([120.3711, 30.7574], abs=1e-4)
    assert made.charged == 0.0


def test_what_rises_is_charged_at_its_price():
    made = joint_cost(1000.0, [10.0, -3.0], [50.0, 20.0])
    assert made.charged == pytest.approx(60.0)
    assert made.share.tolist() == [1.0, 0.0]
    assert made.cost[0] == pytest.approx(106.0)
    assert np.isnan(made.cost[1])


@given(
    cost=st.floats(-1e9, 1e9),
    amounts=st.lists(st.floats(1e-3, 1e6), min_size=1, max_size=6),
    price=st.floats(0.1, 1e4),
)
def test_no_cost_is_counted_twice_or_lost(cost, amounts, price):
    prices = [price * (k + 1) for k in range(len(amounts))]
    made = joint_cost(cost, amounts, prices)
    assert made.cost @ np.array(amounts) == pytest.approx(cost, rel=1e-9, abs=1e-6)


def test_a_split_needs_prices_and_something_that_falls():
    with pytest.raises(ValueError, match="prices"):
        joint_cost(1.0, [1.0], [0.0])
    with pytest.raises(ValueError, match="nothing falls"):
        joint_cost(1.0, [-1.0], [1.0])
