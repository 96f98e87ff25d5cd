"""Malformed files: each a named case with the findings it must yield; none may end in a traceback.

Every case starts from one good sheet of table activity and spoils one thing.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import io
import random
import struct
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import polars as pl
import pytest
import xlsxwriter

from tongyuan.ledger.finding import FindingError
from tongyuan.ledger.read.read import read
from tongyuan.ledger.write.annotate import annotate

HEADER = ["地区", "年份", "工艺过程", "燃料或产品", "数值", "单位", "来源"]
GOOD = ["山东省", 2021, "火力发电", "原煤", 100.0, "万吨", "能源统计年鉴"]
MORE = ["山东省", 2021, "集中供热", "原煤", 50.0, "万吨", "能源统计年鉴"]
Make = Callable[[Path], Path]
Expected = set[tuple[str, str]]

CASES: dict[str, tuple[Make, Expected]] = {}


def case(name: str, *expected: str) -> Callable[[Make], Make]:
    """Register a case; each expected finding is ``check`` or ``check@cell``."""

    def add(make: Make) -> Make:
        assert name not in CASES
        CASES[name] = (make, {(e.partition("@")[0], e.partition("@")[2]) for e in expected})
        return make

    return add


def book(
    path: Path, rows: list[list[Any]], sheet: str = "活动水平", spoil: Callable[..., None] | None = None
) -> Path:
    path = path / "活动.xlsx"
    out = xlsxwriter.Workbook(path, {"strings_to_formulas": False, "nan_inf_to_errors": True})
    page = out.add_worksheet(sheet)
    date = out.add_format({"num_format": "yyyy-mm-dd"})
    for r, row in enumerate(rows):
        for c, value in enumerate(row):
            if isinstance(value, dt.date):
                page.write_datetime(r, c, dt.datetime(value.year, value.month, value.day), date)
            elif value is not None:
                page.write(r, c, value)
    if spoil:
        spoil(out, page)
    out.close()
    return path


def cell(position: int, value: Any) -> Make:
    row = [*GOOD]
    row[position] = value
    return lambda path: book(path, [HEADER, row, MORE])


def text(name: str, data: bytes) -> Make:
    def make(path: Path) -> Path:
        file = path / name
        file.write_bytes(data)
        return file

    return make


def csv(*rows: list[Any], encoding: str = "utf-8") -> bytes:
    return "".join(",".join(str(c) for c in row) + "\n" for row in rows).encode(encoding)


def part(file: Path, name: str, change: Callable[[bytes], bytes]) -> Path:
    """Rewrite one part of a workbook."""
    with zipfile.ZipFile(file) as archive:
        parts = {i.filename: archive.read(i) for i in archive.infolist()}
    parts[name] = change(parts[name])
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for key, data in parts.items():
            archive.writestr(key, data)
    return file


SHEET = "xl/worksheets/sheet1.xml"

# ------------------------------------------------------------------ the value of one cell
for label, position, value, expected in (
    ("blank_region", 0, None, ["missing_required@A2"]),
    ("blank_value", 4, None, ["missing_required@E2"]),
    ("dash_value", 4, "—", ["missing_required@E2"]),
    ("blanks_only", 6, "   ", ["missing_required@G2"]),
    ("words_for_number", 4, "约一百", ["not_a_number@E2"]),
    ("number_with_unit", 4, "100万吨", ["not_a_number@E2"]),
    ("two_points", 4, "1.2.3", ["not_a_number@E2"]),
    ("negative", 4, -5, ["negative@E2"]),
    ("negative_text", 4, "－5", ["negative@E2", "number_rewritten@E2", "text_number@E2"]),
    ("nan_text", 4, "NaN", ["not_finite@E2"]),
    ("infinite_text", 4, "inf", ["not_finite@E2"]),
    ("infinity_sign", 4, "∞", ["not_finite@E2"]),
    ("huge", 4, "1e999", ["not_finite@E2"]),
    ("date_for_number", 4, dt.date(2021, 3, 4), ["date_in_number@E2"]),
    ("truth_for_number", 4, True, ["boolean_in_number@E2"]),
    ("text_number", 4, "123.5", ["text_number@E2"]),
    ("full_width_number", 4, "１２３．５", ["number_rewritten@E2", "text_number@E2"]),
    ("thousands", 4, "1,234,567.8", ["number_rewritten@E2", "text_number@E2"]),
    ("unknown_fuel", 3, "原媒", ["unknown_reference@D2"]),
    ("unknown_process", 2, "火力发点", ["unknown_reference@C2"]),
    ("unknown_unit", 5, "万顿", ["unknown_unit@F2"]),
    ("heads_of_coal", 5, "头", ["wrong_dimension@F2"]),
    ("hectares_of_coal", 5, "公顷", ["wrong_dimension@F2"]),
    ("two_digit_year", 1, 21, ["not_a_year@B2"]),
    ("part_of_year", 1, "2021-08", ["part_year@B2"]),
    ("fraction_of_year", 1, 2021.5, ["not_a_year@B2"]),
    ("year_in_words", 1, "二〇二一", ["not_a_year@B2"]),
    ("far_year", 1, 3021, ["not_a_year@B2"]),
    ("own_region", 0, "青岛中德生态园", ["unknown_region@A2"]),
    ("control_characters", 6, "来源\u0007", []),
    ("very_long_text", 6, "长" * 32_000, []),
    ("formula_as_text", 6, '=HYPERLINK("http://x")', []),
):
    case(label, *expected)(cell(position, value))


@case(
    "everything_at_once",
    "missing_required@A2",
    "part_year@B2",
    "unknown_reference@C2",
    "unknown_reference@D2",
    "negative@E2",
    "unknown_unit@F2",
    "missing_required@G2",
)
def _everything(path: Path) -> Path:
    return book(path, [HEADER, [None, "2021-08", "无此工艺甲", "无此燃料乙", -1, "磅秤", None]])


@case("excel_error", "excel_error@E2")
def _excel_error(path: Path) -> Path:
    return book(
        path, [HEADER, GOOD], spoil=lambda out, page: page.write_formula("E2", "=1/0", None, "#DIV/0!")
    )


@case("reference_error", "excel_error@D2")
def _reference_error(path: Path) -> Path:
    return book(path, [HEADER, GOOD], spoil=lambda out, page: page.write_formula("D2", "=A0", None, "#REF!"))


@case("formula_never_calculated", "formula_without_value@E2")
def _formula(path: Path) -> Path:
    file = path / "活动水平.xlsx"
    out = openpyxl.Workbook()
    page = out.active
    assert page is not None
    page.title = "活动水平"
    page.append(HEADER)
    page.append([*GOOD[:4], "=50+50", *GOOD[5:]])
    out.save(file)
    return file


@case("formula_with_value")
def _formula_with_value(path: Path) -> Path:
    return book(path, [HEADER, GOOD], spoil=lambda out, page: page.write_formula("E2", "=50+50", None, 100))


# ------------------------------------------------------------------ rows and columns
@case("duplicate_key", "duplicate_key")
def _duplicate(path: Path) -> Path:
    return book(path, [HEADER, GOOD, MORE, [*GOOD[:4], 7.0, *GOOD[5:]]])


@case("duplicate_key_by_alias", "duplicate_key", "text_number")
def _alias(path: Path) -> Path:
    return book(path, [HEADER, GOOD, ["山东省", "２０２１", "energy.power", "raw_coal", 7.0, "t", "x"]])


@case("duplicate_id", "duplicate_id")
def _id(path: Path) -> Path:
    return book(path, [["活动编号", *HEADER], ["a", *GOOD], ["a", *MORE]])


@case("missing_column", "missing_column")
def _missing(path: Path) -> Path:
    return book(path, [HEADER[:-1], GOOD[:-1]])


@case("unknown_column", "unknown_column@H1")
def _unknown(path: Path) -> Path:
    return book(path, [[*HEADER, "负责人"], [*GOOD, "张三"]])


@case("misspelt_column", "unknown_column@E1", "missing_column")
def _misspelt(path: Path) -> Path:
    return book(path, [[*HEADER[:4], "数直", *HEADER[5:]], GOOD])


@case("column_twice", "duplicate_column@H1")
def _twice(path: Path) -> Path:
    return book(path, [[*HEADER, "数值"], [*GOOD, 3]])


@case("column_without_name", "unnamed_column@H1")
def _unnamed(path: Path) -> Path:
    return book(path, [HEADER, [*GOOD, 3]])


@case("no_header", "no_header")
def _no_header(path: Path) -> Path:
    return book(path, [GOOD, MORE])


@case("title_above_header")
def _title(path: Path) -> Path:
    return book(path, [["2021 年活动水平表"], [], HEADER, GOOD])


@case("wrong_header_unit", "header_unit@H1")
def _header_unit(path: Path) -> Path:
    return book(path, [[*HEADER, "不确定度（万吨）"], [*GOOD, 3]])


@case("merged_cells", "merged_cells@2", "missing_required@A3")
def _merged(path: Path) -> Path:
    rows = [HEADER, GOOD, [None, *MORE[1:]]]
    return book(path, rows, spoil=lambda out, page: page.merge_range("A2:A3", "山东省"))


@case("hidden_row", "hidden_rows@3")
def _hidden_row(path: Path) -> Path:
    return book(
        path, [HEADER, GOOD, MORE], spoil=lambda out, page: page.set_row(2, None, None, {"hidden": True})
    )


@case("header_only", "no_rows")
def _header_only(path: Path) -> Path:
    return book(path, [HEADER])


@case("starts_at_c5")
def _offset(path: Path) -> Path:
    blank: list[Any] = [None, None]
    return book(path, [[], [], [], [], [*blank, *HEADER], [*blank, *GOOD]])


@case("offset_error", "negative@G6")
def _offset_error(path: Path) -> Path:
    blank: list[Any] = [None, None]
    return book(path, [[], [], [], [], [*blank, *HEADER], [*blank, *GOOD[:4], -1, *GOOD[5:]]])


# ------------------------------------------------------------------ sheets
@case("empty_sheet", "empty_sheet")
def _empty(path: Path) -> Path:
    return book(path, [])


@case("unknown_sheet", "unknown_sheet")
def _unknown_sheet(path: Path) -> Path:
    return book(path, [["甲", "乙"], [1, 2]], sheet="Sheet1")


@case("sheet_known_by_headers")
def _by_headers(path: Path) -> Path:
    return book(path, [HEADER, GOOD], sheet="Sheet1")


@case("hidden_sheet", "hidden_sheet")
def _hidden_sheet(path: Path) -> Path:
    def spoil(out: Any, page: Any) -> None:
        other = out.add_worksheet("能源平衡表")
        other.write(0, 0, "x")
        other.hide()

    return book(path, [HEADER, GOOD], spoil=spoil)


@case("far_away_cell", "unnamed_column@XFD1")
def _far(path: Path) -> Path:
    return book(path, [HEADER, GOOD], spoil=lambda out, page: page.write(1_048_575, 16_383, "x"))


@case("very_wide", "too_many_columns")
def _wide(path: Path) -> Path:
    return book(path, [HEADER, [*GOOD, *range(1_100)]])


# ------------------------------------------------------------------ files
case("file_empty", "file_empty")(text("活动水平.xlsx", b""))
case("not_a_zip", "not_a_workbook")(text("活动水平.xlsx", b"hello, world" * 50))
case("csv_named_xlsx", "not_a_workbook")(text("活动水平.xlsx", csv(HEADER, GOOD)))
case("web_page_named_xlsx", "not_a_workbook")(text("活动水平.xlsx", b"<html><table></table></html>"))
case("old_excel", "old_excel")(text("活动水平.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600))
case("password", "password")(
    text(
        "活动水平.xlsx",
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600 + "EncryptedPackage".encode("utf-16-le"),
    )
)
case("pdf", "file_kind")(text("活动水平.pdf", b"%PDF-1.7"))
case("lock_file", "lock_file")(text("~$活动水平.xlsx", b"\x05user"))
case("gb18030_csv", "encoding_read")(text("活动水平.csv", csv(HEADER, GOOD, encoding="gb18030")))
case("bom_csv")(text("活动水平.csv", csv(HEADER, GOOD, encoding="utf-8-sig")))
case("utf16_csv", "encoding_read")(text("活动水平.csv", csv(HEADER, GOOD, encoding="utf-16")))
case("binary_csv", "encoding_unknown")(text("活动水平.csv", bytes(range(256)) * 4))
case("unclosed_quote", "csv_malformed")(text("活动水平.csv", csv(HEADER, ['"山东省', *GOOD[1:]])))
case("unquoted_thousands", "csv_extra_cells@2", "unknown_unit@F2")(
    text("活动水平.csv", csv(HEADER, [*GOOD[:4], "1,234", *GOOD[5:]]))
)
case("short_row", "missing_required@G2")(text("活动水平.csv", csv(HEADER, GOOD[:-1])))
case("cut_off_row", "csv_cut_off@2", "missing_required@G2")(text("活动水平.csv", csv(HEADER, GOOD[:-1])[:-1]))
case("cut_off_cell", "csv_no_line_end@2")(text("活动水平.csv", csv(HEADER, GOOD)[:-1]))
case("cut_off_letter", "encoding_damaged@2")(text("活动水平.csv", csv(HEADER, GOOD)[:-2]))
case("title_and_unit_above_csv")(text("活动水平.csv", b"Table 5-1, 2021\nUnit: 10^4 t\n" + csv(HEADER, GOOD)))
case("error_in_csv", "excel_error@E2")(text("活动水平.csv", csv(HEADER, [*GOOD[:4], "#REF!", *GOOD[5:]])))
case("workbook_named_csv", "workbook_named_csv")(text("活动水平.csv", b"PK\x03\x04" + b"\0" * 40))
case("not_parquet", "not_parquet")(text("活动水平.parquet", b"hello"))
case("corrupt_parquet", "corrupt_parquet")(text("活动水平.parquet", b"PAR1" + b"\0" * 100 + b"PAR1"))
case("zip_of_other_things", "not_a_workbook")(
    lambda path: (lambda f: (zipfile.ZipFile(f, "w").writestr("a.txt", "x"), f)[1])(path / "活动水平.xlsx")
)


@case("missing_file", "file_missing")
def _missing_file(path: Path) -> Path:
    return path / "活动水平.xlsx"


@case("folder_for_file", "not_a_file")
def _folder(path: Path) -> Path:
    (path / "活动水平.xlsx").mkdir()
    return path / "活动水平.xlsx"


@case("cut_off", "not_a_workbook")
def _cut(path: Path) -> Path:
    file = book(path, [HEADER, GOOD])
    file.write_bytes(file.read_bytes()[:-200])
    return file


@case("damaged_sheet", "corrupt_workbook")
def _damaged(path: Path) -> Path:
    return part(book(path, [HEADER, GOOD]), SHEET, lambda xml: xml[: len(xml) // 2])


@case("damaged_list_of_sheets", "corrupt_workbook")
def _damaged_list(path: Path) -> Path:
    return part(book(path, [HEADER, GOOD]), "xl/workbook.xml", lambda xml: b"<workbook")


@case("flipped_bytes", "corrupt_workbook")
def _flipped(path: Path) -> Path:
    file = book(path, [HEADER, GOOD])
    data = bytearray(file.read_bytes())
    with zipfile.ZipFile(file) as archive:
        start = archive.getinfo(SHEET).header_offset + 80
    data[start : start + 40] = bytes(40)
    file.write_bytes(bytes(data))
    return file


@case("entity_bomb", "corrupt_workbook")
def _entities(path: Path) -> Path:
    bomb = b'<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]><workbook>&b;</workbook>'
    return part(book(path, [HEADER, GOOD]), "xl/workbook.xml", lambda xml: bomb)


@case("zip_bomb", "zip_bomb")
def _bomb(path: Path) -> Path:
    file = path / "活动水平.xlsx"
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        archive.writestr("xl/workbook.xml", "<workbook/>")
        archive.writestr(SHEET, b" " * (30 * 2**20))
    return file


@case("zip_bomb_by_declared_size", "zip_bomb")
def _declared(path: Path) -> Path:
    file = book(path, [HEADER, GOOD])
    data = bytearray(file.read_bytes())
    with zipfile.ZipFile(io.BytesIO(bytes(data))) as archive:
        directory = archive.start_dir
    data[directory + 24 : directory + 28] = struct.pack("<I", 2**31)
    file.write_bytes(bytes(data))
    return file


@case("many_parts", "zip_entries")
def _parts(path: Path) -> Path:
    file = book(path, [HEADER, GOOD])
    with zipfile.ZipFile(file, "a") as archive:
        for number in range(2_100):
            archive.writestr(f"x/{number}", b"")
    return file


@case("yearbook_with_unknown_fuel", "unknown_balance_fuel@E1", "balance_no_region")
def _yearbook_fuel(path: Path) -> Path:
    rows = [
        ["项目", "原煤", "焦炭", "原油", "神奇燃料"],
        ["单位", "万吨", "万吨", "万吨", "万吨"],
        ["四、终端消费量", 3, 3, 3, 3],
        ["1.农、林、牧、渔业", 1, 1, 1, 1],
        ["2.工业", 2, 2, 2, 2],
        ["3.建筑业", None, "-", None, None],
        ["7.居民生活", None, None, None, None],
    ]
    return book(path, rows, sheet="能源平衡表2021")


@case("yearbook_that_does_not_close", "balance_sum@4", "balance_no_year", "unknown_balance_item@A9")
def _yearbook_sum(path: Path) -> Path:
    rows = [
        ["山东省能源平衡表（单位：万吨标准煤）"],
        ["单位：万吨标准煤"],
        ["项目", "原煤", "焦炭", "原油"],
        ["四、终端消费量", 30, 3, 3],
        ["1.农、林、牧、渔业", 1, 1, 1],
        ["2.工业", 2, 2, 2],
        ["3.建筑业", None, None, None],
        ["7.居民生活", None, None, None],
        ["8.外星消费", 1, None, None],
    ]
    return book(path, rows, sheet="能源平衡表")


@pytest.mark.parametrize("name", CASES)
def test_each_malformed_file_gets_its_findings(name: str, tmp_path: Path) -> None:
    make, expected = CASES[name]
    file = make(tmp_path)
    findings = read(file).findings
    found = {(f.check, f"{f.column}{f.row or ''}") for f in findings}
    wanted = {(check, at) for check, at in expected}
    for check, at in wanted:
        assert any(c == check and (not at or place == at) for c, place in found), (check, at, found)
    assert {check for check, _ in found} == {check for check, _ in wanted}
    for f in findings:
        assert f.file == file.name
        for language in ("zh", "en"):
            assert "{" not in f.message(language)  # type: ignore[arg-type]
            assert f.next_step(language)  # type: ignore[arg-type]


@pytest.mark.parametrize("name", CASES)
def test_each_malformed_file_is_annotated_or_refused(name: str, tmp_path: Path) -> None:
    make, _ = CASES[name]
    file = make(tmp_path)
    findings = read(file).findings
    target = tmp_path / "copy" / "annotated.xlsx"
    with contextlib.suppress(FindingError):
        annotate(file, findings, target)
    if target.exists():
        assert openpyxl.load_workbook(target).sheetnames[0] == "检查结果"
    else:
        assert any(f.severity == "error" or f.check == "lock_file" for f in findings)
    assert not list(tmp_path.rglob(".writing-*"))


@pytest.mark.parametrize("seed", range(60))
def test_random_damage_never_ends_in_a_traceback(seed: int, tmp_path: Path) -> None:
    chance = random.Random(seed)
    file = book(tmp_path, [HEADER, GOOD, MORE])
    if seed % 2:
        data = bytearray(file.read_bytes())
        for _ in range(chance.choice([1, 3, 30])):
            data[chance.randrange(len(data))] = chance.randrange(256)
        file.write_bytes(bytes(data))
    else:

        def damage(xml: bytes) -> bytes:
            spoilt = bytearray(xml)
            for _ in range(chance.choice([1, 3, 30])):
                start = chance.randrange(len(spoilt) - 1)
                del spoilt[start : start + chance.randrange(1, 20)]
            return bytes(spoilt)

        part(file, chance.choice([SHEET, "xl/workbook.xml", "xl/sharedStrings.xml", "xl/styles.xml"]), damage)
    reading = read(file)
    assert all(f.message("zh") and f.message("en") for f in reading.findings)


def test_there_are_at_least_sixty() -> None:
    assert len(CASES) >= 60


def test_repeated_faults_are_counted_beyond_a_hundred(tmp_path: Path) -> None:
    rows = [[*GOOD[:2], "火力发电", f"未知燃料{i}", 1.0, "万吨", "x"] for i in range(150)]
    findings = read(book(tmp_path, [HEADER, *rows])).findings
    assert sum(f.check == "unknown_reference" for f in findings) == 100
    more = [f for f in findings if f.check == "more_like_this"]
    assert [f.values["count"] for f in more] == [50]


def test_error_values_are_counted_beyond_a_hundred(tmp_path: Path) -> None:
    def spoil(out: Any, page: Any) -> None:
        for row in range(1, 131):
            page.write_formula(row, 4, "=1/0", None, "#DIV/0!")

    rows = [[*GOOD[:3], None, 1.0, "万吨", "x"] for _ in range(130)]
    findings = read(book(tmp_path, [HEADER, *rows], spoil=spoil)).findings
    errors = [f for f in findings if f.check == "excel_error"]
    assert len(errors) == 100
    assert any(f.check == "more_like_this" and f.values["count"] == 30 for f in findings)


def test_good_rows_survive_bad_ones(tmp_path: Path) -> None:
    table = read(book(tmp_path, [HEADER, GOOD, [*MORE[:4], "x", *MORE[5:]]])).tables["activity"]
    assert table["value"].to_list() == [100.0, None]
    assert table.schema["value"] == pl.Float64
