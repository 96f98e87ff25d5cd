from __future__ import annotations

import polars as pl

from tongyuan.pathway.case.encode import codes, resolve
from tongyuan.pathway.example import steel


def test_every_name_has_a_code_and_code_zero_is_empty():
    names = codes(steel())
    assert names.node == ["", "north", "south"]
    assert names.control[0] == ""
    assert set(names.control[1:]) == {"scr", "fgd_scr"}
    frame = names.frame(pl.DataFrame({"node": ["south", ""], "year": [2030, None]}))
    assert frame.rows() == [(2, 2), (0, 0)] or frame.select("n", "t").rows() == [(2, 2), (0, 0)]


def test_the_most_specific_row_is_joined_once():
    domain = pl.DataFrame({"i": [0, 1, 2], "n": [1, 1, 2], "t": [1, 2, 1], "k": [7, 7, 7]})
    rows = pl.DataFrame({"k": [7, 7, 7], "n": [0, 1, 1], "t": [0, 0, 2], "value": ["all", "node", "both"]})
    found = resolve(domain, rows, ["k"]).sort("i")
    assert found["value"].to_list() == ["node", "both", "all"]


def test_rows_that_hold_nowhere_leave_the_domain_unmatched():
    domain = pl.DataFrame({"i": [0], "n": [1], "t": [1], "k": [7]})
    rows = pl.DataFrame({"k": [8], "n": [0], "t": [0], "value": [1.0]})
    assert resolve(domain, rows, ["k"]).is_empty()
    assert "value" in resolve(domain, rows.clear(), ["k"]).columns
