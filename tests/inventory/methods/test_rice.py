import pytest
from hypothesis import given
from hypothesis import strategies as st

from tongyuan.inventory.methods.adaptor import Settings
from tongyuan.inventory.methods.rice import (
    emission_from_rice_field,
    ipcc_rice_amendment_scale,
    ipcc_rice_ch4,
    ipcc_rice_daily_factor,
    provincial_rice_ch4,
)
from tongyuan.ledger.finding import FindingError

FIELD = {"water": "持续淹水", "preseason": "季前排水少于180天", "area_harvested": 1000.0, "days": 100.0}


def test_equations() -> None:
    assert float(ipcc_rice_daily_factor(1.3, 0.6, 0.68, 1.0)) == pytest.approx(0.5304)
    assert float(ipcc_rice_ch4(1000, 100, 1.3)) == pytest.approx(130.0)
    assert float(provincial_rice_ch4(1000, 234)) == 234
    assert ipcc_rice_amendment_scale([], []) == 1
    assert ipcc_rice_amendment_scale([3.0], [1.0]) == pytest.approx(4**0.59)


@given(st.floats(0, 20), st.floats(0, 20))
def test_more_straw_more_methane(less: float, more: float) -> None:
    low, high = sorted((less, more))
    assert 1 <= ipcc_rice_amendment_scale([low], [0.29]) <= ipcc_rice_amendment_scale([high], [0.29])


def test_adaptor(rows) -> None:
    result = emission_from_rice_field(rows(FIELD, {**FIELD, "water": "间歇灌溉（多次晒田）"}))
    assert result["value"].to_list() == [pytest.approx(130.0), pytest.approx(130.0 * 0.52)]
    assert set(result["species"]) == {"CH4_biogenic"}


def test_amendment(rows) -> None:
    straw = {**FIELD, "amendment": "种植前30天外秸秆还田", "amendment_rate": 5.0}
    result = emission_from_rice_field(rows(straw))
    assert result["value"][0] == pytest.approx(130.0 * (1 + 5 * 0.29) ** 0.59)
    with pytest.raises(FindingError, match="Rate of the amendment"):
        emission_from_rice_field(rows({**FIELD, "amendment": "绿肥"}))


def test_refinement_needs_a_verified_base(rows) -> None:
    with pytest.raises(FindingError, match="unverified"):
        emission_from_rice_field(rows(FIELD), Settings(rice="ipcc_2019"))
    own = emission_from_rice_field(rows({**FIELD, "daily_factor": 2.0}), Settings(rice="ipcc_2019"))
    assert own["value"].to_list() == [pytest.approx(200.0)]


def test_provincial_only_when_asked(rows) -> None:
    frame = rows({**FIELD, "season": "单季稻"})
    with pytest.raises(FindingError):
        emission_from_rice_field(frame, Settings(rice="provincial_guideline"))
    asked = Settings(rice="provincial_guideline", include_unverified=True)
    assert emission_from_rice_field(frame, asked)["value"].to_list() == [pytest.approx(215.5)]
