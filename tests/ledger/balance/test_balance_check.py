"""An energy balance that does not close is named, with amounts."""

from __future__ import annotations

import polars as pl
import pytest

from tongyuan.ledger.balance.balance_check import check_balance, check_nation, region_name, without_totals
from tongyuan.reference.region import catalogue

BALANCE = {
    "supply": 90.0, "production": 100.0, "inflow": 10.0, "outflow": 25.0, "stock_change": 5.0,
    "transformation": -50.0, "thermal_power": -30.0, "heating_supply": -10.0, "coking": -10.0,
    "coal_washing": 0.0, "refining": 0.0, "loss": 2.0, "final": 38.0, "agriculture": 3.0, "industry": 25.0,
    "industry_nonenergy": 4.0, "construction": 2.0, "residential": 8.0,
    "residential_urban": 5.0, "residential_rural": 3.0, "gas_works": 0.0,
}  # fmt: skip


def long(product: str = "raw_coal", **changes: float) -> pl.DataFrame:
    cells = BALANCE | changes
    return pl.DataFrame(
        {
            "region": "370000",
            "year": 2021,
            "item": list(cells),
            "product": product,
            "value": list(cells.values()),
            "unit": "万吨",
        }
    )


def test_a_balance_that_closes_has_no_findings() -> None:
    assert check_balance(long()) == []


@pytest.mark.parametrize(
    ("change", "checks"),
    [
        ({"production": 101.0}, ["balance_sum"]),
        ({"thermal_power": -31.0}, ["balance_sum"]),
        ({"industry": 25.5}, ["balance_sum"]),
        ({"residential_rural": 2.0}, ["balance_sum"]),
        ({"loss": 3.0}, ["balance_closure"]),
        ({"balance_difference": 1.0}, ["balance_closure"]),
        ({"industry_nonenergy": 20.0}, []),
        ({"outflow": -25.0}, []),
        ({"production": 100.02}, []),
    ],
)
def test_each_identity_is_checked(change: dict[str, float], checks: list[str]) -> None:
    assert [f.check for f in check_balance(long(**change))] == checks


def test_the_amounts_are_told() -> None:
    (found,) = check_balance(long(production=101.0))
    assert found.values["difference"] == pytest.approx(-1.0)
    assert "90" in found.message("en")
    assert "91" in found.message("zh")
    assert check_balance(long(production=101.0), tolerance=2.0) == []


def test_total_coal_is_the_sum_of_its_fuels() -> None:
    parts = pl.concat([long("raw_coal"), long("cleaned_coal")])
    total = long("coal", **{item: 2 * value for item, value in BALANCE.items()})
    assert check_balance(pl.concat([parts, total])) == []
    wrong = total.with_columns(
        pl.when(pl.col("item") == "industry").then(49.0).otherwise(pl.col("value")).alias("value")
    )
    found = [f for f in check_balance(pl.concat([parts, wrong])) if f.check == "balance_total"]
    assert len(found) == 1
    assert found[0].values["difference"] == pytest.approx(-1.0)


def test_totals_beside_their_fuels_are_left_out() -> None:
    both = pl.concat([long("raw_coal"), long("coal")])
    kept, count = without_totals(both)
    assert kept["product"].unique().to_list() == ["raw_coal"]
    assert count == len(BALANCE)
    alone, none = without_totals(long("coal"))
    assert (alone.height, none) == (len(BALANCE), 0)


def test_totals_whose_parts_are_mostly_absent_are_not_called_wrong() -> None:
    few = long().filter(~pl.col("item").is_in(["inflow", "outflow", "stock_change"]))
    assert [f.check for f in check_balance(few)] == ["balance_incomplete"]


def test_regions_are_named() -> None:
    (found,) = check_balance(long(production=101.0).with_columns(region=pl.lit(None, pl.String)))
    assert "None" not in found.message("en")
    assert "地区未写明" in found.message("zh")
    assert region_name("没有的地方").en == "没有的地方"


def checks(frame: pl.DataFrame, **given: object) -> list[str]:
    return [f.check for f in check_balance(frame, **given)]  # type: ignore[arg-type]


