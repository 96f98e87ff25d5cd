from dataclasses import replace

import polars as pl
import pytest

from tongyuan.ledger.table import conform
from tongyuan.pathway.draft.draft import CARBON, POLLUTION, finish, start, with_typed


def test_sources_first_then_what_their_emissions_allow(ground) -> None:
    begun = start(ground)
    assert not begun.of("control_option")
    assert begun.base["electricity"] > 0.0
    row = {"technology": "industry_combustion-raw_coal", "species": ["CO2", "NOx"], "value": [90.0, 0.15],
           "unit": "t/TJ"}  # fmt: skip
    tables = finish(ground, begun, conform("emission_coefficient", pl.DataFrame(row))).tables()
    members = tables["quantity_member"]
    assert set(members.filter(pl.col("quantity") == CARBON)["member"]) == {"CO2"}
    nox = members.filter(pl.col("quantity") == POLLUTION)
    assert nox["weight"].to_list() == pytest.approx([1000 / 0.95])  # Environmental Tax Law, annex
    assert tables["plan_origin"].height == sum(f.height for n, f in tables.items() if n != "plan_origin")


def test_flows_with_a_shape_of_the_user_are_balanced_by_slice(ground) -> None:
    shape = conform("demand_slice", pl.DataFrame({"flow": "electricity", "slice": ["day", "night"],
                                                  "share": [0.6, 0.4]}))  # fmt: skip
    tables = start(ground).tables()
    made = with_typed(tables, replace(ground, typed={**ground.typed, "demand_slice": shape}))
    balanced = dict(made["flow"].select("flow", "balance_time").iter_rows())
    assert balanced["electricity"] == "slice"
    assert {v for k, v in balanced.items() if k != "electricity"} <= {None, "year"}
    assert made["demand_slice"].height == 2


def test_sources_without_service_and_services_without_alternative_are_named(ground) -> None:
    begun = start(ground)
    row = {"technology": "industry_combustion-raw_coal", "species": ["NOx"], "value": [0.15], "unit": "t/TJ"}
    notes = finish(ground, begun, conform("emission_coefficient", pl.DataFrame(row))).tables()["plan_note"]
    said = {r["subject"]: r["sentence_en"] for r in notes.filter(pl.col("kind") == "missing").to_dicts()}
    own = [r for r in begun.of("technology_flow") if r["flow"].startswith("own:")]
    assert bool(own) == ("draft_no_service" in said)
    assert all(f"{len(own)} sources" in text for key, text in said.items() if key == "draft_no_service")
    assert "draft_no_alternative" in said or "draft_no_service" in said
