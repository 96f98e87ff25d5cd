from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tongyuan.inventory.uncertainty.distribution import (
    FIXED,
    LOGNORMAL,
    NORMAL,
    TRIANGULAR,
    TRUNCATED,
    UNIFORM,
    Fitted,
    fit,
    quantile,
)

U = ((np.arange(20_001) + 0.5) / 20_001)[:, None]


def one(value: float, lower: float, upper: float, name: str = "", **more: bool) -> Fitted:
    return fit(np.array([value]), np.array([lower]), np.array([upper]), [name], **more)


def drawn(fitted: Fitted) -> np.ndarray:
    return quantile(fitted, U)[:, 0]


def test_normal_keeps_its_limits() -> None:
    fitted = one(10, 9, 11, "normal")
    assert fitted.kind[0] == NORMAL
    assert np.quantile(drawn(fitted), [0.025, 0.975]) == pytest.approx([0.9, 1.1], abs=1e-4)


@given(st.floats(0.95, 2.6))
@settings(max_examples=30, deadline=None)
def test_truncated_normal_has_no_negative_part_and_keeps_mean_and_upper_limit(width: float) -> None:
    fitted = one(10, 10 * (1 - width), 10 * (1 + width), "normal")
    assert fitted.kind[0] == TRUNCATED
    values = drawn(fitted)
    assert values.min() >= 0
    assert values.mean() == pytest.approx(1.0, rel=2e-3)
    assert np.quantile(values, 0.975) == pytest.approx(1 + width, rel=1e-3)
    assert values.std() == pytest.approx(fitted.deviation[0], rel=1e-2)


def test_a_normal_too_wide_to_be_cut_is_lognormal() -> None:
    assert one(1, -4, 6, "normal").kind[0] == LOGNORMAL
    assert one(1, -0.5, 2.5, "normal", truncate=False).kind[0] == NORMAL


@pytest.mark.parametrize(("lower", "upper"), [(0.3, 3.0), (0.5, 5.0), (0.9, 1.12)])
def test_lognormal_keeps_the_mean_and_the_ratio_of_the_limits(lower: float, upper: float) -> None:
    values = drawn(one(1, lower, upper, "lognormal"))
    assert values.mean() == pytest.approx(1.0, rel=2e-2)
    low, high = np.quantile(values, [0.025, 0.975])
    assert high / low == pytest.approx(upper / lower, rel=1e-3)


def test_lognormal_with_a_lower_limit_of_zero_keeps_mean_and_upper_limit() -> None:
    values = drawn(one(1, 0, 3.4, "lognormal"))
    assert values.mean() == pytest.approx(1.0, rel=1e-2)
    assert np.quantile(values, 0.975) == pytest.approx(3.4, rel=1e-3)


def test_triangular_and_uniform_enclose_95_per_cent() -> None:
    for name, kind in (("triangular", TRIANGULAR), ("uniform", UNIFORM)):
        fitted = one(10, 8, 14, name)
        assert fitted.kind[0] == kind
        values = drawn(fitted)
        assert np.quantile(values, [0.025, 0.975]) == pytest.approx([0.8, 1.4], abs=1e-3)
        assert values.mean() == pytest.approx(fitted.mean[0], rel=1e-4)
        assert values.std() == pytest.approx(fitted.deviation[0], rel=1e-3)


def test_a_name_is_chosen_from_the_limits_where_none_is_given() -> None:
    assert one(10, 9, 11).kind[0] == NORMAL
    assert one(10, 5, 30).kind[0] == LOGNORMAL


@pytest.mark.parametrize(
    ("value", "lower", "upper"),
    [(10, np.nan, 12), (10, 8, np.nan), (0, -1, 1), (10, 11, 12), (10, 10, 10)],
    ids=["no lower", "no upper", "zero", "limits beside the value", "no width"],
)
def test_what_has_no_usable_limits_does_not_vary(value: float, lower: float, upper: float) -> None:
    fitted = one(value, lower, upper, "normal")
    assert fitted.kind[0] == FIXED
    assert drawn(fitted).tolist() == [1.0] * len(U)


def test_a_sink_is_mirrored() -> None:
    values = -5 * drawn(one(-5, -6, -4, "normal"))
    assert np.quantile(values, [0.025, 0.975]) == pytest.approx([-6, -4], abs=1e-3)


@given(st.floats(1e-9, 1e9))
@settings(max_examples=20, deadline=None)
def test_scale_invariance(scale: float) -> None:
    plain, scaled = one(10, 5, 30, "lognormal"), one(10 * scale, 5 * scale, 30 * scale, "lognormal")
    assert scaled.deviation[0] == pytest.approx(plain.deviation[0], rel=1e-9)
