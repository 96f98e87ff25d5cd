import hashlib

import polars as pl

from tongyuan.programme.evidence import evidence_of, fill_hashes, verify


def test_a_file_is_kept_by_its_hash(tmp_path):
    file = tmp_path / "报告.pdf"
    file.write_bytes(b"report")
    row = evidence_of(file, "E1", department="mee", note="n")
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
