import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tongyuan.ledger.table import conform
from tongyuan.pathway.draft.ground import Sheets
from tongyuan.pathway.draft.key import energy, keys, method_rows


def test_one_source_for_every_process_product_and_technology(grounds) -> None:
    rows = (
        ("transport.road.car", "gasoline", "national_4", 1.0, "万吨"),
        ("transport.road.car", "gasoline", "national_5", 2.0, "万吨"),
        ("transport.road.car", "gasoline", "national_5", 5000.0, "t"),
    )
    found = keys(grounds(rows), Sheets())
    assert [(k.variant, k.value, k.unit) for k in found] == [
        ("national_4", 1.0, "万吨"), ("national_5", 2.5, "万吨"),
    ]  # fmt: skip
    assert found[1].technology == "transport_road_car-gasoline-national_5"


def test_tonnes_and_joules_of_one_fuel_are_summed_as_heat(grounds) -> None:
    ncv = energy("raw_coal", 1.0, "t", "C")
    assert ncv is not None
    rows = (("energy.power", "raw_coal", "", 1000.0, "t"), ("energy.power", "raw_coal", "", 7.0, "TJ"))
    (key,) = keys(grounds(rows), Sheets())
    assert key.unit == "TJ"
    assert key.value == pytest.approx(1000.0 * ncv + 7.0)


def test_what_is_sold_is_no_stock(grounds) -> None:
    sheets = Sheets()
    assert keys(grounds((("energy.power", "raw_coal", "", -3.0, "t"),)), sheets) == []
    (found,) = sheets.findings
    assert found.check == "draft_negative"
    assert "(-3 t)" in found.message("en")
    assert "（-3吨）" in found.message("zh")


def test_methods_become_sources_with_the_amount_of_their_input_rows(grounds) -> None:
    emission = pl.DataFrame(
        {
            "region": "370000", "year": 2021, "process": ["agriculture.enteric", "agriculture.manure"],
            "product": "pig", "species": "CH4_biogenic", "value": [44.0, 9.0], "unit": "t",
            "method": ["gbt32151_enteric_ch4", "factor_tier_1"], "activity_id": [["livestock:1"]] * 2,
        }
    )  # fmt: skip
    rows = conform("emission", emission)
    behind = pl.DataFrame(
        {"activity_id": ["livestock:1"], "value": [44e6], "unit": ["head"], "source": ["x"]}
    )
    assert method_rows(rows)["process"].to_list() == ["agriculture.enteric"]
    (key,) = keys(grounds((), emission=rows, behind=behind), Sheets())
    assert (key.process, key.value, key.unit) == ("agriculture.enteric", 44e6, "head")


@given(st.floats(1e-3, 1e9))
def test_heat_grows_with_the_amount(amount: float) -> None:
    one = energy("natural_gas", 1.0, "亿立方米", "C")
    assert one is not None
    assert energy("natural_gas", amount, "亿立方米", "C") == pytest.approx(one * amount)
    assert energy("", amount, "t", "C") is None
    assert energy("pig", amount, "head", "C") is None
