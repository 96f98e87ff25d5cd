"""Malformed files for every importer: messages, exports, laboratory tables, workbooks of all kinds, by the
dozen."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from pathlib import Path

import openpyxl
import polars as pl
import pytest

from tongyuan.facility.record.hj212 import crc
from tongyuan.flows.ask.facility_record import month, record
from tongyuan.flows.source import Inputs, open_workspace
from tongyuan.ledger.finding import Finding, FindingError
from tongyuan.ledger.read.read import read
from tongyuan.ledger.settings import Settings
from tongyuan.ledger.table import conform
from tongyuan.ledger.write.month import COVER, forms
from tongyuan.reference.shelf import shelf

MONITORS = conform(
    "monitor",
    pl.DataFrame(
        {"facility": ["E1"], "outlet": ["DA001"], "monitor": ["m"], "parameter": ["a21026"], "mn": ["M1"]}
    ),
)
WHO = pl.DataFrame({"facility": ["E1"], "name": ["示例"], "kind": ["power"], "region": ["370100"]})
SETTINGS = Inputs(Settings(name="x", kind="enterprise"), {"monitor": MONITORS, "facility": WHO})


def frame(segment: str, *, length: str = "", check: str = "", end: str = "\r\n") -> bytes:
    data = segment.encode()
    size = length or f"{len(data):04d}"
    return b"##" + size.encode() + data + (check or crc(data)).encode() + end.encode()


def hour(body: str = "a21026-Avg=18,a21026-Flag=N", **other: str) -> str:
    part = {"QN": "1", "ST": "31", "CN": "2061", "PW": "1", "MN": "M1", "Flag": "5", "time": "20260101080000"}
    part |= other
    time = f"DataTime={part.pop('time')};"
    return (
        ";".join(f"{k}={v}" for k, v in part.items() if v) + f";CP=&&{time if len(time) > 10 else ''}{body}&&"
    )


def message_files() -> Iterator[tuple[str, bytes]]:
    """Yield streams of HJ 212 that are wrong."""
    yield from (
        (f"length {text}", frame(hour(), length=text)) for text in ("0001", "9999", "00x1", "-012", "    ")
    )
    yield from ((f"check {text}", frame(hour(), check=text)) for text in ("0000", "ZZZZ", "1C80"))
    yield "check of three digits", frame(hour())[:-3]
    yield from ((f"cut at {n}", frame(hour())[:n]) for n in (2, 5, 20, 60, 90))
    times = (
        "20261301080000",
        "20260132080000",
        "20260101250000",
        "2026",
        "昨天",
        "00000000000000",
        "20260101086100",
    )
    yield from ((f"time {text}", frame(hour(time=text))) for text in times)
    yield "no time", frame(hour(time=""))
    yield from ((f"system {text}", frame(hour(ST=text))) for text in ("99", "21", "x"))
    yield from ((f"without {name}", frame(hour(**{name: ""}))) for name in ("ST", "CN", "MN"))
    yield "another logger", frame(hour(MN="M9"))
    bodies = (
        "a21026-Avg=abc",
        "a21026-Avg=18..5",
        "a99999-Avg=1",
        "a21026-Avg",
        "a21026-Avg=1;;a21026-Avg=2",
    )
    more = ("a21026-Avg=1e999", "a21026-Avg=18,a21026-Flag=Q", "a21026-Avg=18mg", "w01018-Avg=3", "=5")
    yield from ((f"body {text}", frame(hour(text))) for text in (*bodies, *more))
    packets = (("2", "3"), ("0", "1"), ("x", "1"), ("2", "1"))
    yield from (
        (f"packet {n} of {m}", frame(hour(Flag="7").replace(";CP", f";PNUM={m};PNO={n};CP")))
        for m, n in packets
    )
    yield "two hours that differ", frame(hour()) + frame(hour("a21026-Avg=99,a21026-Flag=N"))
    yield "nothing but a head", b"##"
    yield "bytes that are no text", b"##0010\xff\xfe\x00\x01\x02\x03\x04\x05\x06\x071C80\r\n"
    yield "head in the head", b"##00##0012" + hour().encode()


GOOD = (
    "时间,排放口,SO2(mg/m3),烟气流量(m3/h)\n2026-01-01 00:00,DA001,17,100000\n"
    "2026-01-01 01:00,DA001,18,100000\n"
)


def export_files() -> Iterator[tuple[str, bytes]]:
    """Yield exports of platforms that are wrong."""

    def spoilt(old: str, new: str) -> bytes:
        assert old in GOOD
        return GOOD.replace(old, new, 1).encode()

    hours = (
        "2026-13-01 00:00",
        "2026-01-01 25:00",
        "昨天",
        "00:00",
        "",
        "2026-01-01 00:17",
        "1e9",
        "2026/02/30 1:00",
    )
    yield from ((f"time {text}", spoilt("2026-01-01 00:00", text)) for text in hours)
    values = ("低", "1,2,3", "17 18", "inf", "①7", "17~18", "#REF!", "是", "2026-01-02", "１７毫克")
    yield from ((f"value {text}", spoilt(",17,", f',"{text}",')) for text in values)
    heads = ("SO2(furlong)", "SO2(kWh)", "SO2(kg|mg/m3)", "二氧化流(mg/m3)", "")
    yield from ((f"head {text}", spoilt("SO2(mg/m3)", text)) for text in heads)
    yield "no time column", spoilt("时间,", "序号,")
    yield "no outlet column", spoilt("排放口,", "备注,")
    yield "no outlet in a row", spoilt("DA001,17", ",17")
    yield "an hour twice", spoilt("2026-01-01 01:00", "2026-01-01 00:00")
    yield "nothing at all", b""
    yield "blanks", b"\n\n\n"
    yield "no rows", GOOD.splitlines()[0].encode()
    yield "bytes that are no text", b"\x00\x01\x02\xff\xfe" * 40
    yield "a torn quote", spoilt("DA001,17", '"DA001,17')


LABORATORY = {
    "facility": "facility,name,kind,region,ets_sector\nE1,示例,火力发电,济南市,发电\n",
    "installation": "facility,installation,kind,capacity,capacity_unit\nE1,U1,发电机组,330,MW\n",
    "fuel_sample": "facility,sample,installation,product,state,covers_from,covers_to,mass,kind,sampled,"
    "report,basis,moisture_ar,moisture_ad,ash,volatile,carbon,hydrogen,sulphur,heat_net\n"
    "E1,S1,U1,烟煤,入炉,2026-01-01,2026-01-31,60000,月缩分样,2026-01-31,R1,空干基,9,2.6,18,26,59.5,3.6,0.8,22500\n",
    "laboratory": "laboratory,mark_number,valid_to,scope\nL1,1,2030-01-01,元素碳\n",
    "laboratory_report": "facility,report,laboratory,received,tested,issued,mark\n"
    "E1,R1,L1,2026-02-01,2026-02-05,2026-02-08,CMA\n",
}
SPOILT = (
    ("fuel_sample", ",烟煤,", ",魔煤,"),
    ("fuel_sample", ",入炉,", ",入嘴,"),
    ("fuel_sample", "2026-01-01,2026-01-31", "2026-01-32,2026-01-31"),
    ("fuel_sample", "2026-01-01,2026-01-31", ",2026-01-31"),
    ("fuel_sample", ",60000,", ",六万,"),
    ("fuel_sample", ",60000,", ",-1,"),
    ("fuel_sample", "月缩分样", "随便"),
    ("fuel_sample", "空干基", "湿基"),
    ("fuel_sample", ",9,2.6,", ",109,2.6,"),
    ("fuel_sample", ",9,2.6,", ",9,二点六,"),
    ("fuel_sample", ",18,26,", ",18,1 26,"),
    ("fuel_sample", ",59.5,", ",159.5,"),
    ("fuel_sample", ",59.5,", ",59.5①,"),
    ("fuel_sample", ",3.6,", ",inf,"),
    ("fuel_sample", ",22500\n", ",#DIV/0!\n"),
    ("fuel_sample", ",22500\n", ",2026-01-02\n"),
    ("fuel_sample", "E1,S1", "E1,"),
    ("fuel_sample", "heat_net\n", "heat_net,heat_net\n"),
    ("fuel_sample", "covers_to", "covers_until"),
    ("laboratory_report", "2026-02-01", "二月一日"),
    ("laboratory_report", "2026-02-05", "2026-02-30"),
    ("laboratory_report", ",CMA\n", ",ISO\n"),
    ("laboratory_report", "E1,R1", ",R1"),
    ("laboratory", "2030-01-01", "长期"),
    ("laboratory", "L1,1", ",1"),
)
GARBAGE = {
    "number": "很多",
    "integer": "两个",
    "share": "不少",
    "choice": "瞎写",
    "date": "某天",
    "month": "某月",
    "reference": "没有这个",
    "unit": "furlong",
    "boolean": "也许",
}


def workbooks(folder: Path) -> Iterator[tuple[str, bytes, str, int]]:
    """Yield monthly workbooks of every kind with one cell that is wrong, with its sheet and row."""
    for kind in shelf("facility_form")["facility_kind"].unique(maintain_order=True):
        path = folder / f"{kind}.xlsx"
        month(path, kind, "E1", "2026-01", "zh")
        book = openpyxl.load_workbook(path)
        done: set[str] = set()
        for form in forms(kind):
            sheet = book[form.title_zh] if form.title_zh in book.sheetnames else None
            if sheet is None:
                continue
            row = 2 if form.name == COVER else 3
            for at, column in enumerate(form.columns, start=1):
                if column.type not in GARBAGE or column.type in done:
                    continue
                done.add(column.type)
                kept = [sheet.cell(row, c).value for c in range(1, len(form.columns) + 1)]
                if row == 3:
                    for c in range(1, len(form.columns) + 1):
                        text = sheet.cell(2, c).value
                        sheet.cell(row, c).value = (
                            text.removeprefix("示例：") if isinstance(text, str) else text
                        )
                sheet.cell(row, at).value = GARBAGE[column.type]
                target = io.BytesIO()
                book.save(target)
                for c, value in enumerate(kept, start=1):
                    sheet.cell(row, c).value = value
                yield f"{kind}: {form.name}.{column.name}", target.getvalue(), form.title_zh, row


def findings_of(ask: Callable[[], tuple[Finding, ...]]) -> list[Finding]:
    """Return the findings of an importer, also where it refuses; anything else it raises is a traceback."""
    try:
        return list(ask())
    except FindingError as error:
        return list(error.findings)


def judged(name: str, found: list[Finding], sheet: str = "", row: int = 0) -> str:
    """Return what is amiss with what was said of a malformed file, empty for nothing."""
    told = [f for f in found if f.severity in ("error", "warning")]
    if not told:
        return f"{name}: nothing said"
    if not all(f.message("zh") and f.message("en") and f.next_step("zh") and f.next_step("en") for f in told):
        return f"{name}: no sentence"
    if sheet and not any(f.sheet == sheet and f.row == row for f in told):
        return f"{name}: not at {sheet} {row}: {[f.place() for f in told]}"
    if not all(f.file or f.sheet for f in told):
        return f"{name}: no place"
    return ""


def test_every_malformed_file_is_told_at_its_place(tmp_path: Path) -> None:
    """At least 120 files over all importers; none ends in a traceback."""
    count, amiss = {}, []
    for family, files in (("messages", message_files), ("exports", export_files)):
        for n, (name, data) in enumerate(files()):
            path = tmp_path / f"{family}-{n}.{'txt' if family == 'messages' else 'csv'}"
            path.write_bytes(data)
            found = findings_of(lambda p=path: record(p, SETTINGS).findings)
            amiss.append(judged(f"{family}: {name}", found))
            count[family] = n + 1
    for n, (name, old, new) in enumerate(SPOILT):
        folder = tmp_path / f"laboratory-{n}"
        (folder / "tables").mkdir(parents=True)
        (folder / "tongyuan.toml").write_text('name = "x"\nkind = "enterprise"\nregion = "370100"\n', "utf-8")
        assert old in LABORATORY[name], (name, old)
        for table_name, text in LABORATORY.items():
            spoilt = text.replace(old, new, 1) if table_name == name else text
            (folder / "tables" / f"{table_name}.csv").write_text(spoilt, "utf-8")
        found = findings_of(lambda f=folder: open_workspace(f).findings)
        amiss.append(judged(f"{name}: {old!r} → {new!r}", found))
        count["laboratory tables"] = n + 1
    for n, (name, data, sheet, row) in enumerate(workbooks(tmp_path)):
        path = tmp_path / f"book-{n}.xlsx"
        path.write_bytes(data)
        found = findings_of(lambda p=path: tuple(read(p, unique=False).findings))
        amiss.append(judged(name, found, sheet, row))
        count["workbooks"] = n + 1
    total = sum(count.values())
    print(f"{total} malformed files, 0 tracebacks: {count}")
    assert not [text for text in amiss if text]
    assert total >= 120
    assert min(count.values()) >= 25


@pytest.mark.parametrize(
    "kind", shelf("facility_form")["facility_kind"].unique(maintain_order=True).to_list()
)
def test_a_workbook_that_is_torn_is_told(tmp_path: Path, kind: str) -> None:
    path = tmp_path / "a.xlsx"
    month(path, kind, "E1", "2026-01", "zh")
    path.write_bytes(path.read_bytes()[:2000])
    found = findings_of(lambda: tuple(read(path, unique=False).findings))
    assert judged(kind, found) == ""