SUPPLY = (
    "production",
    "inflow",
    "import",
    "refuel_abroad",
    "outflow",
    "export",
    "refuel_here",
    "stock_change",
)


@pytest.mark.parametrize(
    ("present", "check"),
    [(3, "balance_incomplete"), (4, "balance_sum"), (5, "balance_sum")],
)
def test_a_sum_is_checked_from_half_of_its_parts_on(present: int, check: str) -> None:
    # Of the eight parts of supply that every edition prints, four are half.
    frame = pl.DataFrame(
        {
            "region": "370000",
            "year": 2021,
            "item": ["supply", *SUPPLY[:present]],
            "product": "raw_coal",
            "value": [100.0] + [1.0] * present,
            "unit": "万吨",
        }
    )
    assert checks(frame) == [check]
    if check == "balance_incomplete":
        (found,) = check_balance(frame)
        assert (found.values["present"], found.values["count"]) == (3, 8)


def test_stocks_of_older_editions_are_parts_where_they_are_printed() -> None:
    # 90 = 100 + 10 - 25 + 5 + 20 - 20; without the closing stock it would be 110
    opening = long().with_columns(
        pl.when(pl.col("item") == "stock_change")
        .then(pl.lit("stock_opening"))
        .otherwise("item")
        .alias("item")
    )
    assert "balance_sum" not in checks(opening)
    closing = opening.head(1).with_columns(pl.lit("stock_closing").alias("item"), pl.lit(7.0).alias("value"))
    (found,) = [f for f in check_balance(pl.concat([opening, closing])) if f.check == "balance_sum"]
    assert found.values["difference"] == pytest.approx(7.0)


def total(value: float, fuel: float, unit: str = "万吨") -> pl.DataFrame:
    rows = [("raw_coal", fuel, "万吨"), ("cleaned_coal", fuel, "万吨"), ("coal", value, unit)]
    return pl.DataFrame(rows, schema=["product", "value", "unit"], orient="row").with_columns(
        region=pl.lit("370000"), year=pl.lit(2021), item=pl.lit("industry")
    )


@pytest.mark.parametrize(
    ("printed", "value", "wrong"),
    [
        # Two decimals throughout: five roundings of 0.005 make 0.025 for four fuels and their total.
        ({}, 2.02, []),
        ({}, 2.03, ["balance_total"]),
        # One fuel printed without decimals rounds by 0.5 a term: the coarsest of the columns counts.
        ({"raw_coal": 0}, 4.4, []),
        ({"raw_coal": 0}, 4.6, ["balance_total"]),
        ({"coal": 1, "raw_coal": 2}, 2.2, []),
        ({"coal": 1, "raw_coal": 2}, 2.3, ["balance_total"]),
    ],
)
def test_the_coarsest_column_sets_the_tolerance(
    printed: dict[str, int], value: float, wrong: list[str]
) -> None:
    assert checks(total(value, 1.0), printed=printed) == wrong


def test_fuels_in_another_unit_are_not_added_to_a_total() -> None:
    # 2 of 万吨 are no part of a total in 万吨标准煤: nothing is left of 1.43 to compare with.
    assert checks(total(1.43, 1.0, "万吨标准煤")) == ["balance_total"]
    (found,) = check_balance(total(1.43, 1.0, "万吨标准煤"))
    assert found.values["computed"] == 0.0


def test_a_difference_is_told_at_the_row_of_its_fuel() -> None:
    parts = long("raw_coal").with_columns(_place=pl.lit("f.xlsx|s|7"))
    wrong = long("coke", industry=30.0).with_columns(
        pl.when(pl.col("item") == "final")
        .then(pl.lit("f.xlsx|s|31"))
        .otherwise(pl.lit("f.xlsx|s|9"))
        .alias("_place")
    )
    (found,) = check_balance(pl.concat([parts, wrong]))
    assert (found.file, found.sheet, found.row) == ("f.xlsx", "s", 31)


def test_totals_are_left_out_of_the_years_that_have_their_fuels() -> None:
    early = long("coal").with_columns(year=pl.lit(2014))
    kept, count = without_totals(pl.concat([early, long("raw_coal"), long("coal")]))
    assert count == len(BALANCE)
    assert kept.filter(pl.col("product") == "coal")["year"].unique().to_list() == [2014]
    elsewhere = long("coal").with_columns(region=pl.lit("130000"))
    assert without_totals(pl.concat([elsewhere, long("raw_coal")]))[1] == 0


