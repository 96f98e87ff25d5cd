import polars as pl
import pytest

from tongyuan.ledger.finding import FindingError
from tongyuan.synergy.change.panel import cases, codes, column, panel_of


def long() -> pl.DataFrame:
    rows = [
        (region, year, species, "direct", value * factor, unit)
        for region, factor in (("b", 1.0), ("a", 2.0))
        for year in (2010, 2020)
        for species, value, unit in (("SO2", 3.0, "kt"), ("CO2", 5.0, "Mt"), ("SO2", 1.0, "kt"))
    ]
    rows.append(("a", 2010, "SO2", "indirect", 99.0, "kt"))
    return pl.DataFrame(rows, schema=["region", "year", "species", "scope", "value", "unit"], orient="row")


def test_long_tables_are_summed_and_converted() -> None:
    p = panel_of(long(), species=["SO2", "CO2"])
    assert p.regions == ("a", "b")
    assert p.value.shape == (2, 2, 2)
    assert p.value[0].tolist() == [[8000, 1e7], [4000, 5e6]]


def test_wide_tables_and_pandas_frames_are_read() -> None:
    wide = pl.DataFrame({"region": ["a", "b"], "year": [2020, 2020], "SO2": [1.0, 2.0], "gdp": [10.0, 20.0]})
    for frame in (wide, wide.to_pandas(), wide.to_arrow()):
        p = panel_of(frame, species=["SO2"], driver="gdp")
        assert p.driver is not None
        assert p.driver.tolist() == [[10, 20]]
        assert p.value[..., 0].tolist() == [[1, 2]]


def test_gaps_are_refused_or_left_out_by_name() -> None:
    frame = long().filter(~((pl.col("region") == "b") & (pl.col("year") == 2020)))
    with pytest.raises(FindingError) as error:
        panel_of(frame)
    assert "b" in error.value.findings[0].message("en")
    assert panel_of(frame, drop=True).regions == ("a",)


def test_bad_tables_are_refused() -> None:
    for frame, arguments in (
        (long(), {"species": ["NOx"]}),
        (long().drop("year"), {}),
        (long().with_columns(pl.lit(None, dtype=pl.Float64).alias("value")), {}),
        (pl.DataFrame({"region": ["a", "a"], "year": [1, 1], "x": [1.0, 2.0]}), {}),
        (pl.DataFrame({"region": ["a"], "year": [2000], "x": [-1.0]}), {}),
    ):
        with pytest.raises(FindingError):
            panel_of(frame, **arguments)


def test_cases_run_over_regions_within_years() -> None:
    p = panel_of(long())
    assert cases(p).rows() == [("a", 2010), ("b", 2010), ("a", 2020), ("b", 2020)]
    import numpy as np

    assert codes(("x", "y"), np.array([[1, 0]])).to_list() == ["y", "x"]
    assert column(np.array([1.0, np.nan])).to_list() == [1.0, None]


def test_rows_without_region_or_year_are_refused_not_dropped() -> None:
    for name in ("region", "year"):
        total = long().head(1).with_columns(pl.lit(None).cast(long().schema[name]).alias(name))
        with pytest.raises(FindingError):
            panel_of(pl.concat([long(), total]))


def test_units_that_do_not_convert_are_not_added() -> None:
    mixed = long().with_columns(
        pl.when(pl.col("species") == "CO2").then(pl.lit("TJ")).otherwise("unit").alias("unit")
    )
    assert panel_of(mixed).unit_of("CO2") == "TJ"
    assert panel_of(mixed).unit_of("SO2") == "t"
    half = pl.concat([mixed, long().filter(pl.col("species") == "CO2")])
    with pytest.raises(FindingError, match="units that do not convert: TJ, t"):
        panel_of(half)
    assert panel_of(long().drop("unit"), unit="kt").unit == ("kt", "kt")
