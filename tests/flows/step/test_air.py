from tongyuan.flows.source import Inputs
from tongyuan.flows.step import steps
from tongyuan.flows.step.air import STEP
from tongyuan.ledger.workspace import Workspace


def test_the_air_of_the_example_province(province: Workspace) -> None:
    made = STEP.run(Inputs(province.settings, province.tables), lambda _: None)
    assert set(made.tables) == {"air_statistic", "air_index", "burden"}
    index = {(r["place"], r["year"]): r["index"] for r in made.tables["air_index"].iter_rows(named=True)}
    assert round(index["370000", 2021], 2) == 4.39


def test_it_stands_in_the_register() -> None:
    assert "air" in [step.name for step in steps()]
