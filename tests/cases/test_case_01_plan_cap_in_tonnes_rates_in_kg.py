"""A cap in tonnes, emission rates in kilograms: the answer does not depend on the unit of either.

Demand 1,000 MWh; coal 0.8 t CO2 and 300 CNY a MWh, wind 500 CNY; cap 400 t in 2030. So coal makes 500 MWh,
the year costs 500 · 300 + 500 · 500 = 400,000 CNY and a tonne is worth (500 − 300) / 0.8 = 250 CNY.
"""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from tongyuan.flows.plan.read import read_plan
from tongyuan.ledger.finding import FindingError
from tongyuan.pathway.ask.least_cost import least_cost
from tongyuan.pathway.case.check import case
from tongyuan.pathway.plan import Plan

PLAN = {
    "plan.toml": 'discount_rate = 0.0\ncurrency = "CNY"\nprice_year = 2025\n',
    "node.csv": "node,title_en\nA,A\n",
    "period.csv": "year,weight\n2025,5\n2030,5\n",
    "flow.csv": "flow,unit,kind\npower,MWh,energy\n",
    "technology_option.csv": "technology,node,unit,capacity,cost_variable,currency,price_year\n"
    "coal,A,MWh,free,300,CNY,2025\nwind,A,MWh,free,500,CNY,2025\n",
    "technology_flow.csv": "technology,flow,role,coefficient\ncoal,power,output,1\nwind,power,output,1\n",
    "emission_coefficient.csv": "technology,species,value,unit\ncoal,CO2,800,kg/MWh\nwind,CO2,0,kg/MWh\n",
    "demand.csv": "node,flow,year,value,unit\nA,power,2025,1000,MWh\nA,power,2030,1000,MWh\n",
    "stock.csv": "node,technology,activity\nA,coal,1000\n",
    "target.csv": "target,family,quantity_kind,quantity,comparator,bound,unit,basis,year\n"
    "co2,carbon,emission,CO2,at_most,400,t,absolute,2030\n",
}


def planned(folder: Path, **changed: str) -> Plan:
    for name, text in {**PLAN, **{k.replace("__", "."): v for k, v in changed.items()}}.items():
        (folder / name).write_text(text, "utf-8")
    tables, settings = read_plan(folder)
    return least_cost(case(tables, settings))


def test_the_cap_is_400_tonnes(tmp_path):
    plan = planned(tmp_path)
    assert plan.cost == pytest.approx(5 * (300_000 + 400_000))
    row = plan["shadow_price"].row(0, named=True)
    assert row["shadow_price"] == pytest.approx(250.0)
    assert (row["value"], row["bound"], row["unit"]) == (pytest.approx(400.0), 400.0, "t")
    emitted = plan["plan_emission"].filter(pl.col("year") == 2030)
    assert emitted["value"].sum() == pytest.approx(400.0)
    assert set(emitted["unit"]) == {"t"}


@pytest.mark.parametrize(
    ("rate", "cap"),
    [
        ("0.8,t/MWh", "400,t"),
        ("800,g/kWh", "0.4,kt"),
        ("0.8,万吨/万MWh", "400000,kg"),
        ("222.2222222222222,kg/GJ", "0.04,万吨"),
        ("0.8,tCO2/MWh", "400,吨"),
    ],
)
def test_in_whatever_unit_it_is_written(tmp_path, rate, cap):
    rates = f"technology,species,value,unit\ncoal,CO2,{rate}\nwind,CO2,0,kg/MWh\n"
    target = PLAN["target.csv"].replace("400,t", cap)
    plan = planned(tmp_path, emission_coefficient__csv=rates, target__csv=target)
    assert plan.cost == pytest.approx(3_500_000.0)


@pytest.mark.parametrize(
    ("rate", "cap", "sheet"),
    [("800,kg/t", "400,t", "emission_coefficient"), ("800,kg", "400,t", "emission_coefficient"),
     ("800,kg/MWh", "400,MWh", "target"), ("800,kg/MWh", "400,CNY", "target")],
)  # fmt: skip
def test_what_measures_something_else_is_refused_at_its_cell(tmp_path, rate, cap, sheet):
    rates = f"technology,species,value,unit\ncoal,CO2,{rate}\nwind,CO2,0,kg/MWh\n"
    target = PLAN["target.csv"].replace("400,t", cap)
    with pytest.raises(FindingError) as caught:
        planned(tmp_path, emission_coefficient__csv=rates, target__csv=target)
    wrong = [f for f in caught.value.findings if f.severity == "error"]
    assert {(f.sheet, f.row, f.column) for f in wrong} == {(sheet, 2, "unit")}
