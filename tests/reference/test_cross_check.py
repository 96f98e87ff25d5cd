"""The 78 key values of the cross-check: 76 agree, one differs by edition, one was not found."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from pathlib import Path

import polars as pl
import pytest

from tongyuan.reference.shelf import read_text_csv
from tongyuan.reference.units import factor

ITEMS = read_text_csv(Path(__file__).with_name("cross_check_map.csv")).to_dicts()
FOUND = [item for item in ITEMS if item["record_id"]]


@cache
def library() -> dict[str, dict[str, str]]:
    folder = files("tongyuan.reference.factors") / "library"
    frames = [read_text_csv(path) for path in folder.iterdir() if path.name.endswith(".csv")]
    return {row["record_id"]: row for row in pl.concat(frames).to_dicts()}


def test_every_item_of_the_cross_check_is_here() -> None:
    verdicts = [item["verdict"] for item in ITEMS]
    assert len(ITEMS) == 78
    assert verdicts.count("agrees") == 76
    assert verdicts.count("differs") == 1
    assert verdicts.count("not_found") == 1


@pytest.mark.parametrize("item", FOUND, ids=lambda item: item["item"])
def test_the_library_holds_the_value(item: dict[str, str]) -> None:
    records = [library()[record] for record in item["record_id"].split("+")]
    total = sum(float(record["value"]) * factor(record["unit"], item["unit"]) for record in records)
    assert total == pytest.approx(float(item["value"]), rel=1e-12)
    for limit in ("lower", "upper"):
        if item[limit] and len(records) == 1:
            assert float(records[0][limit]) == pytest.approx(float(item[limit]), rel=1e-12)


def test_the_map_repeats_the_values_of_the_cross_check(shared_data: Path) -> None:
    checked = read_text_csv(shared_data / "factors" / "cross_check.csv").to_dicts()
    for item, row in zip(ITEMS, checked, strict=True):
        assert (row["verdict"] == "OK") == (item["verdict"] == "agrees")
        if item["verdict"] == "agrees" and "(" not in item["item"]:
            assert float(item["value"]) == float(row["expected"])
