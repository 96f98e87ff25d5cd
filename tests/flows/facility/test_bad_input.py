"""Malformed tables of monitoring and ledgers: each is said at its place, none ends in a traceback."""

from __future__ import annotations

from pathlib import Path

import pytest

from tongyuan.flows.ask.facility_ledgers import every
from tongyuan.flows.source import open_workspace
from tongyuan.ledger.finding import FindingError, require

HOURS = [f"2026-01-01 {h:02d}:00" for h in range(24)]
READING = "facility,outlet,hour,parameter,value,flag\n" + "".join(
    f"E1,DA001,{hour},{p},{v},N\n"
    for hour in HOURS
    for p, v in (("a21026", 20), ("a00000", 100000), ("a19001", 6))
)
GOOD = {
    "facility": "facility,name,kind,region,ets_sector\nE1,示例,火力发电,济南市,发电\n",
    "installation": "facility,installation,kind,capacity,capacity_unit\nE1,U1,发电机组,330,MW\n",
    "outlet": "facility,outlet,medium,oxygen_reference\nE1,DA001,废气,6\n",
    "outlet_link": "facility,installation,outlet\nE1,U1,DA001\n",
    "monitor": "facility,outlet,monitor,parameter,unit\nE1,DA001,m1,a21026,mg/m3\n",
    "reading": READING,
    "mark": "facility,outlet,time_from,time_to,mark\nE1,DA001,2026-01-01 03:00,2026-01-01 05:00,停运\n",
    "manual_test": "facility,outlet,time,species,value,unit,flow\n"
    "E1,DA001,2026-01-09 10:00,SO2,20,mg/m3,100000\n",
    "permit_limit": "facility,outlet,species,period,value,unit,date_from\n"
    "E1,DA001,SO2,小时,35,mg/m3,2020-01-01\n"
    "E1,DA001,SO2,年,20,t/a,2020-01-01\n",
    "allowance": "facility,year,kind,document,vintage,value\nE1,2026,购入,1,2026,100\n",
    "waste_transfer": "facility,month,waste,tax_class,generated\nE1,2026-01,尾矿,尾矿,100\n",
    "own_tax_rate": "region,medium,value,date_from\n济南市,废气,3,2020-01-01\n",
    "rating": "facility,scheme,indicator,day,value\nE1,能耗限额,水泥,2026-01-01,90\n",
    "grading_indicator": "family,indicator,grade,test,bound\n排放限值,SO2,A 级,不超过,35\n",
    "calibration": "facility,outlet,monitor,parameter,kind,time,reference,measured,passed\n"
    "E1,DA001,m1,a21026,zero_point,2026-01-01 01:00,0,0,是\n",
}
CASES = {
    "reading: no hour": ("reading", f"{HOURS[3]},a21026", ",a21026"),
    "reading: an hour that is not": ("reading", f"{HOURS[3]},a21026", "2026-01-01 25:00,a21026"),
    "reading: between the hours": ("reading", f"{HOURS[3]},a21026", "2026-01-01 03:17,a21026"),
    "reading: a word for a value": ("reading", f"{HOURS[3]},a21026,20", f"{HOURS[3]},a21026,低"),
    "reading: infinite": ("reading", f"{HOURS[3]},a21026,20", f"{HOURS[3]},a21026,inf"),
    "reading: a flag that is not": ("reading", f"{HOURS[3]},a21026,20,N", f"{HOURS[3]},a21026,20,Q"),
    "reading: an hour twice": ("reading", f"{HOURS[3]},a21026", f"{HOURS[4]},a21026"),
    "reading: a column too many": ("reading", "value,flag\n", "value,flag,weather\n"),
    "reading: no outlet": ("reading", f"E1,DA001,{HOURS[3]}", f"E1,,{HOURS[3]}"),
    "monitor: a mass for a concentration": ("monitor", "mg/m3", "kg"),
    "monitor: no unit at all": ("monitor", "mg/m3", "furlong"),
    "mark: an unknown word": ("mark", "停运", "喝茶"),
    "mark: an end that is no time": ("mark", "2026-01-01 05:00", "昨天"),
    "mark: no beginning": ("mark", "2026-01-01 03:00", ""),
    "test: a mass for a concentration": ("manual_test", "mg/m3", "t"),
    "test: an unknown species": ("manual_test", "SO2", "二氧化流"),
    "test: no value": ("manual_test", ",20,", ",,"),
    "test: a unit that is not": ("manual_test", "mg/m3", "mg/天"),
    "outlet: neither air nor water": ("outlet", "废气", "烟囱"),
    "outlet: oxygen in words": ("outlet", ",6\n", ",六\n"),
    "limit: a mass for an hour": ("permit_limit", "35,mg/m3", "35,t/a"),
    "limit: a concentration for a year": ("permit_limit", "20,t/a", "20,mg/m3"),
    "limit: a period that is not": ("permit_limit", "SO2,小时", "SO2,旬"),
    "limit: a date that is not": ("permit_limit", "mg/m3,2020-01-01", "mg/m3,2020-13-01"),
    "limit: twice the same": ("permit_limit", "SO2,年,20,t/a", "SO2,小时,20,mg/m3"),
    "allowance: a kind that is not": ("allowance", "购入", "借来"),
    "allowance: a year that is not": ("allowance", "E1,2026,购入", "E1,二〇二六年度,购入"),
    "allowance: tonnes in words": ("allowance", ",100\n", ",很多\n"),
    "waste: a class that is not": ("waste_transfer", "尾矿,尾矿", "尾矿,矿渣类"),
    "waste: a month that is not": ("waste_transfer", "2026-01", "2026-13"),
    "rate: a medium that is not": ("own_tax_rate", "废气", "土壤"),
    "rate: in words": ("own_tax_rate", ",3,", ",三元,"),
    "rating: a scheme that is not": ("rating", "能耗限额", "颜值"),
    "rating: no day": ("rating", "2026-01-01", ""),
    "grade: a family that is not": ("grading_indicator", "排放限值", "气味"),
    "grade: a grade that is not": ("grading_indicator", "A 级", "A+"),
    "calibration: no time": ("calibration", "2026-01-01 01:00", ""),
    "calibration: a verdict that is none": ("calibration", ",是\n", ",大概\n"),
    "facility: an unknown kind": ("facility", "火力发电", "魔法"),
    "installation: a capacity in words": ("installation", "330", "很大"),
}


