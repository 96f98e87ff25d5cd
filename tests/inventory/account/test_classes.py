"""A class of sources is worked out once, and what stands for it serves all of it."""

from __future__ import annotations

import polars as pl
import pytest

from tongyuan.inventory.account.account import prepare
from tongyuan.inventory.account.classes import SOURCE, acting, classes
from tongyuan.inventory.account.rows import each

RECORDS = pl.DataFrame({"region": ["CN", "370000", "370100", None]})


def keys_of(*rows: tuple[str, int, str]) -> pl.DataFrame:
    """Return keys of coal in power stations: region, year, unit."""
    frame = pl.DataFrame(rows, schema=["region", "year", "unit"], orient="row")
    frame = frame.with_columns(process=pl.lit("energy.power"), product=pl.lit("coal"), value=pl.lit(1.0))
    return each(prepare(frame))[0]


def test_regions_that_see_the_same_records_are_one() -> None:
    """Qingdao and Zibo see Shandong and China; Jinan has a record of its own, Hebei sees China alone."""
    keys = keys_of(("370200", 2020, "t"), ("370300", 2020, "t"), ("370100", 2020, "t"), ("130000", 2020, "t"))
    found = classes(keys, [RECORDS])
    assert found.first["region"].to_list() == ["130000", "370100", "370200"]
    assert found.alike(keys)["region"].to_list() == ["130000", "370100", "370200", "370200"]


@pytest.mark.parametrize("other", [("370300", 2020, "t"), ("370300", 2021, "t"), ("370300", 2020, "TJ")])
def test_other_years_and_units_are_other_classes(other: tuple[str, int, str]) -> None:
    """The basis of a source follows from all its years."""
    keys = keys_of(("370200", 2020, "t"), ("370200", 2021, "t"), other)
    found = classes(keys, [RECORDS])
    assert found.first.height == 3
    assert sorted(found.of) == [0, 1, 2]


def test_years_of_a_class_stand_for_their_own() -> None:
    keys = keys_of(*((region, year, "t") for year in (2021, 2019, 2020) for region in ("370300", "370200")))
    found = classes(keys, [RECORDS])
    assert found.first.height == 3
    assert found.alike(keys)["year"].equals(keys["year"])
    assert set(found.alike(keys)["region"]) == {"370200"}


def test_what_is_known_of_a_class_is_spread_over_its_keys() -> None:
    keys = keys_of(("370200", 2020, "t"), ("370300", 2020, "t"), ("130000", 2020, "t"))
    found = classes(keys, [RECORDS])
    rows = pl.DataFrame({"key": [1, 1], "control": ["esp", "wet_fgd"]}, schema_overrides={"key": pl.UInt32})
    assert found.spread(rows).rows() == [(1, "esp"), (1, "wet_fgd"), (2, "esp"), (2, "wet_fgd")]
    told = found.first.filter(pl.col("region") == "370200").select(*SOURCE, check=pl.lit("basis_mixed"))
    assert found.everywhere(keys, told)["region"].to_list() == ["370200", "370300"]


def test_a_region_of_ones_own_is_alike_its_neighbour_in_the_same_parent() -> None:
    parents = {"园区甲": "370100", "园区乙": "370100", "园区丙": "370200"}
    keys = keys_of(*((name, 2020, "t") for name in parents))
    assert classes(keys, [RECORDS], parents).first.height == 2


def test_records_of_other_sources_part_no_regions() -> None:
    """Factors of provinces for grid power or for boilers do not tell power stations of raw coal apart.

    A record of what the process is part of does, and so does one of coal's parents or of no product.
    """
    seen = keys_of(("370200", 2020, "t"), ("130000", 2020, "t")).with_columns(product=pl.lit("raw_coal"))
    others = [("energy.power", "electricity"), ("industry", "raw_coal"), ("energy.heat", "coal")]
    mine = [("energy", "coal"), ("energy.power", None), ("", "raw_coal"), (None, "")]
    for sources, count in ((others, 1), *(([source], 2) for source in mine)):
        records = pl.DataFrame(
            [("370000", *source) for source in sources],
            schema={"region": pl.String, "process": pl.String, "product": pl.String},
            orient="row",
        )
        assert classes(seen, [records], by_source=True).first.height == count, sources
        assert classes(seen, [records]).first.height == 2


def test_each_source_has_its_own_classes() -> None:
    """Shandong has a factor for coal in power stations: diesel of the same regions stays one class."""
    power = keys_of(("370200", 2020, "t"), ("370300", 2020, "t"), ("130000", 2020, "t")).drop("key")
    diesel = power.with_columns(process=pl.lit("transport.road"), product=pl.lit("diesel"))
    keys = pl.concat([power, diesel]).with_row_index("key")
    records = pl.DataFrame({"region": ["370000"], "process": ["energy.power"], "product": ["coal"]})
    found = classes(keys, [records], by_source=True)
    assert found.alike(keys)["region"].to_list() == ["130000", "370200", "370200", *["130000"] * 3]


def test_parameters_and_devices_give_a_bare_source_no_factor() -> None:
    kinds = ["emission_factor", "generation_factor", "parameter", "removal_efficiency", "emission_factor"]
    records = pl.DataFrame({"kind": kinds, "control": [None, "", None, "scr", "scr"]})
    assert acting(records)["kind"].to_list() == kinds[:2]
