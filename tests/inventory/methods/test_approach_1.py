"""The table of approach 1 against hand-worked columns, and the two equations it rests on."""

from __future__ import annotations

import numpy as np
import pytest

from tongyuan.inventory.methods.approach_1 import ipcc_approach_1, ipcc_equation_3_1, ipcc_equation_3_2


def test_products_and_sums_combine_as_the_guidelines_say() -> None:
    assert ipcc_equation_3_1(np.array([3.0, 4.0])) == pytest.approx(5.0)
    assert ipcc_equation_3_2(np.array([10.0, 10.0]), np.array([30.0, 40.0])) == pytest.approx(25.0)


def test_approach_1_column_by_column() -> None:
    # worked by hand from the formulas of table 3.2: two categories, C = (100, 50), D = (120, 40)
    found = ipcc_approach_1(
        np.array([100.0, 50.0]), np.array([120.0, 40.0]), np.array([3.0, 5.0]), np.array([4.0, 12.0])
    )
    assert found["combined"].to_list() == pytest.approx([5.0, 13.0])
    assert found["contribution"].to_list() == pytest.approx([(5 * 120 / 160) ** 2, (13 * 40 / 160) ** 2])
    assert found["type_b"].to_list() == pytest.approx([0.8, 40 / 150])
    # type A in its closed form: B − C_x ΣD / (ΣC)², to first order in the one per cent
    closed = np.abs(np.array([120, 40]) / 150 - np.array([100, 50]) * 160 / 150**2)
    assert found["type_a"].to_list() == pytest.approx(closed.tolist(), rel=0.01)
    assert found["trend_activity"].to_list() == pytest.approx(
        [0.8 * 3 * np.sqrt(2), 40 / 150 * 5 * np.sqrt(2)]
    )
    assert found["trend"].to_list() == pytest.approx(
        (found["trend_factor"] ** 2 + found["trend_activity"] ** 2).to_list()
    )


def test_the_trend_of_proportional_change_depends_on_activity_only() -> None:
    base = np.array([30.0, 70.0])
    found = ipcc_approach_1(base, base * 1.5, np.array([5.0, 5.0]), np.array([50.0, 80.0]))
    assert found["type_a"].to_list() == pytest.approx([0.0, 0.0], abs=1e-9)
    free = ipcc_approach_1(
        base, base * 1.5, np.array([5.0, 5.0]), np.array([50.0, 80.0]), factor_correlated=False
    )
    assert free["trend"].sum() > found["trend"].sum()


def test_the_trend_follows_the_flags_of_each_category() -> None:
    """Table 3.2 with C = (100, 50), D = (120, 40), E = (3, 5), F = (4, 12), worked by hand.

    J = D / ΣC = 0.8, 0.26667. I = |B − A-like| from the raised totals; correlated: I × uncertainty, not
    correlated: √2 J × uncertainty.
    """
    given = [np.array(v) for v in ([100.0, 50.0], [120.0, 40.0], [3.0, 5.0], [4.0, 12.0])]
    flags = np.array([True, False])
    found = ipcc_approach_1(*given, factor_correlated=flags, activity_correlated=~flags)
    first = abs((160 + 1.2 - 151) / 151 * 100 - 1000 / 150)
    second = abs((160 + 0.4 - 150.5) / 150.5 * 100 - 1000 / 150)
    assert found["type_a"].to_list() == pytest.approx([first, second])
    assert found["trend_factor"].to_list() == pytest.approx([first * 4, np.sqrt(2) * 40 / 150 * 12])
    assert found["trend_activity"].to_list() == pytest.approx([np.sqrt(2) * 0.8 * 3, second * 5])
    default = ipcc_approach_1(*given)
    assert default["trend_factor"].to_list() == pytest.approx([first * 4, second * 12])


def test_a_sum_below_zero_has_a_positive_uncertainty() -> None:
    assert ipcc_equation_3_2(np.array([-10.0, -10.0]), np.array([30.0, 40.0])) == pytest.approx(25.0)
