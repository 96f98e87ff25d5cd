from __future__ import annotations

import polars as pl
import pytest
from pydantic import ValidationError

from tongyuan.ledger.table import PLACE
from tongyuan.pathway.case.case import Settings, draft, in_form
from tongyuan.pathway.example import steel


def test_settings_are_frozen_and_strict():
    with pytest.raises(ValidationError):
        Settings(discount_rate=0.05, discount=1)
    with pytest.raises(ValidationError):
        Settings()
    settings = Settings(discount_rate=0.05)
    with pytest.raises(ValidationError):
        settings.discount_rate = 0.1


def test_defaults_are_filled_in_and_texts_are_never_null():
    form = in_form("technology_option", pl.DataFrame({"technology": ["a"], "unit": ["t"], "capacity": [""]}))
    row = form.row(0, named=True)
    assert (row["node"], row["capacity"], row["availability"]) == ("", "tracked", 1.0)
    assert row["cost_capital"] is None


def test_a_period_without_weight_stands_for_the_years_to_the_next():
    case = draft({"period": pl.DataFrame({"year": [2025, 2030, 2040]})}, Settings(discount_rate=0.0))
    assert case["period"]["weight"].to_list() == [5.0, 10.0, 10.0]


def test_unknown_tables_are_refused():
    with pytest.raises(ValueError, match="wishes"):
        draft({"wishes": pl.DataFrame()}, Settings(discount_rate=0.0))


def test_places_are_kept_apart_from_the_data():
    frame = pl.DataFrame({"node": ["a"], PLACE: ["f.xlsx|节点|4"]})
    case = draft({"node": frame}, Settings(discount_rate=0.0))
    assert case.places["node"] == ["f.xlsx|节点|4"]
    assert PLACE not in case["node"].columns


def test_targets_are_chosen_by_family_or_name():
    case = steel()
    assert case.with_targets(("carbon",))["target"]["target"].to_list() == ["CO2_cap"]
    assert case.with_targets(names=[])["target"].is_empty()
    assert case["target"].height == 3
