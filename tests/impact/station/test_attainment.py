import numpy as np
import pytest

from tongyuan.impact.station.attainment import attainment_carbon
from tongyuan.impact.station.standard import state_of


def test_four_quadrants_and_what_is_missing() -> None:
    made = attainment_carbon([30, 30, 39, 39, np.nan], [35] * 5, [100] * 5, [90, 110, 90, 110, 90])
    assert [m.quadrant for m in made] == ["both", "air_only", "carbon_only", "neither", "unknown"]
    assert made[0].air == pytest.approx(30 / 35 - 1)
    assert made[1].carbon == pytest.approx(0.1)


def test_the_limit_itself_is_met_and_carbon_that_stays_does_not_fall() -> None:
    (made,) = attainment_carbon(35, 35, 100, 100)
    assert made.quadrant == "air_only"
    (made,) = attainment_carbon(35, 35, 0, 100)
    assert made.quadrant == "unknown"


def test_old_state_and_new_state_are_flagged() -> None:
    """Shandong 2014 in the old state and 2021 as it is: 82 and 39 do not compare without saying so."""
    from datetime import date

    states = tuple(state_of(date(y, 1, 1), gas=False) for y in (2014, 2021))
    assert not attainment_carbon(39, 35, 100, 90, states)[0].comparable
    assert attainment_carbon(39, 35, 100, 90)[0].comparable


def test_bad_input() -> None:
    with pytest.raises(ValueError, match="lengths"):
        attainment_carbon([1, 2], 35, 1, 1)
    with pytest.raises(ValueError, match="above nought"):
        attainment_carbon(1, 0, 1, 1)
    with pytest.raises(ValueError, match="not negative"):
        attainment_carbon(1, 35, -1, 1)
