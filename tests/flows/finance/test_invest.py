import polars as pl
import pytest
from tests.finance.appraisal.test_tables import CUT, FLOW, INVESTMENT
from tests.flows.impact.test_air import Brought

from tongyuan.flows.finance.invest import invest
from tongyuan.ledger.finding import FindingError
from tongyuan.ledger.settings import Settings
from tongyuan.ledger.table import conform

CUTS = conform("project_reduction", CUT)
PRICED = Settings.model_validate(
    {"name": "X", "kind": "city", "finance": {"carbon_price": 95, "equivalent_price": 6, "budget": 4e7}}
)


def brought(settings=PRICED, **more):
    return Brought({"investment": INVESTMENT, "cash_flow": FLOW, "project_reduction": CUTS, **more}, settings)


def test_projects_are_appraised_and_a_budget_chooses():
    made, found = invest(brought())
    assert set(made) == {"appraisal", "appraisal_payer", "portfolio"}
    assert made["portfolio"]["chosen"].to_list() == [True]
    assert [f.check for f in found] == ["many_rates"]
    assert "25.00%" in found[0].message("en")


def test_ten_thousand_yuan_are_read_as_such():
    scaled = FLOW.with_columns(pl.col("value") / 1e4, unit=pl.lit("万元"))
    whole, _ = invest(brought())
    other, _ = invest(brought(cash_flow=scaled))
    assert other["appraisal"]["net_present_value"].to_list() == pytest.approx(
        whole["appraisal"]["net_present_value"].to_list()
    )


@pytest.mark.parametrize(
    ("table", "frame", "check"),
    [
        ("cash_flow", FLOW.with_columns(unit=pl.lit("t")), "flow_unit"),
        ("project_reduction", CUTS.with_columns(unit=pl.lit("kWh")), "cut_unit"),
        ("cash_flow", FLOW.with_columns(year_to=pl.lit(2000)), "span_turned"),
    ],
)
def test_what_cannot_be_counted_is_refused(table, frame, check):
    with pytest.raises(FindingError) as told:
        invest(brought(**{table: frame}))
    assert {f.check for f in told.value.findings} == {check}


def test_projects_that_lack_something_are_named():
    more = pl.concat([INVESTMENT, INVESTMENT.head(1).with_columns(project=pl.lit("idle"))])
    strange = pl.concat([CUTS, CUTS.head(1).with_columns(project=pl.lit("ghost"))])
    short = more.with_columns(lifetime=pl.lit(3))
    _, found = invest(brought(Settings(name="X", kind="city"), investment=short, project_reduction=strange))
    told = {f.check: f.message("en") for f in found}
    assert set(told) == {"project_unknown", "no_flow", "many_rates", "beyond_life", "no_prices"}
    assert "ghost" in told["project_unknown"]
    assert "idle" in told["no_flow"]


def test_a_budget_no_bundle_fits_into_is_said():
    tied = INVESTMENT.with_columns(bundle=pl.lit("b"))
    both = pl.concat(
        [FLOW, FLOW.filter(pl.col("payer") == "government").with_columns(project=pl.lit("pump"))]
    )
    settings = PRICED.model_copy(update={"finance": PRICED.finance.model_copy(update={"budget": 5e7})})
    made, _ = invest(brought(settings, investment=tied, cash_flow=both))
    assert made["portfolio"]["chosen"].to_list() == [False, False]


def test_claims_beyond_what_a_plant_made_are_named():
    supply = conform("green_supply", pl.DataFrame({"plant": ["W"], "year": [2025], "amount": [10.0]}))
    claims = conform(
        "green_claim",
        pl.DataFrame(
            {
                "claim": ["a", "b"],
                "plant": ["W", "W"],
                "year": [2025, 2025],
                "day": ["2025-03-01", "2025-02-01"],
                "kind": ["certificate", "green_power"],
                "claimant": ["mall", None],
                "amount": [6.0, 7.5],
            }
        ).with_columns(pl.col("day").str.to_date()),
    )
    made, found = invest(Brought({"green_supply": supply, "green_claim": claims}))
    held = {r["claim"]: r["allowed"] for r in made["green_claim_state"].iter_rows(named=True)}
    assert held == {"a": 2.5, "b": 7.5}
    assert "3.5 MWh of a (mall)" in found[0].message("en")


def test_flows_without_a_list_of_projects_are_named_not_passed_over():
    made, found = invest(Brought({"cash_flow": FLOW, "project_reduction": CUTS}, PRICED))
    assert not made
    assert [f.check for f in found] == ["project_unknown", "project_unknown"]


def test_a_project_that_only_pays_has_no_rate():
    paid = FLOW.filter(pl.col("item") == "operation")
    _, found = invest(brought(cash_flow=paid, investment=INVESTMENT.head(1)))
    assert [f.check for f in found] == ["no_rate"]
