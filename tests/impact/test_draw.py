import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tongyuan.impact.draw import benefit_draws, interval
from tongyuan.impact.health.burden import avoided
from tongyuan.impact.health.risk import gemm, risk_gemm_2018

SOURCES, RECEPTORS = (2, 3, 2), 4


def world(draws=50, seed=0):
    draw = np.random.default_rng(seed)
    emission = draw.uniform(50, 150, (draws, *SOURCES))
    coefficient = draw.uniform(0, 0.01, (*SOURCES, RECEPTORS))
    theta = draw.normal(gemm("ncd_lri").theta, gemm("ncd_lri").theta_se, draws)
    return emission, coefficient, np.full(RECEPTORS, 20.0), np.full(RECEPTORS, 39.0), theta


def test_every_draw_is_what_one_by_one_would_be() -> None:
    emission, coefficient, rest, before, theta = world()
    deaths = np.array([1e3, 2e3, 0.0, 5e3])
    made = benefit_draws(emission, coefficient, rest, before, deaths, theta=theta, life_value=2e6)
    for i in (0, 17, 49):
        air = rest + np.tensordot(emission[i], coefficient, axes=3)
        assert made.concentration[i] == pytest.approx(air, rel=1e-12)
        one = [avoided(d, risk_gemm_2018(b, "ncd_lri", theta=theta[i]),
                       risk_gemm_2018(a, "ncd_lri", theta=theta[i]))
               for d, b, a in zip(deaths, before, air, strict=True)]  # fmt: skip
        assert made.avoided[i] == pytest.approx(np.array(one), rel=1e-9)
        assert made.value[i] == pytest.approx(2e6 * sum(one), rel=1e-9)


def test_no_change_avoids_nothing_whatever_the_slope() -> None:
    _, _, _, before, theta = world()
    made = benefit_draws(np.zeros((50, 1)), np.zeros((1, RECEPTORS)), before, before, [1e3] * 4, theta=theta)
    assert (made.avoided == 0).all()


@settings(max_examples=25, deadline=None)
@given(st.permutations(range(12)), st.floats(0.1, 100))
def test_order_of_sources_and_units_do_not_matter(order, times) -> None:
    emission, coefficient, rest, before, theta = world(8)
    flat, per = emission.reshape(8, 12), coefficient.reshape(12, RECEPTORS)
    one = benefit_draws(flat, per, rest, before, [1e3] * 4, theta=theta)
    other = benefit_draws(flat[:, order] * times, per[order] / times, rest, before, [1e3] * 4, theta=theta)
    assert other.avoided == pytest.approx(one.avoided, rel=1e-9)


def test_what_does_not_fit_is_refused() -> None:
    emission, coefficient, rest, before, theta = world()
    with pytest.raises(ValueError, match="do not go together"):
        benefit_draws(emission[:, :1], coefficient, rest, before, [1e3] * 4, theta=theta)
    with pytest.raises(ValueError, match="not negative"):
        benefit_draws(emission, coefficient, rest, before, [-1.0] * 4, theta=theta)


def test_an_interval_is_its_quantiles() -> None:
    assert interval(np.arange(101.0)) == pytest.approx((50.0, 2.5, 97.5))
