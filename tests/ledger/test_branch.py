"""A branch is frozen and strict, and names on shelves are read in both languages."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from tongyuan.ledger.branch import AccountSettings, FacilitySettings, on_shelf


def test_a_branch_refuses_what_it_does_not_know_and_cannot_be_changed() -> None:
    with pytest.raises(ValidationError):
        FacilitySettings.model_validate({"guides": ["power_2026"]})
    settings = FacilitySettings(guide=("power_2026",))
    with pytest.raises(ValidationError):
        settings.guide = ()  # type: ignore[misc]


def test_values_of_shelves() -> None:
    assert "AR6" in on_shelf("gwp_set")
    assert on_shelf("grid_variant") == ("average", "excluding_traded", "fossil", "ets")
    assert AccountSettings(fuel_set="ets_2025").fuel_set == "ets_2025"
