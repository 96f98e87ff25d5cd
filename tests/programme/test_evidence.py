import hashlib
from pathlib import Path

import polars as pl

from tongyuan.ledger.run_set import sha256
from tongyuan.ledger.table import conform
from tongyuan.programme.evidence import fill_hashes, verify


def evidence_of(file: Path, evidence: str) -> pl.DataFrame:
    row = {"evidence": [evidence], "department": ["mee"], "file": [file.name], "sha256": [sha256(file)]}
    return conform("evidence", pl.DataFrame(row))


def test_a_file_is_kept_by_its_hash(tmp_path):
    file = tmp_path / "报告.pdf"
    file.write_bytes(b"report")
    row = evidence_of(file, "E1")
    assert row["sha256"][0] == hashlib.sha256(b"report").hexdigest()
    assert verify(row, tmp_path) == []
    file.write_bytes(b"changed")
    assert [f.check for f in verify(row, tmp_path)] == ["evidence_changed"]
    file.unlink()
    found = verify(row, tmp_path)
    assert [f.check for f in found] == ["evidence_absent"]
    assert "报告.pdf" in found[0].message("zh")


def test_hashes_are_filled_where_the_file_is(tmp_path):
    (tmp_path / "a.txt").write_text("a")
    rows = pl.concat([evidence_of(tmp_path / "a.txt", "E1")] * 2)
    rows = rows.with_columns(pl.Series("sha256", [None, "f" * 64]), pl.Series("file", ["a.txt", "a.txt"]))
    filled = fill_hashes(rows, tmp_path)
    assert filled["sha256"][0] == hashlib.sha256(b"a").hexdigest()
    assert filled["sha256"][1] == "f" * 64
    absent = fill_hashes(rows.with_columns(pl.lit("b.txt").alias("file")), tmp_path)
    assert absent["sha256"].to_list() == [None, "f" * 64]
    assert verify(rows.with_columns(pl.lit(None, dtype=pl.String).alias("file")), tmp_path) == []
