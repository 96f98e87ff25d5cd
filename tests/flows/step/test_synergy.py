from tongyuan.flows.account.account import Account
from tongyuan.flows.source import Inputs
from tongyuan.flows.step.synergy import STEP
from tongyuan.ledger.workspace import Workspace


def test_the_change_and_the_score_are_made_of_the_inventory(province: Workspace, shandong: Account) -> None:
    read = {name: frame for name, frame in shandong.tables.items() if name in STEP.reads}
    made = STEP.run(Inputs(province.settings, {}, {}, read), lambda _: None)
    assert {"co_control", "lmdi", "score"} <= set(made.tables) <= STEP.writes
