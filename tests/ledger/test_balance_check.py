"""An energy balance that does not close is named, with amounts."""

from __future__ import annotations

import polars as pl
import pytest

from tongyuan.ledger.balance_check import check_balance, region_name, without_totals

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
    assert region_name("没有的地方").en == "没有的地方"
