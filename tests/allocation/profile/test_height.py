import numpy as np
import pytest

from tongyuan.allocation.profile.height import layer_shares

TOP, SHARE = np.array([100.0, 300.0]), np.array([0.25, 0.75])


def test_a_profile_over_layers_of_another_height() -> None:
    """Below 200 m all of the lowest and half of the upper one."""
    made = layer_shares(TOP, SHARE, np.array([50.0, 200.0, 1000.0]))
    assert made.tolist() == pytest.approx([0.125, 0.125 + 0.375, 0.375])


def test_one_layer_takes_all_and_ground_is_the_lowest() -> None:
    assert layer_shares(TOP, SHARE, np.zeros(0)).tolist() == [1.0]
    assert layer_shares(np.array([0.0]), np.ones(1), np.array([10.0, 20.0])).tolist() == [1.0, 0.0]


def test_what_is_above_is_refused() -> None:
    with pytest.raises(ValueError, match="above"):
        layer_shares(TOP, SHARE, np.array([299.0]))
    assert layer_shares(np.array([10.0, 500.0]), np.array([1.0, 0.0]), np.array([20.0])).tolist() == [1.0]
