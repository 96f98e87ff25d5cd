import pytest

from tongyuan.finance.appraisal.support import (
    bank_share,
    environmental_price,
    equipment_credit,
    interest_subsidy,
    relending,
    tax_holiday,
)


def test_relending_of_the_central_bank_and_a_provinces_points():
    assert relending(100e6, 0.0175) == pytest.approx((60e6, 1.05e6))
    assert relending(100e6, 0.0175, subsidy=0.0025) == pytest.approx((60e6, 0.90e6))


def test_three_years_free_and_three_at_half():
    assert tax_holiday([10e6] * 7) == [0, 0, 0, 1.25e6, 1.25e6, 1.25e6, 2.5e6]
    assert tax_holiday([-1.0, -1.0, -1.0, -1.0]) == [0, 0, 0, 0]


def test_a_credit_is_used_up_to_the_tax_and_carried_five_years():
    made = equipment_credit(5e6, [0.3e6, 0.1e6])
    assert made.used == pytest.approx([0.3e6, 0.1e6])
    assert (made.left, made.years) == (pytest.approx(0.1e6), 4)
    lapsed = equipment_credit(5e6, [0.0] * 6)
    assert (lapsed.left, lapsed.years) == (0.0, 0)


def test_subsidised_interest_ends_after_two_years():
    assert interest_subsidy(10e6, 0.015, 1) == pytest.approx(150_000)
    assert interest_subsidy(10e6, 0.015, 5) == pytest.approx(300_000)


def test_a_bank_tells_its_part_of_the_reduction():
    assert bank_share(36_000, 125e6, 500e6) == pytest.approx(9_000)
    with pytest.raises(ValueError, match="loan"):
        bank_share(1.0, 2.0, 1.0)


def test_what_a_coal_unit_is_paid_for_its_devices():
    """1 TWh: 15, 10 and 2 million yuan."""
    assert environmental_price(1e9) == pytest.approx(27e6)
    assert environmental_price(1e9, ["desulphurisation"]) == pytest.approx(15e6)
    with pytest.raises(KeyError):
        environmental_price(1.0, ["hope"])
