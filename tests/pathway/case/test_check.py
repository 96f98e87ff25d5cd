from __future__ import annotations

from collections.abc import Callable

import polars as pl
import pytest

from tongyuan.ledger.finding import FindingError
from tongyuan.pathway.case.case import Case, Settings
from tongyuan.pathway.case.check import case as checked
from tongyuan.pathway.case.check import check
from tongyuan.pathway.example import steel
from tongyuan.reference.language import catalogue


def change(table: str, **columns: pl.Expr) -> Callable[[Case], Case]:
    return lambda c: c.with_tables(**{table: c[table].with_columns(**columns)})


def append(table: str, **row: object) -> Callable[[Case], Case]:
    return lambda c: c.with_tables(
        **{table: pl.concat([c[table], pl.DataFrame([row])], how="diagonal_relaxed")}
    )


def remove(table: str, where: pl.Expr) -> Callable[[Case], Case]:
    return lambda c: c.with_tables(**{table: c[table].filter(~where)})


def at(column: str, key: str, value: str, new: object) -> pl.Expr:
    return pl.when(pl.col(key) == value).then(pl.lit(new)).otherwise(pl.col(column)).alias(column)


BAD = [
    (remove("technology_flow", (pl.col("technology") == "wind")), "technology_without_output",
    "technology_option", 5),
    (append("technology_flow", technology="arc", flow="electricity", role="output", coefficient=9.0), None,
    "", 0),
    (change("technology_option", cost_capital=at("cost_capital", "technology", "arc", -5.0)),
    "negative_cost", "technology_option", 3),
    (change("control_option", share_min=pl.lit(0.95)), "shares_cross", "control_option", 2),
    (change("control_option", share_min=pl.lit(0.6), share_max=pl.lit(1.0)), "shares_sum", "control_option",
    3),
    (change("target", quantity=at("quantity", "target", "NOx_cap", "N0x")), "unknown_species", "target", 2),
    (change("target", quantity=at("quantity", "target", "short_process", "arcs")), "unknown_quantity",
    "target", 4),
    (change("target", scope=at("scope", "target", "CO2_cap", "east")), "unknown_scope", "target", 3),
    (remove("demand", pl.lit(True)), "demand_missing", "demand", None),
    (remove("demand", (pl.col("node") == "south") & (pl.col("year") == 2030)), "demand_gap", "demand", 4),
    (change("demand", year=pl.when(pl.col("year") == 2030).then(2031).otherwise("year")), "year_outside",
    "demand", 3),
    (change("target", year=pl.lit(2029)), "year_outside", "target", 2),
    (change("price", year=pl.lit(2031)), "year_ignored", "price", 2),
    (append("demand", node="north", flow="heat", year=2025, value=1.0, unit="GJ"), "unknown_name", "demand",
    10),
    (append("technology_option", technology="x", unit="t", first_year=2035, last_year=2030), "year_order",
    "technology_option", 6),
    (change("demand", unit=at("unit", "flow", "steel", "MWh")), "unit_unfit", "demand", 2),
    (change("demand", unit=at("unit", "flow", "steel", "furlongs")), "unit_unknown", "demand", 2),
    (change("emission_coefficient", unit=at("unit", "technology", "arc", "kg/MWh")), "unit_unfit",
    "emission_coefficient", 5),
    (change("emission_coefficient", unit=at("unit", "technology", "arc", "t")), "unit_unfit",
    "emission_coefficient", 5),
    (change("technology_flow", unit=at("unit", "technology", "arc", "t/MWh")), "unit_unfit",
    "technology_flow", 4),
    (change("control_flow", unit=at("unit", "flow", "ammonia", "kWh/t")), "unit_unfit", "control_flow", 3),
    (change("stock", activity_unit=at("activity_unit", "technology", "coal_power", "t")), "unit_unfit",
    "stock", 4),
    (change("stock", capacity_unit=at("capacity_unit", "technology", "coal_power", "GWh")), "unit_unfit",
    "stock", 4),
    (change("price", unit=at("unit", "flow", "scrap", "CNY/GJ")), "unit_unfit", "price", 3),
    (change("price", unit=at("unit", "flow", "scrap", "t")), "unit_unfit", "price", 3),
    (change("price", currency=at("currency", "flow", "scrap", "USD")), "currency_differs", "price", 3),
    (change("price", currency=at("currency", "flow", "scrap", "cowries")), "currency_unknown", "price", 3),
    (change("technology_option", currency=at("currency", "technology", "arc", "shells")), "currency_unknown",
    "technology_option", 3),
    (change("link", unit=pl.lit("t")), "unit_unfit", "link", 2),
    (change("target", unit=at("unit", "target", "NOx_cap", "MWh")), "unit_unfit", "target", 2),
    (change("target", unit=at("unit", "target", "short_process", "kg/MWh")), "unit_unfit", "target", 4),
    (change("target", unit=at("unit", "target", "NOx_cap", "wagons")), "unit_unknown", "target", 2),
    (change("target", control=at("control", "target", "NOx_cap", "scr")), "control_of_activity", "target", 2),
    (change("target", control=at("control", "target", "short_process", "scrubber")), "unknown_name",
    "target", 4),
    (change("technology_option", yearly_output=at("yearly_output", "technology", "wind", 8.76e6)),
    "yearly_output_differs", "technology_option", 5),
    (change("technology_option", yearly_output=at("yearly_output", "technology", "arc", 1e-4)),
    "yearly_output_differs", "technology_option", 3),
    (append("technology_option", technology="arc", node="north", unit="kt", capacity_unit="t/a"),
    "unit_of_technology", "technology_option", 6),
    (append("quantity_member", quantity="all_steel", member="wind", weight=1.0), "group_unfit",
    "quantity_member", 7),
    (change("stock", activity=pl.lit(None, dtype=pl.Float64)), "base_zero", "target", 3),
    (append("target", target="coal", quantity_kind="purchase", quantity="coal", comparator="at_most",
    bound=0.9, basis="share_of_base"), "base_unknown", "target", 5),
    (append("tax", tax="water", quantity="COD", value=1.0, unit="CNY/kg"), "tax_unknown", "tax", 2),
    (change("technology_option", lifetime=at("lifetime", "technology", "wind", None)), "lifetime_missing",
    "technology_option", 5),
    (lambda c: c.with_tables(stock=pl.concat([c["stock"], c["stock"][:1]])), "duplicate_row", "stock", 6),
    (change("technology_option", availability=pl.lit(1.2)), "out_of_range", "technology_option", 2),
    (change("target", comparator=pl.lit("less")), "not_a_choice", "target", 2),
    (change("technology_option", cost_capital=at("cost_capital", "technology", "wind", None)),
    "capital_missing", "technology_option", 5),
]  # fmt: skip


