from datetime import date

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
    assert set(made) == {"appraisal", "appraisal_payer", "investment_check", "portfolio"}
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


def doubted(**more):
    row = {
        "item": ["energy"],
        "law": ["normal"],
        "lower": [0.8],
        "upper": [1.2],
        "source": ["made up"],
        **more,
    }
    return conform("appraisal_doubt", pl.DataFrame(row))


def test_doubt_gives_a_range_around_the_value():
    made, _ = invest(brought(appraisal_doubt=doubted()))
    worth = dict(made["appraisal"].select("project", "net_present_value").iter_rows())
    for row in made["appraisal_range"].to_dicts():
        assert row["lower"] <= row["median"] <= row["upper"]
        assert row["lower"] <= worth[row["project"]] + 1e-6
    _, found = invest(brought(appraisal_doubt=doubted(project=["ghost"])))
    assert "project_unknown" in [f.check for f in found]


@pytest.mark.parametrize(
    ("law", "lower", "upper"),
    [("normal", 1.2, 0.8), ("lognormal", 0.0, 1.2), ("triangular", 1.1, 1.2), ("uniform", 2.0, 1.0)],
)
def test_bounds_that_do_not_suit_are_refused(law, lower, upper):
    with pytest.raises(FindingError) as told:
        invest(brought(appraisal_doubt=doubted(law=[law], lower=[lower], upper=[upper])))
    (found,) = told.value.findings
    assert found.check == "doubt_bounds"
    assert all("{" not in found.message(lang) and found.next_step(lang) for lang in ("zh", "en"))


def test_what_fails_the_screening_is_named():
    """The boiler's tonnes on 10 MWh of power are no baseline, and it is bound by law."""
    asked = INVESTMENT.with_columns(
        credited=pl.lit(True), duty=pl.lit(True), market=pl.lit(True), begun=pl.date(2010, 1, 1),
        output=pl.lit(10.0), plant=pl.lit("W"), region=pl.lit("370000"), category=pl.lit("none"),
    )  # fmt: skip
    catalogue = pl.DataFrame(
        {"catalogue": ["c"], "category": ["wind"], "status": ["listed"], "document": ["d"]}
    )
    claims = pl.DataFrame({"claim": ["a"], "plant": ["W"], "year": [2025], "kind": ["certificate"],
                           "amount": [6.0]})  # fmt: skip
    _, found = invest(
        brought(investment=asked, project_catalogue=conform("project_catalogue", catalogue),
                green_claim=conform("green_claim", claims.with_columns(day=pl.date(2025, 1, 1))))
    )  # fmt: skip
    told = {f.check for f in found}
    assert {"screen_catalogue", "screen_credit_begun", "screen_credit_market", "screen_credit_duty",
            "screen_double_claim", "screen_baseline"} <= told  # fmt: skip
    for one in found:
        assert all("{" not in one.message(lang) for lang in ("zh", "en"))


def test_products_sold_as_green_are_looked_at_and_named():
    row = {
        "product": "G",
        "indicator": "energy",
        "document": "made up",
        "day": date(2026, 3, 1),
        "limit": 100.0,
        "unit": "kgce/t",
        "source": "made up",
        "certificate": "C",
        "issued": date(2025, 1, 1),
        "expires": date(2027, 1, 1),
        "value": 90.0,
    }
    rows = [row, row | {"product": "H", "value": 101.0}, row | {"product": "K", "certificate": None}]
    table = conform("green_product", pl.DataFrame(rows))
    made, found = invest(brought(PRICED, green_product=table))
    assert made["green_product_state"]["state"].to_list() == ["fits", "fails", "not_known"]
    assert {f.check for f in found} - {"many_rates"} == {"green_fails", "green_unknown"}
    turned = table.with_columns(expires=pl.lit(date(2024, 1, 1)))
    with pytest.raises(FindingError, match="G"):
        invest(brought(PRICED, green_product=turned))
