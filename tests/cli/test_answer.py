import polars as pl

from tongyuan.cli.answer import give
from tongyuan.flows.ask import Answer
from tongyuan.ledger.table import conform


def test_columns_without_a_value_are_left_out_and_all_tables_are_written(capsys, tmp_path, monkeypatch):
    monkeypatch.setenv("TONGYUAN_LANGUAGE", "en")
    rates = pl.DataFrame({"region": ["370100"], "year": [2021], "first": ["a"], "second": ["b"],
                          "kind": ["same"], "within": ["370100"]})  # fmt: skip
    table = conform("region_overlap", rates)
    give(
        Answer({"region_overlap": table, "region_part": table.clear()}),
        tmp_path / "x.xlsx",
        ("region_overlap",),
    )
    told = capsys.readouterr().out
    assert "The same region" in told
    assert (tmp_path / "x.xlsx").stat().st_size > 3000
