"""Rows of a month find their enterprise and installation."""

from __future__ import annotations

from collections.abc import Callable

import polars as pl

from tongyuan.facility.carbon.place import placed

Make = Callable[..., pl.DataFrame]


def test_kind_process_and_region_follow_from_the_tables_of_who(make: Make) -> None:
    tables = {
        "facility": make("facility", {"kind": "boiler", "region": "370100"}),
        "installation": make(
            "installation",
            {"installation": "U1", "kind": "boiler"},
            {"installation": "U2", "kind": "kiln", "process": "industry.brick"},
        ),
        "fuel_use": make("fuel_use", *({"installation": n} for n in ("U1", "U2", " 全 厂 ", "Whole"))),
    }  # fmt: skip
    got, found = placed("fuel_use", tables, {})
    assert found == []
    assert got["installation_kind"].to_list() == ["boiler", "kiln", "whole", "whole"]
    assert got["process"].to_list() == [
        "industry.combustion.boiler",
        "industry.brick",
        "industry",
        "industry",
    ]
    assert set(got["region"]) == {"370100"}


def test_a_table_that_is_absent_has_no_rows(make: Make) -> None:
    got, found = placed("cell_series", {}, {})
    assert got.is_empty()
    assert found == []
