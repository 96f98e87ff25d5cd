import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tongyuan.inventory.methods.fluorinated import (
    emission_from_refrigerant_bank,
    guide_electronics_by_product,
    guide_electronics_gas,
    guide_fill_leak,
    guide_fluorochemical_loss,
    guide_hfc23,
    guide_switchgear_sf6,
    guide_transmission_loss_co2,
    ipcc_refrigerant_tier_2a,
    ipcc_refrigerant_tier_2b,
)
from tongyuan.ledger.finding import FindingError

share = st.floats(0, 1)


def test_equations() -> None:
    assert float(guide_hfc23(1000, 0.015, 10)) == pytest.approx(5)
    assert float(guide_electronics_gas(100, 0.8, 0.9, 0.95)) == pytest.approx(0.9 * 100 * 0.2 * (1 - 0.855))
    assert float(guide_electronics_by_product(100, 0.09, 0.9, 0.9)) == pytest.approx(0.9 * 9 * 0.19)
    assert float(guide_fluorochemical_loss(200)) == pytest.approx(1)
    assert float(guide_fill_leak(1e6, 146.06)) == pytest.approx(49.95, abs=0.01)
    assert float(guide_switchgear_sf6(0.5, 0.45)) == pytest.approx(0.05)
    assert float(guide_transmission_loss_co2(100, 10, 5, 98, 0.5)) == pytest.approx(3.5)


@given(st.floats(0, 1e4), share, share, share, share)
def test_tiers_agree_over_the_life_of_equipment(
    charge: float, k: float, x: float, recovery: float, years: float
) -> None:
    """Equipment is charged, loses a part of it, is topped up each year and recovered at its end."""
    life = 1 + int(years * 9)
    top_up = charge * x
    sales = np.array([charge * (1 + k), *[top_up] * life])
    recovered = charge * recovery
    mass_balance = ipcc_refrigerant_tier_2b(
        sales, [charge, *[0.0] * life], [*[0.0] * life, charge], [*[0.0] * life, recovered]
    )
    factor = ipcc_refrigerant_tier_2a(
        [charge, *[0.0] * life], [0.0, *[charge] * life], [*[0.0] * life, charge], k, x, 1.0, recovery
    )
    total = sum(float(part.sum()) for part in factor)
    assert total == pytest.approx(float(mass_balance.sum()), rel=1e-9, abs=1e-9)


def test_adaptor(rows) -> None:
    cells = {"use": "房间与商用空调", "gas": "HFC-134a", "charged": 100.0, "bank": 1000.0, "retired": 50.0}
    result = emission_from_refrigerant_bank(rows(cells))
    assert result["value"].to_list() == [
        pytest.approx(0.6),
        pytest.approx(55.0),
        pytest.approx(50 * 0.4 * 0.6),
    ]
    assert set(result["process"]) == {"fgas.air_conditioning"}
    old = emission_from_refrigerant_bank(rows({**cells, "gas": "CFC-12"}))
    assert set(old["medium"]) == {"ods"}


def test_unknown_gas(rows) -> None:
    with pytest.raises(FindingError, match="unknown"):
        emission_from_refrigerant_bank(rows({"use": "chiller", "gas": "R-999", "bank": 1.0}))


def test_linear_in_the_bank(rows) -> None:
    one = emission_from_refrigerant_bank(rows({"use": "chiller", "gas": "HFC-32", "bank": 1.0}))
    ten = emission_from_refrigerant_bank(rows({"use": "chiller", "gas": "HFC-32", "bank": 10.0}))
    assert ten["value"].sum() == pytest.approx(10 * one["value"].sum())
    assert one.filter(pl.col("technology") == "operation").height == 1
