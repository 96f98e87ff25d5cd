import pytest

from tongyuan.inventory.methods.residue_burning import emission_from_residue_burning, ipcc_fire_emission
from tongyuan.ledger.finding import FindingError


def test_equation_2_27() -> None:
    assert float(ipcc_fire_emission(100, 4, 0.9, 2.7)) == pytest.approx(100 * 4 * 0.9 * 2.7 / 1000)


def test_adaptor(rows) -> None:
    result = emission_from_residue_burning(rows({"crop": "小麦秸秆", "residue": 1e5, "burnt_share": 0.1}))
    by = dict(zip(result["species"], result["value"], strict=True))
    burnt = 1e5 * 0.89 * 0.1 * 0.9
    assert by["CO"] == pytest.approx(burnt * 92 / 1000)
    assert set(by) == {"CO2_biogenic", "CO", "CH4_biogenic", "N2O", "NOx"}
    carbon = by["CO2_biogenic"] * 12 / 44 + by["CO"] * 12 / 28 + by["CH4_biogenic"] * 12 / 16
    assert 0.4 < carbon / burnt < 0.5


def test_sugarcane_needs_its_own_dry_matter(rows) -> None:
    cane = {"crop": "甘蔗叶", "residue": 1e5, "burnt_share": 0.1}
    with pytest.raises(FindingError, match="no value"):
        emission_from_residue_burning(rows(cane))
    assert emission_from_residue_burning(rows({**cane, "dry_matter": 0.6})).height == 5


def test_share_above_one(rows) -> None:
    with pytest.raises(FindingError, match="outside"):
        emission_from_residue_burning(rows({"crop": "wheat", "residue": 1.0, "burnt_share": 1.5}))
