import polars as pl
import pytest

from tongyuan.synergy.index.index import load, names
from tongyuan.synergy.index.indicator import columns_from_wide
from tongyuan.synergy.index.score_table import absent, coupling_frame, index_table


@pytest.mark.parametrize("name", names())
def test_the_index_is_told_with_titles_weights_and_sources(name: str) -> None:
    index = load(name)
    table = index_table(index)
    indicators = table.filter(pl.col("level") == "indicator")
    assert indicators["weight"].sum() == pytest.approx(1)
    assert indicators["source"].null_count() == 0
    assert set(indicators["parent"]) <= set(table.filter(pl.col("level") == "criterion")["node"])
    assert table.filter(pl.col("level") == "column")["node"].to_list() == list(index.column)
    own = table.filter(pl.col("level") == "index").row(0, named=True)
    assert (own["node"], own["status"]) == (index.id, index.status)


def test_what_an_indicator_lacks_is_named() -> None:
    index = load("city")
    row = {"region": ["r"], "year": [2021], "gdp": [100.0], "CO2": [1e6]}
    columns = columns_from_wide(index, pl.DataFrame(row))
    place = {i.id: k for k, i in enumerate(index.indicator)}
    assert absent(index, columns, place["NOx_intensity"], 0) == ["NOx"]
    assert absent(index, columns, place["carbon_intensity"], 0) == ["base"]
    assert absent(index, columns, place["joint_SO2_CO2"], 0) == ["SO2"]


def test_coupling_has_every_form_that_two_systems_allow() -> None:
    import numpy as np

    keys = pl.DataFrame({"region": ["a", "b"], "year": [2021, 2021]})
    frame = coupling_frame(keys, np.array([[0.5, 0.5], [0.9, 0.1]]), ("pollution", "carbon"), "city")
    assert set(frame["form"]) == {"traditional", "modified", "k_power"}
    assert set(frame.filter(pl.col("region") == "a")["lagging"]) == {""}
    assert set(frame.filter(pl.col("region") == "b")["lagging"]) == {"carbon"}
