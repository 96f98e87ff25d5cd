import numpy as np
import pytest

from tongyuan.impact.health.burden import attributable_fraction
from tongyuan.impact.health.life_table import lifetable_airq, premature_deaths, single_years_airq
from tongyuan.impact.health.risk import risk_loglinear

AIRQ = """
0 3387900 4727 100000 695 498262 7688320 76.9
5 3401300 472 99305 69 496352 7190058 72.4
10 3212300 557 99236 86 495965 6693706 67.5
15 3026100 1323 99150 217 495208 6197741 62.5
20 3494600 2075 98933 293 493934 5702533 57.6
25 4094200 2646 98640 318 492405 5208599 52.8
30 4234400 3344 98322 387 490641 4716194 48
35 3654500 3938 97934 526 488357 4225553 43.1
40 3348000 5662 97408 820 484990 3737197 38.4
45 3658600 9574 96588 1256 479801 3252206 33.7
50 2953000 12964 95332 2070 471487 2772405 29.1
55 2660700 19345 93263 3330 457988 2300918 24.7
60 2458000 30575 89933 5425 436102 1842930 20.5
65 2353100 50359 84508 8584 401081 1406828 16.6
70 2201400 77674 75924 12309 348850 1005747 13.2
75 1555700 85235 63616 15328 279759 656897 10.3
80 1178500 104269 48288 17492 197709 377138 7.8
85 650900 88455 30795 15619 114931 179429 5.8
90 240630 49754 15177 10344 50025 64499 4.2
95 46420 14858 4833 4297 13424 14473 3
100 4550 2327 536 536 1049 1049 2
"""
"""Age, population, deaths, l, d, L, T, e of the AirQ+ Life Table Manual. T at 5 is printed 7190580 in the
copy that was read; 7688320 − 498262 is what stands here."""


def test_the_table_of_the_manual() -> None:
    rows = np.array([line.split() for line in AIRQ.split("\n") if line], dtype=float)
    table = lifetable_airq(rows[:, 1], rows[:, 2], np.full(len(rows), 5.0))
    for column, values in ((3, table.alive), (4, table.deaths), (5, table.years), (6, table.beyond)):
        assert np.abs(values - rows[:, column]).max() < 1.01, column
    assert np.round(table.expectation, 1).tolist() == rows[:, 7].tolist()
    assert table.expectation[0] == pytest.approx(76.9, abs=0.05)
    assert table.deaths.sum() == pytest.approx(1e5)


def test_groups_are_split_into_single_years_as_in_the_manual() -> None:
    """Ages 0 to 19: deaths, who enters (whole) and the middle of the year, as printed."""
    rows = np.array([line.split() for line in AIRQ.split("\n") if line], dtype=float)[:5]
    made = single_years_airq(rows[:, 1], rows[:, 2], np.full(5, 5))
    printed = [948, 947, 945, 944, 943, *[94] * 5, *[111] * 5, 265, 265, 265, 264, 264]
    assert np.round(made.deaths[:20]).tolist() == printed
    assert np.round(made.entry[[0, 1, 4, 5, 19]]).tolist() == [679946, 678998, 676162, 680496, 604823]
    assert np.round(made.middle[[0, 4, 9, 19]], 1).tolist() == [679472.1, 678329.0, 661428.5, 652390.5]
    assert made.deaths.reshape(5, 5).sum(axis=1) == pytest.approx(rows[:, 2], rel=1e-12)


def test_premature_deaths_by_hand() -> None:
    """One age of 1,000 with 20 deaths: h 0.02, with a tenth less 0.018."""
    found = premature_deaths([1000], [20], 0.1, [60], 20)
    by_hand = 1010 * ((2 - 0.018) / (2 + 0.018) - (2 - 0.02) / (2 + 0.02))
    assert found[0] == pytest.approx(by_hand, rel=1e-12)
    assert found[0] > 0
    assert premature_deaths([1000], [20], 0.1, [19], 20)[0] == 0


def test_below_the_counterfactual_nobody_dies_early() -> None:
    fraction = attributable_fraction(risk_loglinear(4, 1.118, 10, 5))
    assert premature_deaths([1000, 900], [20, 80], fraction, [60, 61], 20).sum() == 0


def test_bad_input() -> None:
    with pytest.raises(ValueError, match="nobody"):
        lifetable_airq([0, 1], [1, 1], [5, 5])
    with pytest.raises(ValueError, match="one value for each age"):
        lifetable_airq([1, 1], [1], [5, 5])
    with pytest.raises(ValueError, match="more die"):
        lifetable_airq([1, 1], [1, 1], [5, 5], lived=0.9)
    with pytest.raises(ValueError, match="above one"):
        premature_deaths([1], [1], 1.5, [60], 20)
    with pytest.raises(ValueError, match="one value for each age"):
        single_years_airq([1, 1], [1], [5, 5])
    for people, dead, wide in (([0], [1], [5]), ([9], [0], [5]), ([9], [1], [0]), ([9], [1], [2.5])):
        with pytest.raises(ValueError, match="nobody or no deaths"):
            single_years_airq(people, dead, wide)
    assert premature_deaths([0], [0], 0.5, [60], 20)[0] == 0
