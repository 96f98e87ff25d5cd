"""Tables of projects, green power and public credits as a run makes them."""

import polars as pl
from tests.finance.appraisal.test_tables import CUT, FLOW, INVESTMENT
from tests.finance.credit.test_ledger import METHOD, acts

from tongyuan.finance.appraisal.tables import appraise, choose, government_money, reductions, yearly
from tongyuan.finance.credit.ledger import balances, chain, issue_credits, statistics
from tongyuan.ledger.table import conform, empty, from_rows


def projects() -> dict[str, pl.DataFrame]:
    """Return a boiler that needs money of the government, and a pump whose flow has two rates."""
    flow, falls = yearly(FLOW), reductions(CUT, "AR5")
    appraisal, payers = appraise(INVESTMENT, flow, falls, rate=0.08, carbon_price=95, equivalent_price=6)
    state = {"claim": "C3", "plant": "W01", "year": 2025, "kind": "own_use", "amount": 2000.0}
    green = {
        "product": "G2",
        "indicator": "VOC",
        "title": "示例涂料",
        "value": 40.0,
        "limit": 50.0,
        "unit": "g/L",
        "margin": 0.2,
        "limit_state": "fits",
        "certificate_state": "fails",
        "state": "fails",
    }
    return {
        "green_product_state": from_rows("green_product_state", [green]),
        "appraisal": appraisal,
        "appraisal_payer": payers,
        "portfolio": choose(INVESTMENT, falls, government_money(flow, 0.08), 5e7, 95, 6),
        "green_claim_state": from_rows("green_claim_state", [state | {"allowed": 1000.0, "refused": 1000.0}]),
    }


def public() -> dict[str, pl.DataFrame]:
    """Return what twelve persons were credited with for a way by metro each."""
    credit = issue_credits(acts(*[(f"k{n}", f"u{n}", n, "metro", 20.0) for n in range(12)]), METHOD)
    return {
        "public_credit": conform("public_credit", chain(credit)),
        "public_account": conform("public_account", balances(credit, empty("public_retirement"))),
        "public_statistic": conform("public_statistic", statistics(credit, ["method", "behaviour"])),
    }
