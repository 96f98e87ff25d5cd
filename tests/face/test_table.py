"""A table that knows its units: what is chosen, added, drawn and handed to other libraries."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import matplotlib
import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

import tongyuan as ty
from tongyuan.face import table as door
from tongyuan.face.table import Table, as_polars

matplotlib.use("Agg")

EMISSION = Table(
    "emission",
    pl.DataFrame(
        {
            "process": ["energy.power", "energy.power", "transport.road", "transport.road"],
            "species": ["SO2", "energy", "SO2", "CO2"],
            "year": [2021, 2021, 2021, 2020],
            "value": [3.0, 5.0, 4.0, 7.0],
            "unit": ["t", "TJ", "t", "t"],
        }
    ),
)


def refused(call: Callable[[], object]) -> str:
    with pytest.raises(ty.FindingError) as error:
        call()
    found = error.value.findings[0]
    assert found.message("zh") != found.message("en")
    return found.check


def test_rows_are_chosen_by_id_title_or_list_and_never_silently_none() -> None:
    assert EMISSION.where(species="SO2")["value"].to_list() == [3.0, 4.0]
    assert EMISSION.where(species="二氧化硫", year=2021)["value"].to_list() == [3.0, 4.0]
    assert EMISSION.where(species=["SO2", "CO2"])["value"].sum() == 14.0
    assert refused(lambda: EMISSION.where(species="NOx")) == "no_value"
    assert refused(lambda: EMISSION.where(specie="SO2")) == "no_column"


def test_a_missing_value_can_be_chosen() -> None:
    table = Table("x", pl.DataFrame({"a": ["p", None], "v": [1.0, 2.0]}))
    assert table.where(a=None)["v"].to_list() == [2.0]


def test_sums_keep_their_unit_and_unlike_units_never_meet() -> None:
    summed = EMISSION.where(species=["SO2", "CO2"]).total("process")
    assert summed.frame.rows() == [("energy.power", 3.0, "t"), ("transport.road", 11.0, "t")]
    assert EMISSION.where(species="SO2").total().frame.rows() == [(7.0, "t")]
    assert refused(lambda: EMISSION.total("process")) == "many_units"
    assert refused(lambda: EMISSION.total()) == "many_units"


def test_a_unit_is_that_of_the_row_or_of_the_definition() -> None:
    assert EMISSION.unit(species="energy") == "TJ"
    assert refused(lambda: EMISSION.unit()) == "many_units"
    assert refused(lambda: EMISSION.unit("process")) == "no_unit"
    share = Table("activity", pl.DataFrame({"uncertainty": [5.0], "value": [1.0], "unit": ["t"]}))
    assert share.unit("uncertainty") == "%"


def test_an_array_has_labels_a_unit_and_gaps() -> None:
    array = EMISSION.where(species=["SO2", "CO2"]).to_xarray("process", "species")
    assert array.attrs["units"] == "t"
    assert array.sel(process="energy.power", species="SO2") == 3.0
    assert np.isnan(array.sel(process="energy.power", species="CO2"))
    assert float(array.sum()) == 14.0
    mixed = EMISSION.to_xarray("process", "species")
    assert mixed.coords["unit"].sel(species="energy") == "TJ"
    assert refused(lambda: EMISSION.where(species="SO2").to_xarray("species")) == "many_rows"
    assert refused(lambda: EMISSION.where(process="energy.power").to_xarray("process")) == "many_rows"


def test_units_that_no_dimension_settles_are_refused() -> None:
    frame = pl.DataFrame(
        {"a": ["x", "x", "y", "y"], "b": [1, 2, 1, 2], "value": [1.0] * 4, "unit": list("tTTt")}
    )
    assert refused(lambda: Table("own", frame).to_xarray("a", "b")) == "many_units"


@given(
    st.lists(
        st.tuples(st.sampled_from("abc"), st.integers(0, 3), st.floats(-1e9, 1e9)), unique_by=lambda r: r[:2]
    )
)
def test_every_row_finds_its_place_in_the_array(rows: list[tuple[str, int, float]]) -> None:
    schema = {"a": pl.String, "b": pl.Int64, "value": pl.Float64}
    array = Table("own", pl.DataFrame(rows, schema=schema, orient="row")).to_xarray("a", "b")
    assert int(array.notnull().sum()) == len(rows)
    for a, b, value in rows:
        assert float(array.sel(a=a, b=b)) == value


def test_other_libraries_take_the_table_as_it_is() -> None:
    assert pl.DataFrame(EMISSION).equals(EMISSION.to_polars())
    assert pl.DataFrame(pa.table(EMISSION)).equals(EMISSION.to_polars())
    assert pl.DataFrame(EMISSION.to_arrow()).equals(EMISSION.to_polars())
    assert EMISSION.to_pandas()["value"].tolist() == [3.0, 5.0, 4.0, 7.0]
    assert isinstance(EMISSION.to_pandas(), pd.DataFrame)


@pytest.mark.parametrize(
    "given_",
    [
        {"a": [1, 2], "b": ["x", "y"]},
        [{"a": 1, "b": "x"}, {"a": 2, "b": "y"}],
        pl.DataFrame({"a": [1, 2], "b": ["x", "y"]}).lazy(),
        pd.DataFrame({"a": [1, 2], "b": ["x", "y"]}),
        pa.table({"a": [1, 2], "b": ["x", "y"]}),
        Table("t", pl.DataFrame({"a": [1, 2], "b": ["x", "y"]})),
    ],
    ids=["columns", "rows", "lazy", "pandas", "arrow", "table"],
)
def test_tables_of_any_kind_are_read(given_: Any) -> None:
    assert as_polars("x", given_).rows() == [(1, "x"), (2, "y")]
    assert as_polars("x", {"a": 1, "b": "x"}).rows() == [(1, "x")]


@pytest.mark.parametrize("given_", [3, "text", [1, 2], None])
def test_what_is_no_table_is_refused(given_: Any) -> None:
    assert refused(lambda: as_polars("x", given_)) == "no_frame"


def test_an_absent_package_is_named_with_how_to_install_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(door, "find_spec", lambda name: None)
    with pytest.raises(ty.FindingError, match="xarray") as error:
        EMISSION.to_xarray("process")
    assert "pip install xarray" in error.value.findings[0].next_step("en")


def test_words_and_titles_are_those_of_the_language() -> None:
    assert EMISSION.in_words("en")["process"][0] == "Thermal power generation"
    assert EMISSION.in_words("zh")["species"][0] == "二氧化硫"
    assert EMISSION.titles("en")["value"] != EMISSION.titles("zh")["value"]
    own = Table("own", EMISSION.frame)
    assert own.in_words("zh") is own
    assert own.titles("zh")["value"] == "value"


def test_a_picture_has_the_largest_first_and_its_unit() -> None:
    axes = EMISSION.where(species="SO2").plot(language="en")
    assert max(patch.get_width() for patch in axes.patches) == pytest.approx(4.0)
    assert "t" in axes.get_xlabel()
    assert refused(lambda: EMISSION.plot()) == "many_units"
    assert refused(lambda: EMISSION.plot(x="nothing")) == "no_column"
