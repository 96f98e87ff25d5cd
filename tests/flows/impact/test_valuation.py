import polars as pl
import pytest
from tests.flows.impact.test_response import RECEPTOR, RESPONSE, inputs

from tongyuan.flows.impact.response import full_in_tonnes
from tongyuan.flows.impact.valuation import valuation_of
from tongyuan.ledger.settings import changed
from tongyuan.ledger.table import from_rows

SO2 = [r for r in RESPONSE if r["species"] == "SO2"]


def made(**settings):
    head = {"technology": "x", "control": "", "unit": "t", "node": "here"}
    amounts = {"none": (90.0, 1000.0), "continued": (100.0, 1100.0), "plan": (60.0, 800.0)}
    rows = [
        head | {"scenario": s, "species": name, "value": v, "year": y}
        for s, pair in amounts.items() for name, v in zip(("SO2", "CO2"), pair, strict=True)
        for y in (2025, 2030)
    ]  # fmt: skip
    costs = [("none", "capital", "steel", 100.0), ("plan", "capital", "steel", 400.0),
             ("none", "tax", "steel", 50.0), ("plan", "tax", "steel", 30.0), ("plan", "tax", "power", 5.0),
             ("plan", "damage", "", 1e9)]  # fmt: skip
    cost = [
        {"scenario": s, "node": "here", "year": y, "item": i, "payer": p, "value": v, "discounted": v,
         "currency": "CNY"}
        for s, i, p, v in costs for y in (2025, 2030)
    ]  # fmt: skip
    tables = {"plan_emission": from_rows("plan_emission", rows), "plan_cost": from_rows("plan_cost", cost)}
    given = inputs(tables, SO2, RECEPTOR)
    chosen = {f"impact.{k}": v for k, v in settings.items()} | {"plan.discount_rate": 0.03}
    return type(given)(changed(given.settings, chosen), given.tables, made=given.made)


def test_payers_and_gainers_of_2030() -> None:
    given = made(death_value=2e6, carbon_value=100.0)
    rows = valuation_of(given).filter(scenario="plan", year=2030)
    found = {(r["stakeholder"], r["item"]): r["value"] for r in rows.iter_rows(named=True)}
    full = full_in_tonnes(given.tables, given.settings.impact)
    assert full is not None
    lives = full.avoided({"jinan": 38.2}, {"jinan": 38.8})[0]
    assert found.pop(("resident", "health")) == pytest.approx(2e6 * lives)
    assert found == {
        ("steel", "capital"): -300.0, ("steel", "tax"): 20.0, ("power", "tax"): -5.0,
        ("government", "tax"): -15.0, ("world", "climate"): 20_000.0,
    }  # fmt: skip
    assert rows["discounted"].to_list() == pytest.approx([v * 1.03**-5 for v in rows["value"]])


def test_transfers_are_nought_together_and_damage_is_not_counted_again() -> None:
    rows = valuation_of(made(carbon_value=0.0))
    assert rows.filter(pl.col("item") == "tax")["value"].sum() == pytest.approx(0.0)
    assert "damage" not in rows["item"].to_list()


def test_nothing_is_valued_without_a_value() -> None:
    assert valuation_of(made()).is_empty()
