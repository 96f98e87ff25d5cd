import numpy as np
import pytest

from tongyuan.ledger.finding import FindingError
from tongyuan.synergy.method import equivalent


def test_one_equivalent_each() -> None:
    table = dict(equivalent.equivalent_weights().select("species", "weight").iter_rows())
    for species, kilogram in (("SO2", 0.95), ("NOx", 0.95), ("TSP", 2.18)):
        assert equivalent.apeq([kilogram / 1000], [table[species]])[()] == pytest.approx(1)


def test_default_prices_are_the_lowest_statutory_rates() -> None:
    table = equivalent.equivalent_weights(("air", "water"))
    prices = dict(table.select("species", "price").iter_rows())
    assert prices["SO2"] == 1.2
    assert prices["COD"] == 1.4
    assert not {"PM2.5", "PM10", "BOD5"} & set(prices)


def test_integrated_index_by_hand() -> None:
    money = equivalent.iapeq([[10.0, 5.0]], [1000 / 0.95, 1000 / 0.95], [1.2, 1.2], [200.0], 48.0)
    assert money[0] == pytest.approx(15 * 1000 / 0.95 * 1.2 + 200 * 48)


def test_carbon_prices_by_name() -> None:
    assert equivalent.carbon_price() == 48
    with pytest.raises(FindingError):
        equivalent.carbon_price("tomorrow")


def test_unit_cost_of_nothing_is_undefined() -> None:
    cost = equivalent.unit_cost([100.0, 100.0, 100.0], [50.0, 0.0, -1.0])
    assert cost[0] == 2
    assert np.isnan(cost[1:]).all()


def test_weights_must_fit() -> None:
    with pytest.raises(FindingError):
        equivalent.apeq([[1.0, 2.0]], [1.0])
    with pytest.raises(FindingError):
        equivalent.iapeq([[1.0]], [1.0], [1.0], [1.0], -5)
