import polars as pl
import pytest

from tongyuan.finance.appraisal.tables import appraise, choose, government_money, reductions, yearly
from tongyuan.ledger.table import conform

INVESTMENT = conform(
    "investment",
    pl.DataFrame({"project": ["boiler", "pump"], "lifetime": [20, 5], "source": ["made up"] * 2}),
)
FLOW = conform(
    "cash_flow",
    pl.DataFrame(
        [
            ("boiler", "enterprise", "investment", 2026, None, -80e6),
            ("boiler", "government", "subsidy", 2026, None, -40e6),
            ("boiler", "enterprise", "operation", 2027, 2046, -3e6),
            ("boiler", "enterprise", "energy", 2027, 2046, 8e6),
            ("pump", "enterprise", "investment", 2026, None, -1600.0),
            ("pump", "enterprise", "revenue", 2027, None, 10_000.0),
            ("pump", "enterprise", "other", 2028, None, -10_000.0),
        ],
        schema=["project", "payer", "item", "year", "year_to", "value"],
        orient="row",
    ),
)
CUT = pl.DataFrame(
    {
        "project": ["boiler"] * 4,
        "species": ["CO2", "SO2", "NOx", "TSP"],
        "value": [60_000.0, 120.0, 90.0, 30.0],
    }
)


def test_a_span_of_years_is_the_same_every_year():
    rows = yearly(FLOW).filter(pl.col("project") == "boiler", pl.col("payer") == "enterprise")
    assert rows.height == 21
    assert rows["value"].to_list()[:2] == [-80e6, 5e6]


def test_reductions_in_both_measures():
    """SO2 and NOx at 0.95 kg, dust at 2.18 kg the equivalent."""
    (made,) = reductions(CUT, "AR5").rows(named=True)
    assert made["CO2e"] == pytest.approx(60_000)
    assert made["equivalent"] == pytest.approx(234_814.10, abs=0.01)


def test_the_cost_of_a_project_is_shared_out_once():
    """FIN-05 of the facts: 7,222,265 yuan a year; 96.5152 yuan/t and 6.09569 yuan an equivalent."""
    appraisal, payers = appraise(
        INVESTMENT, yearly(FLOW), reductions(CUT, "AR5"), rate=0.08, sensitivity=(0.10, 0.05),
        carbon_price=95, equivalent_price=6,
    )  # fmt: skip
    boiler, pump = appraisal.rows(named=True)
    assert boiler["yearly_cost"] == pytest.approx(7_222_265, abs=1)
    assert boiler["carbon_cost"] == pytest.approx(96.5152, abs=1e-4)
    assert boiler["equivalent_cost"] == pytest.approx(6.09569, abs=1e-4)
    assert boiler["net_present_value_low"] < boiler["net_present_value"] < boiler["net_present_value_high"]
    assert (pump["rates"], pump["rate"], pump["payback"]) == (2, None, None)
    assert pump["net_present_value"] == pytest.approx(-914.1289, abs=1e-4)
    held = {(r["project"], r["payer"]): r["net_present_value"] for r in payers.iter_rows(named=True)}
    assert held["boiler", "government"] == -40e6
    whole = sum(value for (project, _), value in held.items() if project == "boiler")
    assert whole == pytest.approx(boiler["net_present_value"])


def test_without_both_prices_no_cost_is_shared_out():
    appraisal, _ = appraise(INVESTMENT, yearly(FLOW), reductions(CUT, "AR5"), rate=0.08, carbon_price=95)
    assert appraisal["carbon_cost"].null_count() == 2


def test_a_sum_goes_to_projects_that_need_some():
    money = government_money(yearly(FLOW), 0.08)
    assert money == {"boiler": 40e6, "pump": 0.0}
    falls = reductions(CUT, "AR5")
    table = choose(INVESTMENT, falls, money, 40e6, 95, 6)
    assert table["chosen"].to_list() == [True]
    assert table["value"][0] == pytest.approx(95 * 60_000 + 6 * 234_814.10, abs=0.1)
    assert table["budget"].sum() == 40e6
    table = choose(INVESTMENT, falls, money, 39e6, 95, 6)
    assert table["chosen"].to_list() == [False]