@pytest.mark.parametrize(
    ("spoil", "name", "sheet", "row"), [b for b in BAD if b[1]], ids=[f"{b[1]}-{b[2]}" for b in BAD if b[1]]
)
def test_bad_input_is_explained_with_sheet_and_row(spoil, name, sheet, row):
    found = [f for f in check(spoil(steel())) if f.check == name]
    assert found, name
    first = found[0]
    assert (first.sheet, first.row) == (sheet, row)
    for language in ("zh", "en"):
        assert first.message(language)
        assert first.next_step(language)


def test_a_circle_of_free_energy_is_named():
    case = steel()
    loop = pl.DataFrame(
        {
            "technology": ["boiler", "boiler", "turbine", "turbine"], "flow": ["electricity", "heat",
            "heat", "electricity"],
            "role": ["input", "output", "input", "output"], "coefficient": [1.0, 3.0, 1.0, 0.4],
        }
    )  # fmt: skip
    spoilt = case.with_tables(
        flow=pl.concat(
            [case["flow"], pl.DataFrame({"flow": ["heat"], "unit": ["MWh"]})], how="diagonal_relaxed"
        ),
        technology_option=pl.concat(
            [
                case["technology_option"],
                pl.DataFrame(
                    {"technology": ["boiler", "turbine"], "unit": ["MWh"] * 2, "capacity": ["free"] * 2}
                ),
            ],
            how="diagonal_relaxed",
        ),
        technology_flow=pl.concat([case["technology_flow"], loop], how="diagonal_relaxed"),
    )
    found = [f for f in check(spoilt) if f.check == "free_energy"]
    assert len(found) == 1
    assert "boiler" in found[0].message("zh")
    assert "turbine" in found[0].message("en")
    assert "furnace" not in found[0].message("en")
    assert found[0].row == 10


def test_all_findings_come_at_once():
    case = steel()
    with pytest.raises(FindingError) as caught:
        checked(
            {
                "node": case["node"],
                "period": case["period"],
                "flow": case["flow"].with_columns(unit=pl.lit("")),
            },
            Settings(discount_rate=0.1),
        )
    assert {f.check for f in caught.value.findings} >= {"required_empty", "demand_missing"}


def test_costs_of_a_price_year_without_index_are_named_not_converted():
    case = steel()
    options = case["technology_option"].with_columns(price_year=pl.lit(1950), currency=pl.lit("CNY"))
    tables = {**case.tables, "technology_option": options}
    settings = Settings(discount_rate=0.05, price_year=2020)
    assert "price_year_unconverted" in {f.check for f in check(checked(tables, settings))}
    assert (
        checked(tables, settings)["technology_option"]["cost_variable"].to_list()
        == case["technology_option"]["cost_variable"].to_list()
    )


def test_a_foreign_currency_that_cannot_be_converted_is_an_error():
    case = steel()
    for currency, year, price_year in (("XYZ", 2015, 2020), ("USD", None, 2020), ("USD", 2015, None)):
        foreign = case["technology_option"].with_columns(
            currency=pl.lit(currency), price_year=pl.lit(year, dtype=pl.Int64)
        )
        with pytest.raises(FindingError) as caught:
            checked(
                {**case.tables, "technology_option": foreign},
                Settings(discount_rate=0.05, price_year=price_year),
            )
        assert "currency_unconverted" in {f.check for f in caught.value.findings}


def test_every_sentence_has_both_languages_and_the_same_places():
    from string import Formatter

    for key, row in catalogue("pathway").items():
        places = [{name for _, name, _, _ in Formatter().parse(row[c]) if name} for c in ("zh", "en")]
        assert row["zh"], key
        assert row["en"], key
        if row["severity"]:
            assert row["next_zh"], key
            assert row["next_en"], key
        if not key.startswith("shadow") and key != "dividend_negative":
            assert places[0] == places[1], key
