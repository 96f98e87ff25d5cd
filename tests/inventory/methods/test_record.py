from __future__ import annotations

from tongyuan.inventory.methods.record import records
from tongyuan.ledger.table import empty
from tongyuan.reference.method.parameter import parameters, topics


def test_every_coefficient_can_be_shown_as_a_record_with_its_citation() -> None:
    ids = [entry.id for topic in topics() for entry in parameters(topic).values()]
    frame = records(ids)
    assert sorted(frame["record_id"]) == sorted(ids)
    assert frame.schema == empty("factor").schema
    assert (frame["source"] != "").all()
    assert (frame["locator"] != "").all()


def test_a_grid_factor_is_a_record_too() -> None:
    frame = records(["370000:average:2021"])
    assert frame["value"].to_list() == [0.6838]
    assert frame["species"].to_list() == ["CO2"]


def test_values_of_the_users_own_have_no_record() -> None:
    assert records(["livestock:1.days"]).is_empty()
    assert records([]).schema == empty("factor").schema
