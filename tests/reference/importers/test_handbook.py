from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from tongyuan.reference.importers import handbook

CELLS = (
    "3011", "水泥熟料", "石灰石", "新型干法", "≥4000吨/日", "氮氧化物", "1.584", "千克/吨-产品",
    "SCR", "80%", "k=t/T",
)  # fmt: skip
ROW = dict(zip(handbook.COLUMNS, CELLS, strict=True))


def filled(folder: Path, *rows: dict[str, str], name: str = "handbook.csv") -> Path:
    path = folder / name
    frame = pl.DataFrame([ROW | row for row in rows])
    if name.endswith(".xlsx"):
        frame.write_excel(path)
    else:
        path.write_bytes(frame.write_csv().encode("gb18030"))
    return path


@pytest.mark.parametrize("name", ["handbook.csv", "handbook.xlsx"])
def test_generation_factor_and_removal(tmp_path: Path, name: str) -> None:
    frame, issues = handbook.read(filled(tmp_path, {}, name=name))
    assert {i.check for i in issues} <= {"name_unknown"}
    factor, removal = frame.to_dicts()
    assert factor["kind"] == "generation_factor"
    assert factor["process"].startswith("industry.cement")
    assert (factor["species"], factor["value"], factor["unit"], factor["basis"]) == (
        "NOx",
        1.584,
        "千克/吨",
        "产品",
    )
    assert (removal["kind"], removal["value"], removal["note"]) == ("removal_efficiency", 0.8, "k = k=t/T")
    assert removal["control"] == "scr"


def test_faults_are_reported_together(tmp_path: Path) -> None:
    path = filled(tmp_path, {"单位": "箩筐"}, {"产污系数": "很多"}, {"污染物": "仙气"}, {"去除率η": "1.5"})
    _, issues = handbook.read(path)
    found = {i.check for i in issues}
    assert {"unit_unknown", "value_not_numeric", "species_unknown", "fraction_range"} <= found


def test_the_template_has_the_columns() -> None:
    assert handbook.template().columns == list(handbook.COLUMNS)
    assert handbook.template().height == 0
