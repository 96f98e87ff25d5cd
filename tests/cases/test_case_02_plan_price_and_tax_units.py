"""Prices in 万元/t, a charge in 元/kg: words of money and of tonnes are brought to CNY per unit of the flow.

0.4 t/MWh at 0.08 万元/t = 800 CNY/t is 320 CNY/MWh, less than wind at 500: coal makes 1,000 MWh for 320,000.
A charge of 0.5 元/kg on 0.8 t/MWh adds 400 to 300 CNY/MWh: wind makes everything for 500,000 CNY.
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
    "flow.csv": "flow,unit,kind\npower,MWh,energy\nfuel,t,energy\n",
    "technology_option.csv": "technology,node,unit,capacity,cost_variable,currency,price_year\n"
    "coal,A,MWh,free,0,CNY,2025\nwind,A,MWh,free,500,CNY,2025\n",
    "technology_flow.csv": "technology,flow,role,coefficient\ncoal,power,output,1\ncoal,fuel,input,0.4\n"
    "wind,power,output,1\n",
    "emission_coefficient.csv": "technology,species,value,unit\ncoal,CO2,0.8,t/MWh\nwind,CO2,0,t/MWh\n",
    "demand.csv": "node,flow,year,value,unit\nA,power,2025,1000,MWh\nA,power,2030,1000,MWh\n",
    "price.csv": "flow,node,direction,value,unit,currency,price_year\nfuel,A,purchase,0.08,万元/t,CNY,2025\n",
}
TAXED = {
    "flow.csv": "flow,unit,kind\npower,MWh,energy\n",
    "technology_option.csv": PLAN["technology_option.csv"].replace("free,0", "free,300"),
    "technology_flow.csv": "technology,flow,role,coefficient\ncoal,power,output,1\nwind,power,output,1\n",
    "tax.csv": "tax,quantity,value,unit,currency,price_year,item\nct,CO2,0.5,元/千克,CNY,2025,tax\n",
}


def planned(folder: Path, changed: dict[str, str], leave: tuple[str, ...] = ()) -> Plan:
    for name, text in {**PLAN, **changed}.items():
        if name not in leave:
            (folder / name).write_text(text, "utf-8")
    tables, settings = read_plan(folder)
    return least_cost(case(tables, settings))


def yearly(plan: Plan, item: str = "") -> list[float]:
    rows = plan["plan_cost"].filter(pl.col("item") == item) if item else plan["plan_cost"]
    return rows.group_by("year").agg(pl.col("value").sum()).sort("year")["value"].to_list()


@pytest.mark.parametrize(
    "price",
    ["0.08,万元/t,CNY", "0.08,万元/t,", "800,元/吨,CNY", "0.8,元/kg,CNY", "8000000,CNY/10^4 t,CNY",
     "0.08,亿元/10^4 t,", "800,yuan/t,CNY"],
)  # fmt: skip
def test_a_price_means_the_same_in_every_word(tmp_path, price):
    row = PLAN["price.csv"].replace("0.08,万元/t,CNY", price)
    plan = planned(tmp_path, {"price.csv": row})
    assert yearly(plan) == pytest.approx([320_000.0, 320_000.0])
    assert plan.cost == pytest.approx(5 * 2 * 320_000)


@pytest.mark.parametrize("tax", ["0.5,元/千克", "500,元/t", "0.05,万元/t", "0.0005,元/g"])
def test_a_charge_means_the_same_in_every_word(tmp_path, tax):
    row = TAXED["tax.csv"].replace("0.5,元/千克", tax)
    plan = planned(tmp_path, {**TAXED, "tax.csv": row}, leave=("price.csv",))
    assert yearly(plan) == pytest.approx([500_000.0, 500_000.0])
    assert sum(yearly(plan, "tax")) == 0.0


def test_a_small_charge_is_paid(tmp_path):
    row = TAXED["tax.csv"].replace("0.5,元/千克", "0.2,元/千克")
    plan = planned(tmp_path, {**TAXED, "tax.csv": row}, leave=("price.csv",))
    assert yearly(plan, "tax") == pytest.approx([160_000.0, 160_000.0])


def test_costs_in_wan_yuan(tmp_path):
    option = PLAN["technology_option.csv"].replace("free,500,CNY", "free,0.05,万元")
    assert planned(tmp_path, {"technology_option.csv": option}).cost == pytest.approx(3_200_000)
    option = PLAN["technology_option.csv"].replace("free,500,CNY", "free,0.03,万元")
    assert planned(tmp_path, {"technology_option.csv": option}).cost == pytest.approx(3_000_000)


@pytest.mark.parametrize(
    ("price", "check"),
    [
        ("0.08,万元/MWh,CNY", "unit_unfit"),
        ("0.08,t,CNY", "unit_unfit"),
        ("0.08,万元/t,USD", "currency_differs"),
        ("0.08,beads/t,CNY", "unit_unknown"),
        ("0.08,万元/t,珠子", "currency_unknown"),
    ],
)
def test_what_is_no_price_of_the_flow_is_refused(tmp_path, price, check):
    row = PLAN["price.csv"].replace("0.08,万元/t,CNY", price)
    with pytest.raises(FindingError) as caught:
        planned(tmp_path, {"price.csv": row})
    wrong = [(f.check, f.sheet, f.row) for f in caught.value.findings if f.severity == "error"]
    assert wrong == [(check, "price", 2)]
