from __future__ import annotations

import polars as pl
import pytest

from tongyuan.reference.factors.match import (
    ELSEWHERE,
    ancestors,
    burns_fuel,
    lineage,
    match,
    region_ladder,
    rule,
)


def records(
    *rows: tuple[str, str, str, str], valid: tuple[int | None, int | None] = (None, None)
) -> pl.DataFrame:
    return pl.DataFrame(
        rows, schema=dict.fromkeys(("process", "product", "technology", "region"), pl.String), orient="row"
    ).with_columns(
        pl.lit(valid[0], dtype=pl.Int64).alias("valid_from"),
        pl.lit(valid[1], dtype=pl.Int64).alias("valid_to"),
    )


def keys(*rows: tuple[str, str, str, str, int, str]) -> pl.DataFrame:
    return pl.DataFrame(
        rows,
        schema={
            "process": pl.String,
            "product": pl.String,
            "technology": pl.String,
            "region": pl.String,
            "year": pl.Int64,
            "unit": pl.String,
        },
        orient="row",
    )


def test_ancestors_go_from_the_special_to_the_general() -> None:
    assert ancestors("a.b.c") == ["a.b.c", "a.b", "a"]
    assert ancestors("") == []


def test_lineage_of_products_and_of_regions_of_ones_own() -> None:
    assert lineage("product", "raw_coal") == ["raw_coal", "bituminous", "coal"]
    assert lineage("region", "my park", {"my park": "370100"}) == ["my park", "370100", "370000", "100000"]


def test_a_city_sees_its_province_the_country_and_the_world_but_no_other_province() -> None:
    ladder = region_ladder(["370100"], ["370100", "370000", "110000", "CN", "100000", "Asia", "EU", "global"])
    rank = dict(zip(ladder["record_region"], ladder["geography"], strict=True))
    assert "110000" not in rank
    assert (
        rank["370100"] < rank["370000"] < rank["CN"] < rank["Asia"] < rank["global"] < rank["EU"] == ELSEWHERE
    )
    assert rank["CN"] == rank["100000"]


def test_a_group_of_provinces_serves_its_members_only() -> None:
    ladder = region_ladder(["370000", "110000"], ["east_china", "CN"])
    assert ladder.filter(pl.col("record_region") == "east_china")["region"].to_list() == ["370000"]


def test_another_country_serves_only_when_asked() -> None:
    one = keys(("energy.power", "raw_coal", "", "370000", 2021, "t"))
    abroad = records(("energy.power", "coal", "", "EU"))
    assert match(one, abroad).candidates.height == 1
    assert match(one, abroad, elsewhere=False).candidates.is_empty()


@pytest.mark.parametrize(("year", "served"), [(2009, 0), (2010, 1), (2015, 1), (2020, 1), (2021, 0)])
def test_validity_is_kept_to_the_year(year: int, served: int) -> None:
    one = keys(("energy.power", "raw_coal", "", "370000", year, "t"))
    assert match(one, records(("", "coal", "", "CN"), valid=(2010, 2020))).candidates.height == served


def test_keys_that_see_the_same_records_are_one_class() -> None:
    many = keys(
        *(
            ("energy.power", "raw_coal", "", region, year, "t")
            for region in ("110000", "120000")
            for year in (2001, 2002)
        )
    )
    found = match(many, records(("", "coal", "", "CN"), valid=(2000, None)))
    assert found.classes["class"].n_unique() == 1
    assert found.classes.height == 4


def test_fuel_factors_of_any_process_do_not_serve_coal_that_is_mined() -> None:
    assert not burns_fuel("energy.coal_mining.underground")
    mined = keys(("energy.coal_mining", "raw_coal", "", "370000", 2021, "t"))
    assert match(
        mined, records(("", "raw_coal", "", "CN"), ("energy", "coal", "", "CN"))
    ).candidates.is_empty()
    assert match(mined, records(("energy.coal_mining", "raw_coal", "", "CN"))).candidates.height == 1


def test_a_record_without_product_does_not_serve_a_fuel_by_quantity() -> None:
    sinter = records(("industry.steel.sinter", "", "", "CN"))
    fuel = ("industry.steel.sinter", "coke", "", "370000", 2021)
    assert match(keys((*fuel, "t")), sinter).candidates.is_empty()
    assert (
        match(keys(("industry.steel.sinter", "sinter", "", "370000", 2021, "t")), sinter).candidates.height
        == 1
    )
    above = records(("industry.steel", "", "", "CN"))
    assert match(
        keys(("industry.steel.sinter", "sinter", "", "370000", 2021, "t")), above
    ).candidates.is_empty()
    assert match(keys((*fuel, "t")), sinter, guard=False).candidates.height == 1


def test_every_process_has_a_rule() -> None:
    assert rule("industry.no_such_branch")["origin"] == "process"
    assert rule("waste.landfill")["origin"] == "waste"
