from tongyuan.flows.source import Inputs
from tongyuan.flows.step.track import STEP
from tongyuan.ledger.settings import Settings


def test_without_a_programme_the_targets_of_nation_and_region_are_tracked() -> None:
    settings = Settings(name="x", kind="province", region="山东省")
    made = STEP.run(Inputs(settings, {}), lambda _: None)
    assert {"national", "national_other", "shandong"} == set(made.tables["target_status"]["plan"])
    assert set(made.tables) == STEP.writes
