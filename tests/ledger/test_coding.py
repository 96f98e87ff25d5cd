"""Text as categories is the same text, in a frame, in a file and where frames are put together."""

from __future__ import annotations

from pathlib import Path

import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from tongyuan.ledger.coding import category, coded, coded_types, plain
from tongyuan.ledger.run_set import tables_of
from tongyuan.ledger.table import LIST, conform, empty
from tongyuan.ledger.write.write import write_parquet


def rows(*regions: str | None, ids: list[list[str] | None] | None = None) -> pl.DataFrame:
    count = len(regions)
    frame = pl.DataFrame(
        {
            "region": regions,
            "year": [2021] * count,
            "process": ["energy.power"] * count,
            "species": ["SO2"] * count,
            "value": [float(i) for i in range(count)],
            "unit": ["t"] * count,
            "factor_id": ids or [["a", "b"]] * count,
            "activity_id": [[f"A{i}"] for i in range(count)],
        },
        schema_overrides={"region": pl.String, "factor_id": LIST},
    )
    return conform("emission", frame)


@given(st.lists(st.one_of(st.none(), st.text(max_size=5)), max_size=20))
def test_categories_are_the_text_again(regions: list[str | None]) -> None:
    frame = rows(*regions)
    assert plain(coded("emission", frame)).equals(frame)


def test_lists_keep_their_order_their_blanks_and_their_words() -> None:
    frame = rows("1", "2", "3", "4", ids=[["b", "a"], [], None, ["a"]])
    assert plain(coded("emission", frame))["factor_id"].to_list() == [["b", "a"], [], None, ["a"]]


def test_frames_of_different_words_are_put_together() -> None:
    both = pl.concat([coded("emission", rows("济南")), coded("emission", rows("青岛", None))])
    assert plain(both)["region"].to_list() == ["济南", "青岛", None]
    assert both.filter(pl.col("region") == "青岛").height == 1


def test_numbers_and_ids_of_single_rows_are_no_categories() -> None:
    types = coded_types("emission")
    assert types["value"] == pl.Float64
    assert types["activity_id"] == LIST
    assert types["species"] == category("species")
    assert coded("emission", empty("emission")).schema == types


def test_a_row_of_emission_takes_under_110_bytes() -> None:
    """Four numbers, a year, one id of each list and fourteen words; as text it takes over 300."""
    frame = coded("emission", rows(*["370000"] * 1_000, ids=[["a"]] * 1_000)).rechunk()
    assert frame.estimated_size() / frame.height < 110


def test_a_file_has_dictionaries_and_is_read_as_text(tmp_path: Path) -> None:
    frame = rows("370000", None)
    write_parquet({"emission": coded("emission", frame)}, tmp_path)
    assert isinstance(pl.read_parquet_schema(tmp_path / "emission.parquet")["species"], pl.Categorical)
    assert tables_of(tmp_path)["emission"].equals(frame)
