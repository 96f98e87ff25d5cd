from __future__ import annotations

import pytest

from tongyuan.pathway.case.measure import bound_of, factor, full_year, money, per, priced, units_of
from tongyuan.pathway.example import steel
from tongyuan.reference.units import UnitError


def test_units_of_rates_and_prices():
    assert factor("kg/MWh", "t", "MWh") == 1e-3
    assert factor("g/kWh", "t", "GWh") == pytest.approx(1.0, rel=1e-12)
    assert factor("(ug/m3)/kt", "ug/m3", "t") == pytest.approx(1e-3, rel=1e-12)
    assert factor("%", "") == 0.01
    assert factor("", "t", "kg") == 1e-3  # as much of one as of the other is 0.001 t per kg
    assert priced("万元/t", "t") == (10_000.0, "CNY")
    assert priced("元/千克", "t") == (1_000.0, "CNY")
    assert priced("CNY/10^4 t", "t") == (1e-4, "CNY")
    assert priced("USD/kg", "t") == (1_000.0, "USD")
    assert money("亿元") == (1e8, "CNY")
    assert money("GBP") == (1.0, "GBP")
    assert per("kg", "t/h") == "kg*h/t"
    assert factor(per("kg", "t/h"), "kg", "t/h") == pytest.approx(1.0)
    for wrong in ("t/t", "kWh", "CNY/MWh"):
        with pytest.raises(UnitError):
            priced(wrong, "t")
    for wrong in ("t", "money", "CNY/t"):
        with pytest.raises(UnitError):
            money(wrong)


@pytest.mark.parametrize(
    ("capacity", "activity", "full"),
    [
        ("MW", "MWh", 8760.0),
        ("MW", "GWh", 8.76),
        ("MW", "TJ", 31.536),
        ("t/a", "t", 1.0),
        ("万t/年", "t", 1e4),
        ("t/d", "t", 365.0),
        ("t/h", "kt", 8.76),
        ("MW", "t", None),
        ("", "t", None),
    ],
)
def test_a_full_year_follows_from_the_units(capacity, activity, full):
    found = full_year(capacity, activity)
    assert found == (None if full is None else pytest.approx(full, rel=1e-12))


def test_what_a_bound_is_counted_in():
    known = units_of(steel().tables)
    row = {"quantity_kind": "cost", "quantity": "total", "denominator_kind": "", "denominator": "",
           "unit": "万元", "basis": "absolute"}  # fmt: skip
    assert bound_of(known, row, "CNY").scale == 1e4
    with pytest.raises(UnitError):
        bound_of(known, {**row, "unit": "USD"}, "CNY")
    with pytest.raises(UnitError):
        bound_of(known, {**row, "quantity_kind": "capacity", "quantity": "coal_power", "unit": "t"}, "CNY")
