import polars as pl
import pytest

from tongyuan.reference import units
from tongyuan.reference.method import parameter as module
from tongyuan.reference.method.parameter import COLUMNS, ParameterError, parameter, parameters, topics
from tongyuan.reference.shelf import shelf


def test_every_shelf_loads_with_citation() -> None:
    assert len(topics()) > 20
    sources = set(shelf("source")["id"])
    for topic in topics():
        for row in parameters(topic).values():
            assert row.source in sources, row
            units.parse(row.unit)
            if row.lower is not None and row.upper is not None:
                assert row.lower <= row.upper, row
                assert row.lower <= row.value <= row.upper, row


def test_fractions_lie_between_their_ends() -> None:
    free = {"caepi49", "rice", "landfill", "cement", "mineral", "soil", "forest", "cecs_wwtp"}
    for topic in set(topics()) - free:
        for row in parameters(topic).values():
            assert row.unit != "fraction" or 0 <= row.value <= 1, row


def test_from_special_to_general() -> None:
    special = parameter(
        "livestock", "methane_conversion", edition="gbt_32151_22_2024", item="sheep", condition="young"
    )
    general = parameter("livestock", "methane_conversion", edition="gbt_32151_22_2024", item="sheep")
    assert (special.value, general.value) == (0.045, 0.065)
    assert special.id == "livestock:methane_conversion:gbt_32151_22_2024:sheep:young"


def test_missing_and_unverified() -> None:
    with pytest.raises(ParameterError) as error:
        parameter("soil", "direct", edition="imaginary")
    assert error.value.check == "parameter-missing"
    assert "ipcc_2006" in error.value.values["known"]
    with pytest.raises(ParameterError) as error:
        parameter("rice", "daily", edition="ipcc_2019")
    assert error.value.check == "parameter-unverified"
    assert parameter("rice", "daily", edition="ipcc_2019", include_unverified=True).value == 1.32


def _row(**cells: str) -> dict[str, str]:
    base = dict.fromkeys(COLUMNS, "")
    return {
        **base,
        "parameter": "p",
        "value": "1",
        "unit": "t",
        "status": "official",
        "source": "s",
        "locator": "l",
        **cells,
    }


@pytest.mark.parametrize(
    "frame",
    [
        pl.DataFrame([_row(source="")]),
        pl.DataFrame([_row(status="rumour")]),
        pl.DataFrame([_row(), _row()]),
        pl.DataFrame({"parameter": ["p"]}),
    ],
    ids=["no source", "unknown status", "twice", "columns"],
)
def test_a_bad_shelf_does_not_load(monkeypatch, frame: pl.DataFrame) -> None:
    monkeypatch.setattr(module, "shelf", lambda name: frame)
    with pytest.raises(ValueError, match="shelf method_bad"):
        module.parameters.__wrapped__("bad")


CHECKED = {
    "Clinker CO2": ("cement", "clinker", "ipcc_2006", "portland", "", 0.52),
    "Lime CO2 (default mix)": ("mineral", "lime", "ipcc_2006", "high_calcium_lime", "", 0.75),
    "Dolomitic lime developing": ("mineral", "lime", "ipcc_2006", "dolomitic_lime", "", 0.77),
    "Glass": ("mineral", "glass", "ipcc_2006", "", "", 0.2),
    "N2O EF1": ("soil", "direct", "ipcc_2006", "", "", 0.01),
    "N2O EF1FR rice": ("soil", "direct", "ipcc_2006", "", "flooded_rice", 0.003),
    "N2O EF4": ("soil", "deposition", "ipcc_2006", "", "", 0.01),
    "N2O EF5": ("soil", "leaching", "ipcc_2006", "", "", 0.0075),
    "Rice baseline EF 2006": ("rice", "daily", "ipcc_2006", "", "", 1.3),
    "Rice SFw single aeration": ("rice", "water", "ipcc_2006", "single_aeration", "", 0.6),
    "Enteric dairy Asia 2006": ("livestock", "enteric", "ipcc_2006", "dairy_cattle", "", 68),
    "Enteric other cattle Asia 2006": ("livestock", "enteric", "ipcc_2006", "beef_cattle", "", 47),
    "Enteric sheep developing": ("livestock", "enteric", "ipcc_2006", "sheep", "", 5),
    "MCF managed anaerobic": ("landfill", "methane_correction", "ipcc_2006", "managed_anaerobic", "", 1),
    "DOCf": ("landfill", "doc_dissimilated", "ipcc_2006", "", "", 0.5),
    "OX managed covered": ("landfill", "oxidation", "ipcc_2006", "", "covered", 0.1),
    "F CH4 fraction": ("landfill", "methane_fraction", "ipcc_2006", "", "", 0.5),
    "Bo domestic BOD": ("wastewater", "methane_potential", "ipcc_2019", "BOD5", "", 0.6),
    "Bo COD": ("wastewater", "methane_potential", "ipcc_2019", "COD", "", 0.25),
    "N2O effluent 0.005": ("wastewater", "effluent_nitrous_oxide", "ipcc_2019", "", "", 0.005),
    "N2O plant 2019R 0.016": ("wastewater", "plant_nitrous_oxide", "ipcc_2019", "aerobic", "", 0.016),
    "Coal mining UG 200-400 m": ("coal_mine", "mining", "ipcc_2006", "underground_medium", "", 18),
}


@pytest.mark.parametrize("item", CHECKED)
def test_values_agree_with_two_copies(item: str) -> None:
    """Values of the 2006 guidelines and the 2019 refinement, read in two exports of the IPCC's data base."""
    topic, name, edition, what, condition, expected = CHECKED[item]
    assert parameter(topic, name, edition=edition, item=what, condition=condition).value == expected


@pytest.mark.parametrize(
    ("name", "what", "kilograms"),
    [("nitric", "high_pressure", 9.0), ("adipic", "", 300.0), ("caprolactam", "", 9.0)],
)
def test_acids_and_by_products_agree_with_two_copies(name: str, what: str, kilograms: float) -> None:
    """IPCC 2006, volume 3, tables 3.3, 3.4 and 3.5 [kg N2O/t]."""
    value = parameter("acid", name, edition="ipcc_2006", item=what).value
    assert value * 1000 == pytest.approx(kilograms)
