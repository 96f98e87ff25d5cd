import pytest

from tongyuan.inventory.methods.incineration import emission_from_waste_incineration, guide_incineration_co2
from tongyuan.ledger.finding import FindingError


def test_one_tonne_as_published() -> None:
    assert round(float(guide_incineration_co2(1, 0.4, 0.4, 0.95)), 4) == 0.5573
    assert float(guide_incineration_co2(1, 0.5, 0.9, 0.995)) == pytest.approx(1.6418, abs=1e-4)


def test_fossil_and_biogenic_close_the_carbon(rows) -> None:
    result = emission_from_waste_incineration(
        rows({"plant": "甲", "waste": "焚烧的生活垃圾", "amount": 1000.0})
    )
    by = dict(zip(result["species"], result["value"], strict=True))
    assert by["CO2"] == pytest.approx(557.33, abs=0.01)
    assert (by["CO2"] + by["CO2_biogenic"]) * 12 / 44 == pytest.approx(1000 * 0.4 * 0.95)


def test_own_share(rows) -> None:
    cells = {"plant": "甲", "waste": "hazardous", "amount": 100.0, "fossil_share": 1.0}
    result = emission_from_waste_incineration(rows(cells))
    assert result["process"].unique().to_list() == ["waste.hazardous"]
    assert "waste_incineration:1.fossil_share" in result["factor_id"][0]
    with pytest.raises(FindingError):
        emission_from_waste_incineration(rows({**cells, "fossil_share": 1.4}))