@pytest.mark.parametrize(
    ("difference", "large"),
    [(11.5, False), (11.6, True), (-11.5, False), (-11.6, True)],
)
def test_a_difference_beyond_a_tenth_of_what_comes_in_is_large(difference: float, large: bool) -> None:
    # production 100 + inflow 10 + stocks 5 = 115 come in
    found = checks(long(balance_difference=difference))
    assert ("balance_difference_large" in found) == large


def test_a_small_difference_of_next_to_nothing_is_not_worth_a_word() -> None:
    few = dict.fromkeys(BALANCE, 0.0) | {"balance_difference": 0.9}
    assert "balance_difference_large" not in checks(long(**few))
    (found,) = [f for f in check_balance(long(**few | {"balance_difference": 1.1})) if "large" in f.check]
    assert found.values["share"] == 1.0


def of_regions(nation: float, *provinces: float, item: str = "final") -> pl.DataFrame:
    codes = [r.region for r in catalogue().values() if r.level == "province"]
    rows = [("100000", nation), *zip(codes, provinces, strict=False)]
    return pl.DataFrame(rows, schema=["region", "value"], orient="row").with_columns(
        item=pl.lit(item), product=pl.lit("raw_coal"), unit=pl.lit("万吨"), year=pl.lit(2021)
    )


@pytest.mark.parametrize(
    ("frame", "told"),
    [
        (of_regions(100, 50, 60), False),
        (of_regions(100, 50, 60.1), True),
        (of_regions(100, 50), False),
        (of_regions(300, *[9.0] * 30), False),
        (of_regions(300, *[8.9] * 30), True),
        (of_regions(300, *[8.9] * 29), False),
        (of_regions(100, 50, 90, item="industry"), False),
        (of_regions(100, 50, 90, item="total_consumption"), True),
    ],
)
def test_provinces_against_the_nation(frame: pl.DataFrame, told: bool) -> None:
    found = check_nation(frame)
    assert [f.check for f in found] == ["balance_over_nation"] * told


def test_cities_are_no_provinces_and_units_are_not_mixed() -> None:
    frame = of_regions(100, 50, 90)
    cities = frame.with_columns(pl.col("region").str.replace("0000$", "0100"))
    assert check_nation(pl.concat([frame.head(1), cities.tail(2)])) == []
    other = frame.with_columns(
        pl.when(pl.col("region") != "100000").then(pl.lit("t")).otherwise("unit").alias("unit")
    )
    assert check_nation(other) == []
    (found,) = check_nation(frame)
    assert (found.values["computed"], found.values["printed"], found.values["count"]) == (140, 100, 2)


@pytest.mark.parametrize(
    ("kept", "differences"),
    [({"final"}, [38.0]), ({"agriculture", "industry", "construction", "residential"}, [-38.0, 8.0])],
)
def test_of_one_fuel_the_total_or_its_parts_alone_differ(kept: set[str], differences: list[float]) -> None:
    """Agriculture 3, industry 25, construction 2 and residential 8 (no parts) make up the 38 of final use."""
    whole = long().filter(pl.col("item").is_in([k for k in BALANCE if k not in ("supply", "transformation")]))
    part = long("diesel").filter(pl.col("item").is_in(list(kept)))
    found = [f for f in check_balance(pl.concat([whole, part])) if f.check == "balance_sum"]
    assert [f.values["difference"] for f in found] == pytest.approx(differences)


def test_a_fuel_without_any_of_a_total_has_nothing_to_add_up() -> None:
    assert (
        check_balance(pl.concat([long(), long("diesel").filter(pl.col("item") == "industry_nonenergy")]))
        == []
    )


def test_a_row_that_names_no_fuel_is_no_total() -> None:
    unnamed = long().head(2).with_columns(product=pl.lit(None, pl.String))
    kept, count = without_totals(pl.concat([long("raw_coal"), long("coal"), unnamed]))
    assert kept["product"].null_count() == 2
    assert count == len(BALANCE)
