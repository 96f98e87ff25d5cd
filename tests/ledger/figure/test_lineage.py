"""Every number can say where it came from."""

from __future__ import annotations

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tongyuan.ledger.figure.lineage import (
    CHAIN,
    explain,
    explain_text,
    place_parts,
)
from tongyuan.ledger.table import PLACE, conform

LETTERS = {"a.xlsx|活动水平": {"value": "F", "region": "B"}}


def tables(values: list[float]) -> dict[str, pl.DataFrame]:
    n = len(values)
    emission = {
        "region": ["370000"] * n,
        "year": [2021] * n,
        "process": ["energy.power"] * n,
        "product": ["raw_coal"] * n,
        "origin": ["combustion"] * n,
        "scope": ["direct"] * n,
        "medium": ["air"] * n,
        "species": ["SO2"] * n,
        "value": values,
        "unit": ["t"] * n,
        "method": ["factor"] * n,
        "activity_id": [f"A{i}" for i in range(n)],
        "factor_id": ["f1|f2"] * n,
    }
    activity = {
        "activity_id": [f"A{i}" for i in range(n)],
        "region": ["370000"] * n,
        "year": [2021] * n,
        "process": ["energy.power"] * n,
        "product": ["raw_coal"] * n,
        "value": [10.0 * v for v in values],
        "unit": ["万吨"] * n,
        "source": ["年鉴"] * n,
        PLACE: [f"a.xlsx|活动水平|{i + 2}" for i in range(n)],
    }
    factor = pl.DataFrame(
        {
            "record_id": ["f1", "f2"],
            "value": [0.1, 0.2],
            "unit": ["kg/t", "kg/t"],
            "status": ["official", "derived"],
            "source": ["src1", "src2"],
            "locator": ["表1", "表2"],
        }
    )
    return {
        "emission": conform("emission", pl.DataFrame(emission)),
        "activity": conform("activity", pl.DataFrame(activity)),
        "factor_used": factor,
    }


def test_a_total_leads_to_the_cell_and_the_factor() -> None:
    chain = explain(tables([3.0, 7.0]), "SO2", letters=LETTERS)
    assert chain.columns == list(CHAIN)
    top = chain.row(0, named=True)
    assert (top["value"], top["share"], top["cell"], top["row"]) == (7.0, 0.7, "F3", 3)
    assert (top["file"], top["sheet"], top["activity_value"]) == ("a.xlsx", "活动水平", 70.0)
    assert (top["factor_id"], top["factor_value"], top["factor_source"]) == (
        ["f1", "f2"],
        0.1,
        ["src1", "src2"],
    )
    for language, word in (("zh", "活动水平 · F3"), ("en", "total 10 t")):
        assert word in explain_text(chain, language)  # type: ignore[arg-type]


@given(st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=30), st.integers(1, 12))
def test_the_chain_sums_to_the_total(values: list[float], top: int) -> None:
    chain = explain(tables(values), "SO2", top=top)
    assert float(chain["value"].sum()) == pytest.approx(sum(values), abs=1e-6)
    assert int(chain["rows"].sum()) == len(values)
    assert explain_text(chain, "zh")


def test_selections_take_ids_titles_and_parents() -> None:
    data = tables([1.0])
    assert explain(data, "二氧化硫", process="energy").height == 1
    assert explain(data, "SO2", process="火力发电", year=2021, region="370000").height == 1
    nothing = explain(data, "SO2", year=1999)
    assert nothing.height == 0
    assert explain_text(nothing, "en") == "No emission row matches."


def test_only_direct_emissions_count() -> None:
    data = tables([1.0, 2.0])
    half = data["emission"].with_columns(pl.Series("scope", ["direct", "avoided"]))
    assert explain(data | {"emission": half}, "SO2")["value"].to_list() == [1.0]


def test_a_chain_without_activity_says_so() -> None:
    chain = explain({"emission": tables([1.0])["emission"]}, "SO2")
    assert chain.row(0, named=True)["file"] is None
    assert explain_text(chain, "zh")


def test_places_become_cells() -> None:
    assert place_parts("a.xlsx|活动水平|3", LETTERS) == ("a.xlsx", "活动水平", 3, "F3")
    assert place_parts("a.csv||3", {}) == ("a.csv", "", 3, None)
    wide = {"b.xlsx|平衡表": {"raw_coal": "C"}}
    assert place_parts("b.xlsx|平衡表|7", wide, "value", "raw_coal")[3] == "C7"
    assert place_parts(None, {}) == (None, None, None, None)


def test_an_emission_of_several_rows_leads_to_their_sum() -> None:
    """Two kilns of 30 and 70 million tonnes behind one number: 100; none where their units differ."""
    held = tables([3.0, 7.0])
    one = held["emission"].tail(1).with_columns(activity_id=pl.lit(["A0", "A1"]))
    top = explain(held | {"emission": one}, "SO2", letters=LETTERS).row(0, named=True)
    assert (top["activity_id"], top["activity_value"], top["row"]) == (["A0", "A1"], 100.0, 2)
    mixed = held["activity"].with_columns(unit=pl.Series(["万吨", "TJ"]))
    top = explain(held | {"emission": one, "activity": mixed}, "SO2").row(0, named=True)
    assert top["activity_value"] is None
