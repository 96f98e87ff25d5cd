from __future__ import annotations

from pathlib import Path

from tongyuan.reference.energy import fuels
from tongyuan.reference.importers import records


def test_records_return(tmp_path: Path) -> None:
    path = tmp_path / "own.csv"
    written = fuels.combustion_factors("C")
    written.write_csv(path)
    frame, issues = records.read(path)
    assert issues == ()
    assert frame.equals(written)


def test_bad_cells_are_named(tmp_path: Path) -> None:
    path = tmp_path / "own.csv"
    head = "record_id,kind,process,region,species,value,unit,status,source,locator\n"
    path.write_text(
        head
        + "a,emission_factor,energy.power,CN,SO2,many,kg/t,measured,me,p. 1\n"
        + "b,emission_factor,energy.power,CN,SO2,,kg/t,measured,me,p. 1\n"
        + "c,emission_factor,energy.power,CN,SO2,1,kg/t,measured,,p. 1\n",
        "utf-8",
    )
    frame, issues = records.read(path)
    assert [(i.check, i.record, i.row) for i in issues] == [
        ("value_not_numeric", "a", 2),
        ("value_missing", "b", 3),
        ("source_missing", "c", None),
    ]
    assert frame["status"].to_list() == ["unverified"]
