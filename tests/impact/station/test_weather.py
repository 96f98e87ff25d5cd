import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tongyuan.impact.station.weather import weather_normalise


def world(years: int = 3, slope: float = -0.1, seed: int = 0, noise: float = 0.1):
    """Days whose logarithm falls by `slope` a year, with season, wind and temperature on top."""
    rng = np.random.default_rng(seed)
    days = np.arange(years * 365.0)
    season = np.cos(2 * np.pi * days / 365.25)
    wind = rng.gamma(4, 0.5, days.size)
    heat = 15 - 12 * season + rng.normal(0, 4, days.size)
    log = 4 + slope * days / 365.25 + 0.3 * season - 0.4 * np.minimum(wind, 3) + 0.01 * heat
    return days, np.exp(log + rng.normal(0, noise, days.size)), np.stack([wind, heat], axis=1)


def test_a_planted_trend_is_found_within_its_interval_and_weather_is_explained() -> None:
    made = weather_normalise(*world())
    assert made.lower < -0.1 < made.upper
    assert made.slope == pytest.approx(-0.1, abs=0.02)
    assert made.skill > 0.7
    raw = np.log(world()[1])
    assert np.std(np.log(made.trend)) < 0.7 * np.std(raw)
    assert np.log(made.trend) + np.log(made.weather) == pytest.approx(raw)


def test_weather_that_explains_nothing_has_no_skill() -> None:
    days, seen, met = world(noise=1.0)
    rng = np.random.default_rng(1)
    made = weather_normalise(days, rng.permutation(seen), rng.permutation(met))
    assert made.skill < 0.05


@settings(max_examples=8, deadline=None)
@given(st.floats(0.01, 100), st.floats(-50, 50), st.floats(0.1, 10))
def test_units_of_concentration_and_weather_do_not_matter(times, shift, scale) -> None:
    days, seen, met = world(2)
    one, other = (
        weather_normalise(days, seen, met),
        weather_normalise(days, seen * times, met * scale + shift),
    )
    assert other.slope == pytest.approx(one.slope, abs=1e-9)
    assert other.trend == pytest.approx(one.trend * times, rel=1e-6)


def test_gaps_stay_gaps_and_hours_may_be_told() -> None:
    days, seen, met = world(2)
    seen = seen.copy()
    seen[10:20], met[30, 0] = np.nan, np.nan
    made = weather_normalise(days, seen, met, np.zeros_like(days))
    assert np.isnan(made.trend[[10, 19, 30]]).all()
    assert np.isfinite(made.trend).sum() == days.size - 11


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (lambda d, c, m: (d[:300], c[:300], m[:300]), "less than a year"),
        (lambda d, c, m: (d, c[1:], m), "differ"),
        (lambda d, c, m: (d, c, m[:, 0]), "differ"),
        (lambda d, c, m: (d[::-1], c, m), "do not rise"),
        (lambda d, c, m: (d, np.where(d == 5, 0.0, c), m), "not above nought"),
        (lambda d, c, m: (d, np.full_like(c, np.nan), m), "less than a year"),
        (lambda d, c, m: (d[::30], c[::30], m[::30]), "too few"),
    ],
)
def test_series_that_tell_nothing_are_refused(change, told) -> None:
    with pytest.raises(ValueError, match=told):
        weather_normalise(*change(*world()))
