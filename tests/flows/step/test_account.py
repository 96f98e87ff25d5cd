from pathlib import Path

import pytest

from tongyuan.flows.source import Inputs, open_workspace
from tongyuan.flows.step.account import STEP


def test_accounting_brings_the_emissions_of_the_workspace(minimal: Path) -> None:
    """100 x 10^4 t of raw coal burnt in power plants of the teaching example; see its tables."""
    workspace = open_workspace(minimal)
    told: list[str] = []
    made = STEP.run(Inputs(workspace.settings, workspace.tables), told.append)
    assert told == list(STEP.parts)
    assert set(made.tables) <= STEP.writes
    bought = made.tables["emission"].filter(process="energy.purchased_electricity", species="CO2")
    assert bought["value"].sum() == pytest.approx(34_190, rel=1e-9)
