import polars as pl

from tongyuan.ledger.table import from_rows
from tongyuan.report.zoning.cell import plain, shown


def test_cells_by_the_type_of_their_column():
    assert shown("verdict", "verdict", "zh")("refused") == "不予"
    assert shown("zone_contact", "share", "en")(0.25) == "25.0%"
    assert shown("remediation_route", "front", "en")(True) == "yes"
    assert shown("offset_use", "value", "en")(2.0) == "2 t"
    assert shown("verdict", "rules", "en")(12) == "12"
    assert shown("offset_use", "species", "zh")("NOx") == "氮氧化物 NOₓ"


def test_heads_come_from_the_schema():
    frame = from_rows("exit_rank", [{"unit": "U", "score": 0.5, "rank": 1, "rank_low": 1, "rank_high": 2}])
    block = plain("exit_rank", frame, ("unit", "score", "rank"), "caption", "en")
    assert [c.title for c in block.columns] == ["Unit", "Score", "Rank"]
    assert isinstance(frame, pl.DataFrame)
    assert block.rows == [["U", "0.5", "1"]]