def made(folder: Path, changed: dict[str, str]) -> Path:
    (folder / "tables").mkdir()
    (folder / "tongyuan.toml").write_text('name = "x"\nkind = "enterprise"\nregion = "370100"\n', "utf-8")
    for name, text in (GOOD | changed).items():
        (folder / "tables" / f"{name}.csv").write_text(text, "utf-8")
    return folder


def test_the_tables_are_good_before_they_are_spoilt(tmp_path: Path) -> None:
    workspace = open_workspace(made(tmp_path, {}))
    require(workspace.findings)
    kept = every(workspace)
    assert kept["outlet_month"]["mass"].to_list() == [pytest.approx(22 * 20 * 1e5 * 1e-9)]
    assert kept["tax_return"]["rate"].unique().to_list() == [3.0]


@pytest.mark.parametrize("case", CASES)
def test_a_spoilt_cell_is_said_at_its_place(tmp_path: Path, case: str) -> None:
    name, old, new = CASES[case]
    assert GOOD[name].count(old) >= 1
    folder = made(tmp_path, {name: GOOD[name].replace(old, new, 1)})
    try:
        workspace = open_workspace(folder)
        found = list(workspace.findings)
        if not any(f.severity == "error" for f in found):
            found += every(workspace).findings
    except FindingError as error:
        found = list(error.findings)
    serious = [f for f in found if f.severity in ("error", "warning")]
    assert serious, case
    for one in serious:
        assert one.message("zh")
        assert one.next_step("en")
    told = " ".join(f.place() + f.message("en") for f in serious)
    assert f"{name}.csv" in told or "E1" in told or f"table {name}" in told, told
