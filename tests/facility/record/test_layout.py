"""Exports of monitoring platforms in the layouts that are common, and what may be wrong with them."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest

from tongyuan.facility.record.layout import Field, field_of, layout_readings


@pytest.mark.parametrize(
    ("text", "field"),
    [
        ("二氧化硫折算值(mg/m3)", Field("a21026", "converted", "mg/m3")),
        ("SO2-实测浓度（mg/m³）", Field("a21026", "value", "mg/m³")),
        ("a21026-ZsAvg", Field("a21026", "converted", "")),
        ("a21002-Avg", Field("a21002", "value", "")),
        ("颗粒物 排放量（kg）", Field("a34013", "mass", "kg")),
        ("氧含量(%)", Field("a19001", "value", "%")),
        ("烟气流量(m3/h)", Field("a00000", "value", "m3/h")),
        ("COD（mg/L）", Field("w01018", "value", "mg/L")),
        ("NOx标记", Field("a21002", "flag", "")),
        ("NOx（lb/h）", Field("a21002", "mass", "lb/h")),
        ("SO2排放速率(kg/h)", Field("a21026", "mass", "kg/h")),
        ("烟气流量(kg/h)", Field("a00000", "value", "kg/h")),
        ("备注", None),
    ],
)
def test_headers_name_factor_figure_and_unit(text: str, field: Field | None) -> None:
    assert field_of(text) == field


def write(folder: Path, text: str, name: str = "a.csv") -> Path:
    (folder / name).write_text(text, "utf-8")
    return folder / name


def test_one_header_with_everything(tmp_path: Path) -> None:
    text = (
        "监测时间,二氧化硫实测值(mg/m3),二氧化硫折算值(mg/m3),二氧化硫排放量(kg),氧含量(%),烟气流量(万m3/h)\n"
        "2026-01-01 00:00,17.9,15.7,2.15,4.1,12\n2026-01-01 01:00,18.0,,,4.2,12\n"
    )
    got, wrong = layout_readings(write(tmp_path, text), "E1", "DA001")
    assert wrong == []
    so2 = got.filter(parameter="a21026")
    assert so2["value"].to_list() == [17.9, 18.0]
    assert so2["converted"].to_list() == [15.7, None]
    assert so2["mass"].to_list() == [2.15, None]
    assert so2["hour"].to_list() == [datetime(2026, 1, 1), datetime(2026, 1, 1, 1)]
    assert got.filter(parameter="a00000")["value"].to_list() == pytest.approx([120_000.0] * 2)
    assert set(got["flag"]) == {"N"}


def test_factors_above_their_figures_and_a_title(tmp_path: Path) -> None:
    text = (
        "某厂小时数据,,,,,\n排放口,时间,二氧化硫,,氮氧化物,\n,,实测值(mg/m3),折算值(mg/m3),实测值(mg/m3),标记\n"
        "DA001,2026年1月1日 8时,10,9,30,N\nDA002,2026年1月1日 8时,11,10,31,M\n"
    )
    got, wrong = layout_readings(write(tmp_path, text), "E1")
    assert [f.check for f in wrong] == []
    assert got.filter(parameter="a21026", outlet="DA002")["converted"].to_list() == [10.0]
    assert got.filter(parameter="a21002")["flag"].to_list() == ["N", "M"]


def test_masses_are_in_the_unit_of_their_header(tmp_path: Path) -> None:
    text = (
        "时间,SO2排放量(t),NOx排放量（g）,颗粒物排放量,CO排放量(kg/h),烟气流量排放量(万m3),汞排放量(mg/m3)\n"
        "2026-01-01 00:00,0.002,2500,0.5,3,12,7\n"
    )
    got, wrong = layout_readings(write(tmp_path, text), "E1", "DA001")
    mass = dict(got.select("parameter", "mass").iter_rows())
    assert mass == {
        "a21026": pytest.approx(2.0),
        "a21002": pytest.approx(2.5),
        "a34013": 0.5,
        "a21005": pytest.approx(3.0),
        "a00000": pytest.approx(120_000.0),
    }
    assert [(f.check, f.column, f.values["unit"]) for f in wrong] == [("layout_unit", "G", "mg/m3")]


def test_units_of_other_countries_are_brought_to_ours(tmp_path: Path) -> None:
    """Worked by hand: (320 − 32) / 1.8 °C; 14.7 × 6.894757 kPa; 4,200 ft/min × 0.3048 / 60 m/s; 1e6 ft3/h ×
    0.028316846592 m3; 1e-5 lb/ft3 = 4,535.9237 mg / 0.028316846592 m3; 443.767 lb × 0.45359237 kg."""
    text = (
        "时间,烟温(℉),烟气压力(psi),烟气流速(ft/min),烟气流量(ft3/h),SO2(lb/ft3),NOx(lb/h)\n"
        "2000-01-01 00:00,320,14.7,4200,1000000,0.00001,443.767\n"
    )
    got, wrong = layout_readings(write(tmp_path, text), "E1", "DA001")
    assert wrong == []
    told = {row["parameter"]: row["value"] or row["mass"] for row in got.to_dicts()}
    assert told == {
        "a01012": pytest.approx(160.0),
        "a01013": pytest.approx(101.3529279),
        "a01011": pytest.approx(21.336),
        "a00000": pytest.approx(28_316.846592),
        "a21026": pytest.approx(160.184634, abs=1e-6),
        "a21002": pytest.approx(201.289325, abs=1e-6),
    }


@pytest.mark.parametrize(("unit", "value"), [("℃", 150.0), ("°C", 150.0), ("K", -123.15), ("", 150.0)])
def test_temperatures_have_an_offset(tmp_path: Path, unit: str, value: float) -> None:
    got, wrong = layout_readings(write(tmp_path, f"时间,烟温({unit})\n2026-01-01 00:00,150\n"), "E1", "D")
    assert (got["value"].to_list(), wrong) == ([pytest.approx(value)], [])


@pytest.mark.parametrize(
    "head", ["SO2(ppm)", "NOx(lb/MMBtu)", "烟气流量(scfh)", "烟温(kPa)", "烟气流量(t/h)"]
)
def test_units_that_need_more_than_a_number_are_refused(tmp_path: Path, head: str) -> None:
    """Parts per million need the gas, a rate per heat the fuel, a standard cubic foot its temperature."""
    got, wrong = layout_readings(write(tmp_path, f"时间,{head}\n2026-01-01 00:00,1\n"), "E1", "DA001")
    assert got.is_empty()
    assert [(f.check, f.column) for f in wrong] == [("layout_unit", "B")]


def test_the_unit_of_a_concentration_is_not_that_of_the_mass_below_it(tmp_path: Path) -> None:
    text = (
        "时间,二氧化硫(mg/m3),,,氮氧化物(mg/m3),\n,实测值,排放量,标记,排放量(t),折算值\n"
        "2026-01-01 00:00,10,2.5,N,0.001,30\n"
    )
    got, wrong = layout_readings(write(tmp_path, text), "E1", "DA001")
    assert wrong == []
    assert got.select("parameter", "value", "converted", "mass").rows() == [
        ("a21026", 10.0, None, 2.5),
        ("a21002", None, 30.0, pytest.approx(1.0)),
    ]


HOURS = """3,1,000101,0,1,60,-9,443.767,0.73,700.715,607.9,-9
3,1,000101,1,1,60,-9,447.144,0.744,692.329,601,-9
3,1,000101,8,1,129,-9,749.474,0.652,1373.277,1149.5,-9
880023,K3,000117,6,1,-9,257,40.8,0.134,-9,304.7,-9
"""
"""Real hours of two boilers of January 2000: CEMpthour.txt (Commons/test/data/other) of USEPA/emf, public
domain; masses in lb, heat in MMBtu, -9 for what was not measured."""
HOURS_HEAD = (
    "ORISPL_CODE,UNITID,OP_DATE,OP_HOUR,OP_TIME,GLOAD,SLOAD,NOX_MASS,NOX_RATE,SO2_MASS,HEAT_INPUT,FLOW\n"
)


def test_hours_of_another_country_are_refused_as_they_are(tmp_path: Path) -> None:
    got, wrong = layout_readings(write(tmp_path, HOURS_HEAD + HOURS), "E1", "DA001")
    assert got.is_empty()
    assert [(f.check, f.file) for f in wrong] == [("layout_no_time", "a.csv")]


def test_real_hours_under_our_headers_are_kilograms(tmp_path: Path) -> None:
    rows = [line.split(",") for line in HOURS.splitlines()]
    text = "排放口,时间,NOx(lb),SO2排放量(lb)\n" + "".join(
        f"{plant}-{unit},20{day[:2]}-{day[2:4]}-{day[4:]} {hour}:00,{nox},{so2.replace('-9', '')}\n"
        for plant, unit, day, hour, *_, nox, _, so2, _, _ in rows
    )
    got, wrong = layout_readings(write(tmp_path, text), "E1")
    assert wrong == []
    nox = got.filter(parameter="a21002")
    assert nox["mass"].to_list() == pytest.approx([201.289325, 202.821107, 339.955688, 18.506569], abs=1e-6)
    assert got.filter(parameter="a21026")["mass"].to_list() == pytest.approx(
        [317.838978, 314.035152, 622.907969], abs=1e-6
    )
    for row, kilograms in zip(rows[:3], nox["mass"], strict=False):
        assert kilograms / 0.45359237 == pytest.approx(float(row[8]) * float(row[10]), rel=2e-3)


HEAD = "时间,SO2(mg/m3)\n"
BAD = {
    "empty": ("", "file_empty"),
    "no time": ("SO2(mg/m3),NOx\n1,2\n", "layout_no_time"),
    "an unknown column": ("时间,SO2(mg/m3),天气\n2026-01-01 00:00,1,晴\n", "layout_column"),
    "a unit of another kind": ("时间,SO2(kWh)\n2026-01-01 00:00,1\n", "layout_unit"),
    "words for a number": (f"{HEAD}2026-01-01 00:00,故障\n", "not_a_number"),
    "an error of a spreadsheet": (f"{HEAD}2026-01-01 00:00,#DIV/0!\n", "excel_error"),
    "not finite": (f"{HEAD}2026-01-01 00:00,inf\n", "not_finite"),
    "a date in the figure": (f"{HEAD}2026-01-01 00:00,2026-01-01\n", "date_in_number"),
    "a time that is none": (f"{HEAD}2026-02-30 00:00,1\n", "not_a_datetime"),
    "25 o'clock": (f"{HEAD}2026-01-01 25:00,1\n", "not_a_datetime"),
    "minutes": (f"{HEAD}2026-01-01 00:10,1\n", "layout_not_an_hour"),
    "an hour twice": (f"{HEAD}2026-01-01 00:00,1\n2026-01-01 00:00,2\n", "layout_twice"),
    "a flag that is none": ("时间,SO2(mg/m3),SO2标记\n2026-01-01 00:00,1,Q\n", "unknown_choice"),
    "another encoding, damaged": ("时间", "encoding_damaged"),
    "figures without a time": (f"{HEAD}2026-01-01 00:00,1\n,2\n", "layout_when"),
    "figures without an outlet": (
        "排放口,时间,SO2(mg/m3)\nDA001,2026-01-01 00:00,1\n,2026-01-01 01:00,2\n",
        "layout_where",
    ),
    "a line that ran into the next": (f"{HEAD}2026-01-01 00:00,1001,2026-01-01 01:00,2\n", "layout_no_head"),
}


@pytest.mark.parametrize("name", sorted(BAD))
def test_what_is_wrong_is_named_at_its_cell(tmp_path: Path, name: str) -> None:
    text, check = BAD[name]
    path = write(tmp_path, text)
    if name == "another encoding, damaged":
        path.write_bytes("时间,SO2(mg/m3)\n2026-01-01 00:00,1\n".encode()[:-3] + b"\xff\xfe\x00\xd8")
    _, wrong = layout_readings(path, "E1", "DA001")
    found = [f.check for f in wrong]
    assert check in found or (name == "another encoding, damaged" and wrong), found
    for one in wrong:
        assert one.file == "a.csv"
        assert one.message("zh")
        assert one.next_step("en")


def test_an_export_without_outlets_needs_one(tmp_path: Path) -> None:
    path = write(tmp_path, f"{HEAD}2026-01-01 00:00,1\n")
    got, wrong = layout_readings(path, "E1")
    assert got.is_empty()
    assert [f.check for f in wrong] == ["layout_no_outlet"]


def test_midnight_at_the_end_of_a_day_is_the_next_day(tmp_path: Path) -> None:
    got, _ = layout_readings(write(tmp_path, f"{HEAD}2026-01-01 24:00,1\n"), "E1", "DA001")
    assert got["hour"].to_list() == [datetime(2026, 1, 2)]
