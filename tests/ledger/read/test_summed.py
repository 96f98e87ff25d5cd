"""Activity in Parquet is summed by source while it is read: no tonne is lost or doubled."""

from __future__ import annotations

from fractions import Fraction
from math import sqrt
from pathlib import Path

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tongyuan.ledger.read.read import Reading, read
from tongyuan.ledger.read.summed import BINS, EMBEDDED, LOWEST, WIDE, layout, sum_parts
from tongyuan.ledger.table import PLACE

BASE = {"product": "diesel", "unit": "t", "source": "年鉴"}
KEY = ["region", "year", "process"]


def rows(count: int) -> pl.DataFrame:
    """Rows of four sources in two cities, with amounts 0.1, 0.2 …"""
    number = pl.int_range(count, eager=True)
    return pl.DataFrame({"activity_id": [f"炉{i}" for i in range(count)]}).with_columns(
        region=pl.Series(["济南市" if i % 2 else "青岛市" for i in range(count)]),
        year=pl.Series([2020 + i % 4 // 2 for i in range(count)]),
        process=pl.lit("transport.road"),
        value=(number + 1) / 10,
        **{name: pl.lit(text) for name, text in BASE.items()},
    )


def held(folder: Path, *parts: pl.DataFrame) -> list[Path]:
    """Write parts of activity; return their paths."""
    paths = []
    for number, part in enumerate(parts):
        paths.append(folder / f"activity-{number}.parquet")
        part.write_parquet(paths[-1])
    return paths


def checks(reading: Reading) -> list[str]:
    return [f.check for f in reading.findings]


def test_rows_of_one_source_become_one_row_with_their_exact_sum(tmp_path: Path) -> None:
    given_rows = rows(10_000)
    reading = read(*held(tmp_path, given_rows), engine=EMBEDDED)
    assert checks(reading) == []
    found = reading.tables["activity"]
    assert found.height == 4
    for region, year, value in found.select("region", "year", "value").iter_rows():
        name = {"370100": "济南市", "370200": "青岛市"}[region]
        own = given_rows.filter(pl.col("region") == name, pl.col("year") == year)["value"]
        assert value == float(sum(map(Fraction, own)))
    assert found[PLACE][0] == "activity-0.parquet||1"
    assert found["activity_id"][0] == "炉0 … 炉9996"


def test_a_row_alone_stays_as_it_is(tmp_path: Path) -> None:
    alone = rows(4).with_columns(uncertainty=pl.Series([7.3, None, 0.0, 12.9]), note=pl.lit("注"))
    plain = read(*held(tmp_path, alone)).tables["activity"]
    assert read(*held(tmp_path, alone), engine=EMBEDDED).tables["activity"].equals(plain)


def test_the_uncertainty_of_a_sum_is_the_root_of_the_squares(tmp_path: Path) -> None:
    two = rows(8).filter(pl.col("activity_id").is_in(["炉0", "炉4"]))
    two = two.with_columns(value=pl.Series([30.0, 10.0]), uncertainty=pl.Series([10.0, 40.0]))
    found = read(*held(tmp_path, two), engine=EMBEDDED).tables["activity"]
    assert found["value"].to_list() == [40.0]
    # half widths of 3 and 4 make 5 of 40
    assert found["uncertainty"].to_list() == [12.5]


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(
        st.floats(0, 1e12, allow_subnormal=False).filter(lambda v: v == 0 or v > 1e-25),
        min_size=2,
        max_size=30,
    ),
    st.randoms(use_true_random=False),
)
def test_no_order_and_no_mixture_of_sizes_changes_a_bit(tmp_path: Path, values: list[float], chance) -> None:  # type: ignore[no-untyped-def]
    part = rows(len(values)).with_columns(pl.lit("济南市").alias("region"), pl.lit(2020).alias("year"))
    part = part.with_columns(value=pl.Series(values), uncertainty=pl.Series([5.0 + v % 7 for v in values]))
    order = list(range(len(values)))
    chance.shuffle(order)
    (path,) = held(tmp_path, part)
    first = read(path, engine=EMBEDDED).tables["activity"]
    (path,) = held(tmp_path, part[order])
    second = read(path, engine=EMBEDDED).tables["activity"]
    assert first["value"].to_list() == second["value"].to_list() == [float(sum(map(Fraction, values)))]
    assert first["uncertainty"].to_list() == second["uncertainty"].to_list()
    if sum(values):
        square = float(sum(Fraction(v * (5.0 + v % 7)) ** 2 for v in values))
        expected = sqrt(square) / float(sum(map(Fraction, values)))
        assert first["uncertainty"][0] == pytest.approx(expected, rel=1e-13)


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.integers(5, 60), st.data())
def test_a_planted_copy_of_a_row_is_never_counted(tmp_path: Path, count: int, data: st.DataObject) -> None:
    whole = rows(count)
    copied = whole[data.draw(st.integers(0, count - 1))]
    inside = data.draw(st.booleans())
    parts = [pl.concat([whole, copied])] if inside else [whole, copied]
    reading = read(*held(tmp_path, *parts), engine=EMBEDDED)
    assert checks(reading) == ["duplicate_id"]
    assert reading.findings[0].values["value"] == copied["activity_id"][0]
    assert reading.findings[0].row == (count + 1 if inside else 1)


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.integers(5, 60), st.data())
def test_a_copy_without_an_id_is_refused_too(tmp_path: Path, count: int, data: st.DataObject) -> None:
    whole = rows(count)
    copied = whole[data.draw(st.integers(0, count - 1))].with_columns(activity_id=pl.lit(""))
    inside = data.draw(st.booleans())
    parts = [pl.concat([whole, copied])] if inside else [whole, copied]
    found = set(checks(read(*held(tmp_path, *parts), engine=EMBEDDED)))
    assert "shared_key" in found


