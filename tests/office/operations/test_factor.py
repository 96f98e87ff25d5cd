from __future__ import annotations

import polars as pl
import pytest
from tests.office.desk import Town

from tongyuan.office.operation import Refused
from tongyuan.reference.factors import library

pytestmark = pytest.mark.parametrize("kind", ["sqlite"])


def test_the_library_is_the_one_of_the_house(kind: str, made: Town) -> None:
    found = made.do("lin", "factor.search", words="水泥")
    assert isinstance(found, pl.DataFrame)
    assert found["factor"].to_list() == library.search("水泥")["record_id"].to_list() != []
    one = found["factor"][0]
    told = made.told("auditor", "factor.show", factor=one)
    assert told["value"] == library.show(one)["value"]
    assert told["source_title"] == library.show(one)["citation"]["title"]


def test_unverified_records_are_shown_when_asked_for(kind: str, made: Town) -> None:
    usual, every = (made.do("lin", "factor.search", unverified=flag) for flag in (False, True))
    assert isinstance(usual, pl.DataFrame)
    assert isinstance(every, pl.DataFrame)
    assert "unverified" not in usual["status"].to_list()
    assert every.height > usual.height


@pytest.mark.parametrize(
    ("name", "asked"),
    [
        ("factor.search", {"species": "phlogiston"}),
        ("factor.show", {"factor": "nonsense"}),
        ("factor.compare", {"process": "nonsense"}),
    ],
)
def test_what_stands_on_no_shelf_is_said(kind: str, made: Town, name: str, asked: dict[str, str]) -> None:
    with pytest.raises(Refused) as refused:
        made.do("lin", name, **asked)
    assert refused.value.status == 422
