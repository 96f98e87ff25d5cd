"""Permit, tax and allowances from one account."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

import polars as pl
import pytest

from tongyuan.flows.facility.account import account_facilities
from tongyuan.flows.facility.ledgers import ledgers
from tongyuan.flows.source import Inputs
from tongyuan.ledger.finding import FindingError
from tongyuan.ledger.settings import Settings

Make = Callable[..., pl.DataFrame]
Plant = Callable[..., Inputs]


def worked(given: Inputs) -> tuple[dict[str, pl.DataFrame], list[str]]:
    made, _ = account_facilities(given)
    tables, found = ledgers(Inputs(given.settings, given.tables, made=made))
    return tables, [f.check for f in found]


@pytest.fixture
def power(plant: Plant, make: Make) -> Callable[..., Inputs]:
    """Return a function to a power works of 2026 with output and a listing."""

    def made(*others: tuple[str, pl.DataFrame], **settings: Any) -> Inputs:
        months = [f"2026-{m:02d}" for m in range(1, 13)]
        output = [
            {"month": m, "product": "electricity", "value": 1e5, "unit": "MWh", "hours": 700.0, "load": 45.0}
            for m in months
        ] + [{"month": m, "product": "heat", "value": 1e4, "unit": "GJ"} for m in months]
        who = {"kind": "power", "region": "370100", "name": "示例热电", "ets_sector": "power"}
        unit = {
            "kind": "power_unit",
            "capacity": 330.0,
            "capacity_unit": "MW",
            "fuel_class": "conventional_coal",
        }
        own = [
            ("facility", make("facility", who)),
            ("installation", make("installation", unit)),
            ("output", make("output", *output)),
        ]
        return plant(*own, *others, **settings)

    return made


def lines(tables: dict[str, pl.DataFrame]) -> dict[str, float]:
    frame = tables["allowance_account"]
    return dict(zip(frame["line"], frame["value"], strict=True))


def test_allowances_of_a_unit_by_hand(power: Any) -> None:
    tables, found = worked(power())
    got = lines(tables)
    # class up to 300 MW, draft of 2026: 1.2e6 MWh · 0.7985 · Ff(45 %) + 1.2e5 GJ · 0.1021
    assert got["load_factor"] == pytest.approx(1.1276, abs=0.01)
    assert got["initial"] == int(1.2e6 * 0.7985 * got["load_factor"] + 1.2e5 * 0.1021)
    # 600,000 t of coal · 0.55 t C/t · 44/12, oxidation as the guide has it
    assert got["verified"] == pytest.approx(600_000 * 0.55 * 44 / 12, rel=0.02)
    assert got["short"] == pytest.approx(max(0.0, got["obligation"] - got["fixed"]), abs=1)
    assert "allowance_draft" in found


def test_drafts_can_be_shut_out(power: Any) -> None:
    tables, found = worked(power(facility={"drafts": False}))
    assert tables["allowance_account"]["line"].to_list() == ["no_rule"]
    assert "no_rule" in found


def test_prices_bring_costs_and_purchases_count(power: Any, make: Make) -> None:
    bought = make(
        "allowance", {"year": 2026, "kind": "purchase", "document": "1", "vintage": 2026, "value": 1000.0}
    )
    with_price = lines(worked(power(facility={"carbon_price": 75.0, "offset_price": 70.0}))[0])
    assert with_price["cost_to_buy"] == pytest.approx(with_price["short"] * 75)
    assert with_price["cheapest_cost"] < with_price["cost_to_buy"]
    assert with_price["fine_high"] == pytest.approx(10 * 75 * with_price["short"])
    after = lines(worked(power(("allowance", bought), facility={"carbon_price": 75.0}))[0])
    assert after["short"] == with_price["short"] - 1000


def test_permit_holds_carbon_and_names_the_whole_works_in_chinese(power: Any, make: Make) -> None:
    limit = make(
        "permit_limit",
        {
            "outlet": "全厂",
            "species": "CO2",
            "period": "year",
            "value": 100.0,
            "unit": "万t/a",
            "date_from": date(2020, 1, 1),
        },
    )
    permit = worked(power(("permit_limit", limit)))[0]["permit_account"]
    row = permit.filter((pl.col("species") == "CO2") & (pl.col("month") == "2026-12")).row(0, named=True)
    assert (row["outlet"], row["limit"]) == ("whole", pytest.approx(1e6))
    assert row["share"] == pytest.approx(row["cumulative"] / 1e6)
    assert row["probability"] == 1.0


def test_a_yearly_limit_that_is_no_mass_is_refused(power: Any, make: Make) -> None:
    limit = make(
        "permit_limit", {"outlet": "DA001", "species": "SO2", "period": "year", "value": 1.0, "unit": "mg/m3"}
    )
    with pytest.raises(FindingError, match="no mass"):
        worked(power(("permit_limit", limit)))


def emitted(make: Make) -> pl.DataFrame:
    return make(
        "facility_emission",
        *(
            {
                "region": "370100",
                "month": f"2026-{m:02d}",
                "outlet": "DA001",
                "species": s,
                "value": v,
                "unit": "t",
                "origin": "combustion",
                "scope": "direct",
                "method": "monitored",
                "counted": True,
            }
            for m in (1, 2, 4)
            for s, v in (("SO2", 9.5), ("NOx", 19.0), ("TSP", 2.18), ("CO", 1.67))
        ),
    )


def test_tax_by_quarter_from_the_shelf_and_from_own_rates(make: Make) -> None:
    settings = Settings(name="x", kind="enterprise", region="370000")
    tables, _ = ledgers(Inputs(settings, {}, made={"facility_emission": emitted(make)}))
    got = tables["tax_return"]
    first = got.filter(pl.col("quarter") == "2026Q1")
    # 20,000 equivalents of NOx and 10,000 of SO2 at 6 yuan, 1,000 of soot at 1.2 yuan, in two months
    assert first["tax"].sum() == pytest.approx(2 * (120_000 + 60_000 + 1_200))
    assert first["due_day"].unique().to_list() == [date(2026, 4, 15)]
    assert tables["tax_account"].filter(pl.col("species") == "CO")["note_zh"].unique().to_list() == [
        "未进入前几项，不计税"
    ]
    own = make(
        "own_tax_rate", {"region": "370100", "medium": "air", "value": 3.0, "date_from": date(2020, 1, 1)}
    )
    cheaper, _ = ledgers(Inputs(settings, {"own_tax_rate": own}, made={"facility_emission": emitted(make)}))
    assert cheaper["tax_return"]["rate"].unique().to_list() == [3.0]


def test_a_place_without_a_rate_is_said(make: Make) -> None:
    settings = Settings(name="x", kind="enterprise", region="110000")
    frame = emitted(make).with_columns(region=pl.lit("110000"))
    tables, found = ledgers(Inputs(settings, {}, made={"facility_emission": frame}))
    assert {f.check for f in found} == {"no_rate"}
    assert tables["tax_return"]["tax"].null_count() == tables["tax_return"].height
    asked = Settings(name="x", kind="enterprise", region="110000", account={"include_unverified": True})
    assert ledgers(Inputs(asked, {}, made={"facility_emission": frame}))[0]["tax_return"][
        "rate"
    ].unique().to_list() == [12.0]


def test_zones_of_a_province_are_chosen_by_the_setting(make: Make) -> None:
    frame = emitted(make).with_columns(region=pl.lit("130100"))
    plain = Settings(name="x", kind="enterprise", region="130000")
    assert (
        ledgers(Inputs(plain, {}, made={"facility_emission": frame}))[0]["tax_return"]["rate"].null_count()
        > 0
    )
    zone = Settings(name="x", kind="enterprise", region="130000", facility={"tax_zone": "二档"})
    rates = ledgers(Inputs(zone, {}, made={"facility_emission": frame}))[0]["tax_return"]
    assert set(rates["rate"]) == {6.0, 4.8}


def test_solid_waste_is_taxed_beside(make: Make) -> None:
    waste = make(
        "waste_transfer",
        {
            "month": "2026-01",
            "waste": "尾矿",
            "tax_class": "tailings",
            "generated": 1000.0,
            "used": 300.0,
            "stored": 200.0,
        },
    )
    tables, _ = ledgers(Inputs(Settings(name="x", kind="enterprise"), {"waste_transfer": waste}, made={}))
    row = tables["tax_account"].row(0, named=True)
    assert (row["medium"], row["tax"]) == ("solid", 7500.0)


def test_execution_report_by_quarter(make: Make) -> None:
    tables, _ = ledgers(
        Inputs(Settings(name="x", kind="enterprise"), {}, made={"facility_emission": emitted(make)})
    )
    report = tables["permit_report"].filter(pl.col("species") == "SO2")
    assert report["period"].to_list() == ["2026Q1", "2026Q2"]
    assert report["emission"].to_list() == pytest.approx([19.0, 9.5])


def test_the_tax_says_by_which_method_its_mass_was_found(plant: Any, make: Any) -> None:
    """January was tested, the other months are by coefficients; every line of the tax says which."""
    test = {"outlet": "A", "species": "SO2", "value": 20.0, "unit": "mg/m3", "flow": 1e6, "hours": 700.0}
    inputs = plant(
        ("outlet", make("outlet", {"outlet": "A", "medium": "air"})),
        ("outlet_link", make("outlet_link", {"outlet": "A", "month_from": "2026-01"})),
        ("manual_test", make("manual_test", {**test, "time": datetime(2026, 1, 10, 9)})),
    )
    tables, _ = worked(inputs)
    so2 = tables["tax_account"].filter(pl.col("species") == "SO2").sort("month")
    assert so2["method"].to_list() == ["manual", *["coefficient"] * 11]
    assert tables["tax_account"].filter(pl.col("medium") == "air")["method"].null_count() == 0
    assert so2["emission"][0] == pytest.approx(20 * 1e6 * 700 * 1e-6)


def test_duties_of_the_years_with_an_account(plant: Any) -> None:
    tables, _ = worked(plant())
    assert set(tables["duty"]["duty"]) == {"tax_return"}
    assert tables["duty"]["due_day"].to_list()[-1] == date(2027, 1, 15)
