import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tongyuan.impact.climate.aerosol import (
    efficiency,
    gwp_star,
    particles,
    temperature_of_forcing,
    temperature_particles,
)
from tongyuan.impact.climate.pulse import parameters


def test_a_forcing_that_holds_comes_to_its_sum_of_sensitivities() -> None:
    """One watt for ever: q1 + q2 = 0.757766 K; after a year q1·(1 − e^(−1/3.4241)) + q2·(1 − e^(−1/285))."""
    made = temperature_of_forcing(np.ones(3000))
    p = parameters()
    assert made[-1] == pytest.approx(p["temp_q1"] + p["temp_q2"], rel=1e-3)
    first = p["temp_q1"] * (1 - np.exp(-1 / p["temp_d1"])) + p["temp_q2"] * (1 - np.exp(-1 / p["temp_d2"]))
    assert made[0] == pytest.approx(first, rel=1e-12)
    assert (np.diff(made) > 0).all()


def test_a_megatonne_of_sulfur_hides_less_than_the_whole_model_says() -> None:
    """FaIR with clouds: −8.1e-4 K the year after a megatonne; the direct effect is a part of it."""
    mean, low, high = temperature_particles("SO2", [1e9, 0.0])
    assert -8.1e-4 < mean[1] < -2e-4
    assert low[1] < mean[1] < high[1] < 0


def test_less_sulfur_warms_and_less_soot_cools() -> None:
    assert temperature_particles("SO2", [-1e9])[0, 0] > 0
    assert temperature_particles("BC", [-1e9])[0, 0] < 0
    for name in particles():
        value, lower, upper = efficiency(name)
        assert lower <= value <= upper
        made = temperature_particles(name, [-1e9, 1e9, 3e9])
        assert (made[1] <= made[0]).all()
        assert (made[0] <= made[2]).all()
    with pytest.raises(KeyError, match="SO2"):
        efficiency("CO2")


@given(st.floats(-1e10, 1e10), st.floats(-3, 3))
def test_twice_the_change_is_twice_the_warming(amount, times) -> None:
    one, other = (temperature_particles("SO2", [a, 0, a])[0] for a in (amount, amount * times))
    assert other == pytest.approx(one * times, rel=1e-9, abs=1e-12)


def test_warming_equivalents_only_when_asked_for() -> None:
    """Constant methane: 4.53 − 4.25 = 0.28 of its CO2e; halved after twenty years it removes."""
    steady = np.full(25, 100.0)
    with pytest.raises(ValueError, match="unverified"):
        gwp_star(steady)
    made = gwp_star(steady, include_unverified=True)
    assert np.isnan(made[:20]).all()
    assert made[20:] == pytest.approx(28.0)
    falling = np.where(np.arange(25) < 20, 100.0, 50.0)
    assert gwp_star(falling, include_unverified=True)[20:] == pytest.approx(4.53 * 50 - 425)
    assert np.isnan(gwp_star(np.ones(3), include_unverified=True)).all()
