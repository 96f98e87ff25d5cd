"""Factors of temperature and light against figures computed apart."""

import numpy as np
import pytest

from tongyuan.zoning.green.guenther import (
    constants,
    emission,
    guenther_light,
    guenther_pool,
    guenther_temperature,
    leaf_mass,
    megan_light,
    megan_temperature,
)

T, L = [303, 298, 308, 313], [1000, 500, 1500, 2000]


def test_BV_01() -> None:
    light, warmth = guenther_light(L), guenther_temperature(T)
    assert light == pytest.approx([0.999640, 0.856592, 1.034919, 1.048179], abs=1e-6)
    assert warmth == pytest.approx([0.964925, 0.527217, 1.577992, 1.909679], abs=1e-6)
    assert light * warmth == pytest.approx([0.964578, 0.451610, 1.633094, 2.001684], abs=1e-6)


def test_BV_02() -> None:
    found = guenther_temperature(T, edition=1999)
    assert found == pytest.approx([1.002657, 0.548449, 1.632459, 1.953284], abs=1e-6)


def test_BV_04() -> None:
    warmth = megan_temperature([297, 303, 308], [297, 297, 300], [297, 297, 299])
    assert warmth == pytest.approx([0.473474, 0.983369, 1.878875], abs=1e-6)
    light = megan_light([1500, 1000], [200, 400], [200, 400], 200)
    assert light == pytest.approx([1.008162, 1.334502], abs=1e-6)


def test_BV_05() -> None:
    mass = leaf_mass(126.68, 102.6)
    assert mass == pytest.approx(12_347, rel=1e-4)
    hour = emission(97.33, mass, 308, 1500)
    assert hour == pytest.approx(1.9625, rel=1e-3)
    assert hour * constants("MIR")["isoprene"] == pytest.approx(20.82, rel=1e-3)


def test_nothing_in_the_dark_and_more_with_light():
    light = guenther_light(np.linspace(0, 2500, 50))
    assert light[0] == 0
    assert (np.diff(light) > 0).all()


def test_leaves_die_of_heat():
    warm = guenther_temperature(np.arange(290, 330.0))
    assert warm.argmax() == pytest.approx(314 - 290, abs=2)


def test_pools_double_in_eight_degrees():
    assert guenther_pool(303.0) == 1
    assert guenther_pool(303 + np.log(2) / 0.09) == pytest.approx(2)


def test_an_edition_that_is_none():
    with pytest.raises(ValueError, match="1993 or 1999"):
        guenther_temperature(300.0, edition=2000)
