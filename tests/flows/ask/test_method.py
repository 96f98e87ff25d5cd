"""Methods of both rooms by one name each."""

from __future__ import annotations

import pytest

from tongyuan.flows.ask.method import method, methods
from tongyuan.ledger.finding import FindingError


def test_every_name_gives_its_function_once() -> None:
    table = methods()
    assert table["name"].is_unique().all()
    assert set(table["room"]) == {"inventory", "synergy"}
    for name in table["name"]:
        assert callable(method(name))


def test_a_name_that_is_not_there_lists_those_that_are() -> None:
    with pytest.raises(FindingError, match=r"coupling\.modified"):
        method("coupling.modfied")
