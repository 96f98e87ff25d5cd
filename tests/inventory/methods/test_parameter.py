import polars as pl
import pytest

from tongyuan.inventory.methods import parameter as module
from tongyuan.inventory.methods.parameter import COLUMNS, ParameterError, parameter, parameters, topics
from tongyuan.reference import units
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
