from __future__ import annotations

import pytest

from tongyuan.flows.ask.plan.quantity import (
    headed,
    objectives,
    quantities_of,
    scenario_activity,
    unit_of,
    worths,
)
from tongyuan.ledger.finding import FindingError
from tongyuan.pathway.example import steel


def test_quantities_are_species_groups_or_of_a_kind():
    asked = objectives(steel(), ["NOx", "CO2e", "activity:arc", "cost:utility", "NOx"])
    assert asked == [("emission", "NOx"), ("emission", "CO2e"), ("activity", "arc"), ("cost", "utility")]


def test_every_unknown_quantity_is_said():
    with pytest.raises(FindingError) as caught:
        objectives(steel(), ["XYZ", "moon:NOx", "activity:sun"])
    assert [f.values["text"] for f in caught.value.findings] == ["XYZ", "moon:NOx", "activity:sun"]
    assert "wind" in caught.value.findings[2].values["known"]


def test_worth_is_positive():
    assert worths(steel(), ["NOx=8000", "CO2e=1"]) == {("emission", "NOx"): 8000.0, ("emission", "CO2e"): 1.0}


def test_a_control_option_is_adopted_too():
    told = scenario_activity(steel(), [], ["coal_power:coal_power/scr:2030=0.5"])
    year = told["adopted"].filter((told["adopted"]["year"] == 2030) & (told["adopted"]["control"] == "scr"))
    assert year["value"].sum() == pytest.approx(7e4)
    with pytest.raises(FindingError, match="control_option"):
        scenario_activity(steel(), [], ["coal_power:coal_power/magic:2030=0.5"])


@pytest.mark.parametrize(
    ("objective", "unit"),
    [
        (("emission", "NOx"), "t"), (("emission", "CO2e"), "t"), (("activity", "wind"), "MWh"),
        (("capacity", "wind"), "MW"), (("purchase", "coal"), "GJ"), (("cost", "total"), "CNY"),
        (("emission", "nobody"), ""),
    ],
)  # fmt: skip
def test_every_quantity_has_the_unit_it_is_counted_in(objective, unit):
    assert unit_of(steel(), objective) == unit


def test_heads_carry_the_unit_and_targets_their_species():
    assert headed(steel(), ("cost", "total"), "Cost") == "Cost, CNY"
    assert quantities_of(steel()) == ["NOx", "CO2"]
