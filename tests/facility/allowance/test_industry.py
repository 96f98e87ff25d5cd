from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tongyuan.facility.allowance.industry import balance_value, coefficient, industry_quota, slag_rate


@pytest.mark.parametrize(
    ("emission", "intensity", "balance", "x", "alpha", "quota"),
    [
        (1_000_000, 0.8, 0.84, 0.047619, 0.007143, 1_007_143),
        (1_000_000, 0.9, 0.84, -0.071429, -0.010714, 989_286),
        (2_500_000, 1.7, 1.65, -0.030303, -0.004545, 2_488_636),
    ],
    ids=["ETS-01", "ETS-02", "ETS-04"],
)
def test_vectors_of_intensity(
    emission: float, intensity: float, balance: float, x: float, alpha: float, quota: float
) -> None:
    got = industry_quota("cement", 2026, emission, intensity, balance)
    assert got.distance is not None
    assert round(got.distance, 6) == x
    assert round(got.coefficient, 6) == alpha
    assert abs(got.quota - quota) <= 1


def test_vector_ets_06_quota_of_2024_is_what_was_verified() -> None:
    for sector in ("steel", "cement", "aluminium"):
        assert industry_quota(sector, 2024, 123_456.7, 2.0, None).quota == 123_456


def test_vector_ets_16_balance_value_and_quotas() -> None:
    e, i = [1_000_000, 1_500_000, 800_000], [0.8, 0.84, 0.95]
    bp = balance_value(e, i)
    assert round(bp, 9) == 0.854545455
    quotas = [industry_quota("steel", 2026, a, b, bp).unrounded for a, b in zip(e, i, strict=True)]
    assert [round(q, 2) for q in quotas] == [1_009_574.47, 1_503_829.79, 786_595.74]


def test_bounds_of_the_coefficient() -> None:
    assert coefficient([0.2, 0.5, -0.2, -0.5, 0.0], 0.15, 0.03).tolist() == pytest.approx(
        [0.03, 0.03, -0.03, -0.03, 0.0]
    )


def test_without_a_balance_value_there_is_no_quota() -> None:
    with pytest.raises(ValueError, match="balance"):
        industry_quota("steel", 2026, 1e6, 1.7, None)


@pytest.mark.parametrize(
    ("emission", "intensity"), [([], []), ([0.0], [1.0]), ([1.0], [0.0]), ([-1.0, 3.0], [1, 1])]
)
def test_no_balance_value_of_nothing(emission: list[float], intensity: list[float]) -> None:
    with pytest.raises(ValueError, match="above zero"):
        balance_value(emission, intensity)


def test_the_slag_rate_is_a_share_of_carbon() -> None:
    # 300,000 t of slag at 0.480 beside 1,000,000 t of clinker at 0.535: 26.9 %, while the mass share is 30 %
    assert slag_rate(300_000, 0.480, 1_000_000, 0.535) == pytest.approx(0.269159, abs=1e-6)
    with pytest.raises(ValueError, match="clinker"):
        slag_rate(1, 0.48, 0, 0.535)


lines = st.lists(st.tuples(st.floats(1e3, 1e7), st.floats(0.1, 3.0)), min_size=1, max_size=30)


@settings(max_examples=60, deadline=None)
@given(lines)
def test_quotas_of_a_sector_are_together_what_it_emitted(rows: list[tuple[float, float]]) -> None:
    e, i = np.array([r[0] for r in rows]), np.array([r[1] for r in rows])
    bp = balance_value(e, i)
    quota = e * (1 + coefficient((bp - i) / bp, 0.15, 0.03))
    assert quota.sum() == pytest.approx(e.sum(), rel=1e-9)
    assert bp == pytest.approx(balance_value(e[::-1], i[::-1]), rel=1e-9)
    assert balance_value(e * 1000, i) == pytest.approx(bp, rel=1e-9)
