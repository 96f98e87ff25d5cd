import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tongyuan.finance.appraisal.flow import capital_recovery, internal_rates, net_present_value, payback

PLAIN = [-1000.0] + [300.0] * 5


def test_a_textbook_project():
    assert net_present_value(PLAIN, 0.08) == pytest.approx(197.8130, abs=1e-4)
    assert net_present_value(PLAIN, [0.06])[0] == pytest.approx(263.7091, abs=1e-4)
    (rate,) = internal_rates(PLAIN)
    assert 100 * rate == pytest.approx(15.23824, abs=1e-5)
    annual = float(net_present_value(PLAIN, 0.08)) * capital_recovery(0.08, 5)
    assert annual == pytest.approx(49.5435, abs=1e-4)
    assert payback(PLAIN, 0.08) == pytest.approx(4.0312, abs=1e-4)
    assert payback(PLAIN) == pytest.approx(10 / 3)


def test_two_rates_of_the_pump_of_lorie_and_savage():
    flow = [-1600.0, 10000.0, -10000.0]
    assert internal_rates(flow) == pytest.approx((0.25, 4.0), abs=1e-12)
    assert net_present_value(flow, 0.08) == pytest.approx(-914.1289, abs=1e-4)
    assert net_present_value(flow, 0.50) == pytest.approx(622.2222, abs=1e-4)


def test_no_rate_where_the_value_never_reaches_nought():
    assert internal_rates([100.0, -200.0, 150.0]) == ()
    assert internal_rates([-1.0, -2.0]) == ()
    assert internal_rates([0.0, 5.0]) == ()


def test_a_rate_that_only_touches_nought_is_one():
    assert internal_rates([1.0, -2.4, 1.44]) == pytest.approx((0.2,), abs=1e-6)


@settings(max_examples=60, deadline=None)
@given(
    rates=st.lists(st.floats(-0.4, 1.5), min_size=1, max_size=3, unique_by=lambda r: round(r, 1)),
    size=st.floats(1e-3, 1e9),
)
def test_planted_rates_are_all_found(rates, size):
    if any(abs(a - b) < 0.05 for k, a in enumerate(rates) for b in rates[:k]):
        return
    polynomial = np.polynomial.Polynomial([size])
    for rate in rates:
        polynomial *= np.polynomial.Polynomial([-1.0, 1 + rate])
    assert internal_rates(polynomial.coef) == pytest.approx(sorted(rates), abs=1e-6)


def test_what_is_never_paid_back_is_none_and_a_second_fall_counts():
    assert payback([-10.0, 4.0, 4.0]) is None
    assert payback([-10.0, 20.0, -15.0, 10.0]) == pytest.approx(2.5)
    assert payback([5.0, 1.0]) == 0.0


def test_recovery_without_interest_and_what_is_refused():
    assert capital_recovery(0.0, 4) == 0.25
    assert capital_recovery(0.08, 20) == pytest.approx(0.10185221, abs=1e-8)
    for rate, years in ((0.1, 0), (-1.0, 5)):
        with pytest.raises(ValueError, match="above"):
            capital_recovery(rate, years)
    with pytest.raises(ValueError, match="above -1"):
        net_present_value(PLAIN, -1.0)
