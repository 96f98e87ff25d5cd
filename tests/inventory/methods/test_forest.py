import pytest
from hypothesis import given
from hypothesis import strategies as st

from tongyuan.inventory.methods.adaptor import Settings
from tongyuan.inventory.methods.forest import (
    emission_from_forest,
    ipcc_biomass_carbon,
    ipcc_biomass_gain,
    ipcc_disturbance_loss,
    ipcc_gain_loss,
    ipcc_land_conversion,
    ipcc_stock_difference,
    ipcc_wood_removal_loss,
)
from tongyuan.ledger.finding import FindingError

OWN = {"wood_density": 0.5, "expansion": 1.4, "root_ratio": 0.25, "carbon_fraction": 0.47}


def test_equations() -> None:
    assert float(ipcc_biomass_carbon(100, 0.5, 1.4, 0.25, 0.47)) == pytest.approx(100 * 0.875 * 0.47)
    assert float(ipcc_stock_difference(100, 150, 5)) == 10
    assert float(ipcc_biomass_gain(1000, 4, 0.25, 0.5)) == 2500
    assert float(ipcc_wood_removal_loss(100, 2, 0.25, 0.5)) == 125
    assert float(ipcc_disturbance_loss(10, 4, 0.25, 0.5, 0.3)) == pytest.approx(7.5)
    assert float(ipcc_land_conversion(10, 100, 10, 0.5)) == -450


@given(st.floats(0, 1e5), st.floats(0, 10), st.floats(0, 1e4))
def test_gain_and_loss_agree_with_the_stock(area: float, growth: float, removed: float) -> None:
    gain = ipcc_biomass_gain(area, growth, 0.25, 0.5)
    loss = ipcc_wood_removal_loss(removed, 0.7, 0.25, 0.5)
    before = 1e9
    after = before + (area * growth - removed * 0.7) * 1.25 * 0.5
    assert float(ipcc_gain_loss(gain, loss)) == pytest.approx(
        float(ipcc_stock_difference(before, after, 1)), abs=1e-5
    )


def test_growing_forest_is_a_sink(rows) -> None:
    cells = {"forest": "乔木林", "volume_before": 1000.0, "volume_after": 1100.0, "years": 5.0, **OWN}
    result = emission_from_forest(rows(cells))
    assert result["value"].to_list() == [pytest.approx(-20 * 0.875 * 0.47 * 44 / 12)]
    felled = emission_from_forest(rows({**cells, "volume_after": 900.0}))
    assert felled["value"].sum() == pytest.approx(-result["value"].sum())


def test_national_means_only_when_asked(rows) -> None:
    frame = rows({"forest": "乔木林", "volume_before": 0.0, "volume_after": 1.0})
    with pytest.raises(FindingError, match="unverified"):
        emission_from_forest(frame)
    result = emission_from_forest(frame, Settings(include_unverified=True))
    assert result["value"][0] == pytest.approx(-0.485 * 1.787 * 0.5 * 44 / 12)
