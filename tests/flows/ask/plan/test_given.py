from __future__ import annotations

from dataclasses import replace

import pytest

from tongyuan.flows.ask.plan.given import given, given_of_tables, has_rate
from tongyuan.ledger.finding import FindingError
from tongyuan.pathway.example import steel


def test_tables_are_enough_and_what_lacks_is_said() -> None:
    case = steel()
    asked = given_of_tables(case.tables, case.settings)
    assert asked.case["target"].height == case["target"].height
    assert asked.evaluate is None
    with pytest.raises(FindingError) as caught:
        given_of_tables({k: v for k, v in case.tables.items() if k != "demand"}, case.settings, "x")
    assert [f.values["missing"] for f in caught.value.findings] == ["demand"]


def test_targets_that_are_not_asked_about_are_kept() -> None:
    case = steel()
    asked = given_of_tables(case.tables, case.settings)
    assert set(asked.kept) == set(case["target"]["family"]) - {"pollution", "carbon"}
    other = case["target"].with_columns(family=case["target"]["family"].replace("carbon", "resource"))
    changed = replace(case, tables={**case.tables, "target": other})
    assert "resource" in given_of_tables(changed.tables, case.settings).kept


def test_a_folder_of_tables_needs_a_rate(steelworks, tmp_path) -> None:
    assert not has_rate(steelworks)
    assert given(steelworks, discount_rate=0.08, base_year=None).case.settings.discount_rate == 0.08
    with pytest.raises(FileNotFoundError):
        given(tmp_path / "nowhere", discount_rate=0.05)
