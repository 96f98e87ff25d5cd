"""Charges, prices, subsidies and tariffs on the teaching plan of steel and power."""

from __future__ import annotations

import polars as pl
import pytest

from tongyuan.flows.ask.plan.given import given_of_tables
from tongyuan.flows.ask.plan.tables import teaching_tables
from tongyuan.flows.finance.incentive import incentive
from tongyuan.ledger.finding import FindingError
from tongyuan.ledger.table import conform
from tongyuan.pathway.case.case import Settings

FREE = ("target", "measure")


@pytest.fixture(scope="module")
def case():
    tables = {n: f for n, f in teaching_tables().items() if n not in FREE}
    return given_of_tables(tables, Settings(discount_rate=0.05, base_year=2025)).case


def policy(*rows):
    base = {"source": "made up", "form": "cliff"}
    types = {"threshold": pl.Float64, "value": pl.Float64}
    return conform(
        "policy", pl.DataFrame([base | r for r in rows], schema_overrides=types, infer_schema_length=None)
    )


def charge(value, unit="CNY/t", quantity="CO2"):
    return {"policy": "carbon", "kind": "charge", "quantity": quantity, "value": value, "unit": unit}


def test_a_charge_moves_from_what_emits_to_what_does_not(case):
    made, _ = incentive(case, policy(charge(2000.0)))
    moves = made["incentive_move"].group_by("technology").agg(pl.col("change").sum())
    told = dict(moves.iter_rows())
    assert told["furnace"] <= 0
    assert told["coal_power"] < 0 or told["arc"] > 0
    last = made["incentive_revenue"].filter(pl.col("year") == max(case.years)).to_dicts()[0]
    assert 0 <= last["revenue"] < last["unmoved"]
    paid = made["incidence"].filter(pl.col("item") == "tax")
    assert paid["after"].sum() == pytest.approx(made["incentive_revenue"]["revenue"].sum(), rel=1e-6)


def test_who_moves_grows_with_the_charge(case):
    left = []
    for value in (1.0, 300.0, 1000.0, 3000.0):
        made, _ = incentive(case, policy(charge(value)))
        row = made["incentive_revenue"].filter(pl.col("year") == max(case.years)).to_dicts()[0]
        left.append(row["revenue"] / value)
    assert left == sorted(left, reverse=True), "emission falls as its price rises"


def test_a_weak_charge_moves_nobody_and_is_paid_all_the_same(case):
    made, found = incentive(case, policy(charge(1e-6)))
    assert [f.check for f in found] == ["policy_unmoved"]
    row = made["incentive_revenue"].to_dicts()[0]
    assert row["revenue"] == pytest.approx(row["unmoved"])


def test_units_are_read(case):
    one, _ = incentive(case, policy(charge(0.05, "CNY/kg")))
    other, _ = incentive(case, policy(charge(50.0)))
    assert one["incentive_revenue"]["revenue"].to_list() == pytest.approx(
        other["incentive_revenue"]["revenue"].to_list()
    )


def test_a_tariff_is_a_cliff_or_a_wedge(case):
    """The arc takes 0.5 MWh a tonne: 0.1 yuan/kWh on all of it are 50 yuan, on 100 kWh above 400 are 10."""
    tariff = {"policy": "tiers", "kind": "tariff", "technology": "arc", "flow": "electricity",
              "threshold": 400.0, "threshold_unit": "kWh/t", "value": 0.1, "unit": "CNY/kWh"}  # fmt: skip
    cliff, _ = incentive(case, policy(tariff))
    wedge, _ = incentive(case, policy(tariff | {"form": "wedge"}))
    below, _ = incentive(case, policy(tariff | {"threshold": 500.0}))
    for made, each in ((cliff, 50.0), (wedge, 10.0), (below, 0.0)):
        arc = (
            made["incentive_move"]
            .filter(pl.col("technology") == "arc")
            .group_by("year")
            .agg(pl.col("before", "after").sum())
        )
        revenue = made["incentive_revenue"].join(arc, on="year")
        assert revenue["unmoved"].to_list() == pytest.approx((revenue["before"] * each).to_list())
        assert revenue["revenue"].to_list() == pytest.approx((revenue["after"] * each).to_list())


def test_a_subsidy_is_spent_and_draws_what_it_is_paid_for(case):
    made, _ = incentive(
        case,
        policy(
            {"policy": "wind", "kind": "subsidy", "technology": "wind", "value": 500.0, "unit": "CNY/MWh"}
        ),
    )
    moves = dict(made["incentive_move"].group_by("technology").agg(pl.col("change").sum()).iter_rows())
    assert moves["wind"] > 0
    assert (made["incentive_revenue"]["revenue"] <= 0).all()


def test_a_price_is_paid_on_what_is_bought(case):
    made, _ = incentive(
        case, policy({"policy": "coal", "kind": "price", "flow": "coal", "value": 1e-3, "unit": "CNY/GJ"})
    )
    assert (made["incentive_revenue"]["revenue"] > 0).all()


@pytest.mark.parametrize(
    ("row", "check"),
    [
        ({"kind": "charge", "value": 1.0, "unit": "CNY/t"}, "policy_lacks"),
        ({"kind": "price", "value": 1.0, "unit": "CNY/t"}, "policy_lacks"),
        ({"kind": "subsidy", "value": 1.0, "unit": "CNY/t"}, "policy_lacks"),
        ({"kind": "tariff", "technology": "arc", "flow": "electricity", "value": 1.0, "unit": "CNY/kWh"},
         "policy_lacks"),
        ({"kind": "charge", "quantity": "unobtainium", "value": 1.0, "unit": "CNY/t"}, "policy_unknown"),
        ({"kind": "subsidy", "technology": "warp", "value": 1.0, "unit": "CNY/t"}, "policy_unknown"),
        ({"kind": "price", "flow": "steel", "value": 1.0, "unit": "CNY/t"}, "policy_not_bought"),
        ({"kind": "charge", "quantity": "CO2", "value": 1.0, "unit": "CNY/kWh"}, "policy_unit"),
        ({"kind": "subsidy", "technology": "arc", "value": 1.0, "unit": "CNY/MWh"}, "policy_unit"),
        ({"kind": "subsidy", "technology": "arc", "value": 1.0, "unit": "apples"}, "policy_unit"),
    ],
)  # fmt: skip
def test_a_policy_that_says_nothing_clear_is_refused(case, row, check):
    with pytest.raises(FindingError) as told:
        incentive(case, policy({"policy": "p"} | row))
    assert {f.check for f in told.value.findings} >= {check}
    for found in told.value.findings:
        assert all("{" not in found.message(lang) and found.next_step(lang) for lang in ("zh", "en"))


def test_no_policy_and_bands_that_meet_are_refused(case):
    band = {"policy": "t", "kind": "tariff", "technology": "arc", "flow": "electricity", "threshold": 400.0,
            "threshold_unit": "kWh/t", "value": 0.1, "unit": "CNY/kWh"}  # fmt: skip
    for rows, check in (((band, band | {"threshold": 0.4, "threshold_unit": "MWh/t"}), "policy_bands"),):
        with pytest.raises(FindingError) as told:
            incentive(case, policy(*rows))
        assert told.value.findings[0].check == check
    with pytest.raises(FindingError):
        incentive(case, policy(charge(1.0)).clear())
