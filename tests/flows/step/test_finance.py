from tests.finance.appraisal.test_tables import FLOW, INVESTMENT
from tests.finance.credit.test_ledger import acts
from tests.flows.finance.test_invest import PRICED

from tongyuan.flows.source import Inputs
from tongyuan.flows.step import steps
from tongyuan.flows.step.finance import STEP
from tongyuan.ledger.table import conform


def test_projects_and_acts_of_a_workspace():
    tables = {
        "investment": INVESTMENT,
        "cash_flow": FLOW,
        "public_act": conform("public_act", acts(("a", "u", 0, "bus", 1.0))),
    }
    made = STEP.run(Inputs(PRICED, tables), lambda _: None)
    assert set(made.tables) == {
        "appraisal",
        "investment_check",
        "appraisal_payer",
        "portfolio",
        "public_credit",
        "public_account",
    }
    assert set(made.tables) <= STEP.writes
    assert {"many_rates", "acts_left"} <= {f.check for f in made.findings}


def test_it_stands_in_the_register():
    assert "finance" in [step.name for step in steps()]
