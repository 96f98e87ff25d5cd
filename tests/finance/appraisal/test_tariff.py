import pytest

from tongyuan.finance.appraisal.tariff import surcharge

ALUMINIUM = ((13_700.0, 13_800.0), (0.02, 0.08))
"""Tiered price of aluminium smelters 2014-2021 (NDRC and MIIT, 2013-12-23)."""


def test_the_tiered_price_of_aluminium_is_a_cliff():
    paid = surcharge([13_700, 13_750, 13_800, 13_850], *ALUMINIUM) * 100_000
    assert paid == pytest.approx([0, 27.5e6, 27.6e6, 110.8e6])
    just_above = surcharge([13_801], *ALUMINIUM)[0]
    assert just_above / surcharge([13_800], *ALUMINIUM)[0] == pytest.approx(4.0, rel=1e-3)


def test_a_wedge_charges_what_lies_above_alone():
    paid = surcharge([13_700, 13_750, 13_850], *ALUMINIUM, kind="wedge")
    assert paid == pytest.approx([0.0, 50 * 0.02, 100 * 0.02 + 50 * 0.08])


def test_steps_count_whole_or_begun_ones_on_all_power():
    paid = surcharge([13_650, 13_651, 13_670, 13_671], [13_650], [0.01], kind="step", step=20)
    assert paid == pytest.approx([0, 0.01 * 13_651, 0.01 * 13_670, 0.02 * 13_671])


@pytest.mark.parametrize(
    ("kind", "bounds", "rates", "step"),
    [
        ("cliff", [2, 1], [1, 1], None),
        ("step", [1], [1], None),
        ("step", [1, 2], [1, 1], 3),
        ("x", [1], [1], None),
    ],
)
def test_a_tariff_that_says_nothing_clear_is_refused(kind, bounds, rates, step):
    with pytest.raises(ValueError, match=r"threshold|kind"):
        surcharge([1.0], bounds, rates, kind, step)
