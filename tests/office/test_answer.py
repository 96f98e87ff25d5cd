from __future__ import annotations

import polars as pl
import pytest

from tongyuan.office.answer import one_table
from tongyuan.office.operation import Refused


def test_the_table_that_is_asked_for_has_its_lists() -> None:
    made = {"emission": pl.DataFrame({"species": ["SO2"], "control": ["fgd+esp"]})}
    assert one_table(made, "emission").rows() == [("SO2", ["fgd", "esp"])]


def test_a_table_that_was_not_made_is_not_there() -> None:
    with pytest.raises(Refused) as raised:
        one_table({}, "emission")
    assert raised.value.status == 404
    assert [f.values["name"] for f in raised.value.findings] == ["emission"]
