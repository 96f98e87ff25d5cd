from __future__ import annotations

from tongyuan.facility.permit.limit import limit_tonnes, performance_tonnes


def test_arithmetic_of_vector_perm_01() -> None:
    assert performance_tonnes(600, 0.15) == 495


def test_arithmetic_of_vector_perm_02() -> None:
    assert round(limit_tonnes(2_000_000, 2500, 50), 9) == 250