def test_rows_of_one_source_need_ids_in_any_kind_of_file(tmp_path: Path) -> None:
    two = rows(8).filter(pl.col("activity_id").is_in(["炉0", "炉4"]))
    path = tmp_path / "activity.csv"
    two.write_csv(path)
    assert checks(read(path, engine=EMBEDDED)) == []
    assert checks(read(path)) == ["duplicate_key"]
    two.with_columns(activity_id=pl.lit("")).write_csv(path)
    assert checks(read(path, engine=EMBEDDED)) == ["shared_key"]


def test_an_id_may_not_stand_in_a_part_and_in_another_file(tmp_path: Path) -> None:
    (part,) = held(tmp_path, rows(8))
    other = tmp_path / "activity-x.csv"
    rows(1).with_columns(year=2030).write_csv(other)
    reading = read(part, other, engine=EMBEDDED)
    assert "duplicate_id" in checks(reading)


@pytest.mark.parametrize(
    ("change", "check"),
    [
        (pl.lit(None, dtype=pl.Float64).alias("value"), "missing_required"),
        (pl.lit(float("nan")).alias("value"), "not_finite"),
        (pl.lit(-1.0).alias("value"), "negative"),
        (pl.lit(501.0).alias("uncertainty"), "above_maximum"),
        (pl.lit(" ").alias("source"), "missing_required"),
        (pl.lit("无此市").alias("region"), "unknown_region"),
        (pl.lit("forest").alias("unit"), "unknown_unit"),
        (pl.lit("#REF!").alias("note"), "excel_error"),
    ],
)
def test_what_is_wrong_in_one_row_is_said_at_this_row(tmp_path: Path, change: pl.Expr, check: str) -> None:
    bad = pl.int_range(pl.len()) == 6
    column = change.meta.output_name()
    start = rows(12)
    if column not in start.columns:
        start = start.with_columns(
            pl.lit(None, dtype=pl.Float64 if column == "uncertainty" else pl.String).alias(column)
        )
    part = start.with_columns(pl.when(bad).then(change).otherwise(column).alias(column))
    reading = read(*held(tmp_path, part), engine=EMBEDDED)
    found = [f for f in reading.findings if f.check == check]
    assert [f.row for f in found] == [7], reading.findings


def test_names_and_units_in_several_spellings_are_one_source(tmp_path: Path) -> None:
    part = rows(8).with_columns(region=pl.Series(["济南", "济南市"] * 4), year=pl.lit(2020))
    found = read(*held(tmp_path, part), engine=EMBEDDED).tables["activity"]
    assert found["region"].to_list() == ["370100", "370100"]
    assert found["value"].sum() == pytest.approx(3.6)


def test_amounts_beyond_the_bins_and_text_for_numbers_are_read_row_by_row(tmp_path: Path) -> None:
    whole = rows(4)
    top = 2.0 ** (LOWEST + WIDE * BINS)
    for value, summed in ((top, 0), (top / 2, 1), (2.0**LOWEST, 1), (2.0**LOWEST / 2, 0)):
        part = whole.with_columns(value=pl.lit(value))
        assert len(sum_parts(held(tmp_path, part))) == summed
        reading = read(*held(tmp_path, part), engine=EMBEDDED)
        assert reading.tables["activity"]["value"].to_list() == [value] * 4
    assert layout(held(tmp_path, whole.with_columns(pl.col("value").cast(pl.String)))[0]) is None
    assert layout(held(tmp_path, whole.drop("activity_id"))[0]) is None


def test_lists_of_species_left_out_are_kept_apart(tmp_path: Path) -> None:
    part = rows(8).with_columns(year=pl.lit(2020), region=pl.lit("济南市"))
    lists = pl.Series([["SO2"], None] * 4, dtype=pl.List(pl.String))
    found = read(*held(tmp_path, part.with_columns(excluded=lists)), engine=EMBEDDED).tables["activity"]
    assert found["excluded"].to_list() == [["SO2"], None]
    assert found["value"].to_list() == pytest.approx([1.6, 2.0])
