"""Workbooks of any writer: the same cells in every spelling the standard leaves free."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest
import xlsxwriter

from tongyuan.ledger.read.sheet import ROW, Sheet, sheets

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
STRICT = "http://purl.oclc.org/ooxml/spreadsheetml/main"
RELATION = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"


def made(
    path: Path,
    rows: str,
    *,
    strings: str = "",
    styles: str = "",
    before: str = "",
    after: str = "",
    names: tuple[str, ...] = ("活动水平",),
    space: str = MAIN,
    extra: str = "",
) -> Path:
    """Write a workbook by hand, part by part."""
    listed = "".join(f'<sheet name="{n}" sheetId="{i}" r:id="s{i}"/>' for i, n in enumerate(names, 1))
    relations = "".join(
        f'<Relationship Id="s{i}" Type="{RELATION}/worksheet" Target="worksheets/sheet{i}.xml"/>'
        for i in range(1, len(names) + 1)
    )
    for word in ("sharedStrings", "styles"):
        relations += f'<Relationship Id="{word}" Type="{RELATION}/{word}" Target="/xl/{word}.xml"/>'
    parts = {
        "_rels/.rels": f'<Relationships xmlns="{PACKAGE}"><Relationship Id="a" Target="xl/workbook.xml" '
        f'Type="{RELATION}/officeDocument"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{space}" xmlns:r="{RELATION}">{extra}<sheets>{listed}</sheets>'
        "</workbook>",
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{PACKAGE}">{relations}</Relationships>',
        "xl/sharedStrings.xml": f'<sst xmlns="{space}">{strings}</sst>',
        "xl/styles.xml": f'<styleSheet xmlns="{space}">{styles}</styleSheet>',
    }
    for i in range(1, len(names) + 1):
        parts[f"xl/worksheets/sheet{i}.xml"] = (
            f'<worksheet xmlns="{space}">{before}<sheetData>{rows}</sheetData>{after}</worksheet>'
        )
    file = path / "book.xlsx"
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in parts.items():
            archive.writestr(name, text)
    return file


def one(path: Path) -> Sheet:
    (sheet,), wrong = sheets(path)
    assert wrong == []
    return sheet


def test_small_and_long_numbers_keep_full_precision(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    book = xlsxwriter.Workbook(path)
    page = book.add_worksheet("s")
    values = [1e-12, 1 / 3, 123456789.1234567, 1e22, 0.123456789012345, 5e-324, -1e-300, 12.0]
    page.write_column(2, 1, values)
    book.close()
    sheet = one(path)
    assert sheet.columns == ["B"]
    assert sheet.grid[ROW].to_list() == list(range(3, 11))
    assert [float(t) for t in sheet.grid["B"]] == values
    assert sheet.grid["B"][7] == "12"


@pytest.mark.parametrize(
    "rows",
    [
        '<row r="2"><c r="B2"><v>1.5E-10</v></c><c r="C2" t="b"><v>1</v></c></row>',
        "<row r='2'><c s='0' r='B2'><v>1.5E-10</v></c><c t='b' r='C2'><v>1</v></c></row>",
        '<row spans="1:3" r="2"><c/><c><v>1.5E-10</v></c><c t="b"><v>1</v></c></row>',
        '<row/><row><c r="B2">\n  <v>\n1.5E-10 </v>\n</c>\n<c t="b"><v>true</v></c></row>',
        '<row r="2"><c r="C2" t="b"><v>1</v></c><c r="B2"><f>1/2</f><v>1.5E-10</v></c></row>',
        '<!-- a --><row r="2"><c r="B2"><v>1.5<!-- b -->E-10</v></c><c r="C2" t="b"><v>1</v></c></row>',
        '<row r="2"><c r="B2"><v>0.00000000015</v><extLst/></c><c r="C2" t="b"><v>1</v></c></row>',
    ],
)
@pytest.mark.parametrize("space", [MAIN, STRICT, ""])
def test_the_same_cells_in_every_spelling(rows: str, space: str, tmp_path: Path) -> None:
    sheet = one(made(tmp_path, rows, space=space))
    assert sheet.grid.rows() == [("1.5e-10", "true", 2)]


def test_prefixed_worksheets_are_read_too(tmp_path: Path) -> None:
    file = made(tmp_path, "")
    with zipfile.ZipFile(file, "a") as archive, pytest.warns(UserWarning, match="Duplicate"):
        archive.writestr("xl/worksheets/sheet1.xml", "<a/>")
    assert [f.check for f in sheets(file)[1]] == ["corrupt_workbook"]
    with zipfile.ZipFile(made(tmp_path, "")) as archive:
        parts = {n: archive.read(n) for n in archive.namelist()}
    parts["xl/worksheets/sheet1.xml"] = (
        f'<x:worksheet xmlns:x="{MAIN}"><x:sheetData><x:row hidden="1" r="2">'
        '<x:c r="C2" t="e"><x:v>#REF!</x:v></x:c><x:c r="D2"><x:v>7</x:v></x:c></x:row></x:sheetData>'
        "</x:worksheet>"
    ).encode()
    with zipfile.ZipFile(file, "w") as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    sheet = one(file)
    assert sheet.marks.errors == (("C", 2, "#REF!"),)
    assert sheet.marks.hidden_rows == (2,)
    assert sheet.grid.rows() == [("7", 2)]


@pytest.mark.parametrize("attribute", ['hidden="1"', "hidden='true'", 'ht="0" customHeight="1"', 'ht="0.0"'])
def test_hidden_rows_in_every_spelling(attribute: str, tmp_path: Path) -> None:
    assert one(made(tmp_path, f'<row {attribute} r="2"><c><v>1</v></c></row>')).marks.hidden_rows == (2,)


@pytest.mark.parametrize("attribute", ['hidden="1" min="2" max="16384"', 'max="3" width="0" min="3"'])
def test_hidden_columns_in_every_spelling(attribute: str, tmp_path: Path) -> None:
    rows = '<row r="1"><c r="A1"><v>1</v></c><c r="C1"><v>2</v></c></row>'
    assert one(made(tmp_path, rows, before=f"<cols><col {attribute}/></cols>")).marks.hidden_columns == ("C",)


def test_what_occurs_twice_is_known(tmp_path: Path) -> None:
    row = '<row r="2"><c r="A2"><v>1</v></c><c r="A2"><v>2</v></c></row>'
    assert one(made(tmp_path, row)).marks.twice == (("A", 2),)
    rows = '<row r="2"><c r="A2"><v>1</v></c></row><row r="2"><c r="A2"><v>2</v></c></row>'
    assert one(made(tmp_path, rows)).marks.twice == (("", 2),)
    found, wrong = sheets(made(tmp_path, row, names=("甲", "乙", "甲")))
    assert ([s.name for s in found], [f.check for f in wrong]) == (["甲", "乙"], ["sheet_twice"])


@pytest.mark.parametrize(
    "cell", ["XFD99999", "L9999999", "XFE2", "A3", "a2", "$A$2", "2", "", "AAAA2", "A2 "]
)
def test_an_address_out_of_its_row_is_a_finding(cell: str, tmp_path: Path) -> None:
    found, (wrong,) = sheets(made(tmp_path, f'<row r="2"><c r="{cell}"><v>1</v></c></row>'))
    assert (found, wrong.check) == ([], "cell_out_of_row")


@pytest.mark.parametrize("row", ["0", "1048577", "-1", "x", "99999999999999999999"])
def test_rows_beyond_a_sheet_are_damage(row: str, tmp_path: Path) -> None:
    found, (wrong,) = sheets(made(tmp_path, f'<row r="{row}"><c><v>1</v></c></row>'))
    assert (found, wrong.check) == ([], "corrupt_workbook")


STYLES = (
    '<numFmts count="2"><numFmt formatCode="0.0%" numFmtId="170"/><numFmt numFmtId="171" '
    'formatCode="yyyy&quot;年&quot;m&quot;月&quot;"/></numFmts><cellStyleXfs><xf numFmtId="9"/>'
    '</cellStyleXfs><cellXfs><xf numFmtId="0"/><xf numFmtId="9"/><xf numFmtId="170"/>'
    '<xf numFmtId="171"/></cellXfs>'
)


def test_number_formats_act(tmp_path: Path) -> None:
    rows = (
        '<row r="1"><c s="1"><v>0.05</v></c><c s="2"><v>0.07</v></c><c s="3"><v>44259</v></c>'
        '<c><v>44259</v></c><c s="0"><v>0.05</v></c></row>'
    )
    sheet = one(made(tmp_path, rows, styles=STYLES))
    assert sheet.grid.rows() == [("0.05", "0.07", "2021-03-04", "44259", "0.05", 1)]
    assert sheet.marks.percent == {"A": (1,), "B": (1,)}
    late = one(made(tmp_path, rows, styles=STYLES, extra='<workbookPr date1904="1"/>'))
    assert late.grid["C"][0] == "2025-03-05"


def test_a_style_that_is_not_there_is_damage(tmp_path: Path) -> None:
    found, (wrong,) = sheets(made(tmp_path, '<row r="1"><c s="9"><v>1</v></c></row>', styles=STYLES))
    assert (found, wrong.check) == ([], "corrupt_workbook")


def test_raised_and_lowered_digits_stay_what_they_look_like(tmp_path: Path) -> None:
    def run(text: str, place: str = "") -> str:
        mark = f'<rPr><vertAlign val="{place}"/></rPr>' if place else ""
        return f'<r>{mark}<t xml:space="preserve">{text}</t></r>'

    strings = "".join(
        f"<si>{item}</si>"
        for item in (
            run("12.5") + run("1", "superscript"),
            run("CO") + run("2", "subscript"),
            run("10") + run("4", "superscript") + run(" t"),
            "<t>重_x000D_庆_x005F_x0041_</t><rPh><t>ChongQing</t></rPh>",
        )
    )
    rows = '<row r="1">' + "".join(f'<c t="s"><v>{i}</v></c>' for i in range(4)) + "</row>"
    sheet = one(made(tmp_path, rows, strings=strings))
    assert sheet.grid.rows() == [("12.5¹", "CO₂", "10⁴ t", "重\r庆_x0041_", 1)]
    assert sheet.marks.text == {"A": (1,), "C": (1,)}


def test_formulas_without_result_are_known_and_empty_results_are_blank(tmp_path: Path) -> None:
    rows = (
        '<row r="1"><c r="A1"><f>1+1</f></c><c r="B1"><f>1+1</f><v/></c><c r="C1" t="str"><f>""</f>'
        "<v></v></c>"
        '<c r="D1"><f>1+1</f><v>2</v></c><c r="E1" t="inlineStr"><is><t>x</t></is></c>'
        '<c r="F1" t="d"><v>2021-03-04T00:00:00</v></c></row>'
    )
    sheet = one(made(tmp_path, rows))
    assert sheet.marks.without_value == (("A", 1), ("B", 1))
    assert sheet.grid.rows() == [("2", "x", "2021-03-04", 1)]


@pytest.mark.parametrize(
    "part", ["xl/sharedStrings.xml", "xl/styles.xml", "xl/workbook.xml", "xl/worksheets/sheet1.xml"]
)
def test_the_checksum_of_every_part_is_verified(part: str, tmp_path: Path) -> None:
    file = made(
        tmp_path, '<row r="1"><c t="s"><v>0</v></c></row>', strings="<si><t>x</t></si>", styles=STYLES
    )
    data = bytearray(file.read_bytes())
    with zipfile.ZipFile(file) as archive:
        sum_ = archive.getinfo(part).CRC.to_bytes(4, "little")
    at = data.index(sum_, data.index(b"PK\x01\x02"))
    data[at] ^= 1
    file.write_bytes(bytes(data))
    found, (wrong,) = sheets(file)
    assert (found, wrong.check) == ([], "corrupt_workbook")


@pytest.mark.parametrize("part", ["xl/sharedStrings.xml", "xl/styles.xml", "xl/worksheets/sheet1.xml"])
def test_entities_are_refused_in_every_part(part: str, tmp_path: Path) -> None:
    file = made(tmp_path, '<row r="1"><c><v>1</v></c></row>', strings="<si><t>x</t></si>", styles=STYLES)
    with zipfile.ZipFile(file) as archive:
        parts = {n: archive.read(n) for n in archive.namelist()}
    parts[part] = b'<!DOCTYPE a [<!ENTITY e "12">]>' + parts[part].replace(b"<v>1<", b"<v>&e;<")
    with zipfile.ZipFile(file, "w") as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    found, (wrong,) = sheets(file)
    assert (found, wrong.check) == ([], "corrupt_workbook")


def test_a_small_file_cannot_ask_for_much(tmp_path: Path) -> None:
    text = "<si><t>" + "x" * 1_000_000 + "</t></si>"
    rows = "".join(f'<row r="{i}"><c t="s"><v>0</v></c></row>' for i in range(1, 1_001))
    found, (wrong,) = sheets(made(tmp_path, rows, strings=text))
    assert (found, wrong.check) == ([], "too_many_cells")
    wide = '<row r="1">' + "<c><v>1</v></c>" * 1_001 + "</row>"
    found, (wrong,) = sheets(made(tmp_path, wide))
    assert (found, wrong.check) == ([], "too_many_columns")


@pytest.mark.parametrize("word", ["worksheet", "sharedStrings", "styles"])
@pytest.mark.parametrize("position", [0, 4, -1])
def test_a_part_under_another_name_is_damage_and_no_part_that_is_missed(
    word: str, position: int, tmp_path: Path
) -> None:
    whole, cut = tmp_path / "whole.xlsx", tmp_path / "cut.xlsx"
    with xlsxwriter.Workbook(whole) as book:
        share = book.add_format({"num_format": "0%"})
        for name in ("a", "b"):
            book.add_worksheet(name).write_row(0, 0, ["text", "more"])
            book.get_worksheet_by_name(name).write_row(1, 0, [0.05, 2], share)
    letters = list(word)
    letters[position] = "q"
    with zipfile.ZipFile(whole) as old, zipfile.ZipFile(cut, "w") as new:
        for name in old.namelist():
            text = old.read(name)
            if name == "xl/_rels/workbook.xml.rels":
                text = text.replace(f'/{word}"'.encode(), f'/{"".join(letters)}"'.encode(), 1)
            new.writestr(name, text)
    assert [sheet.name for sheet in sheets(whole)[0]] == ["a", "b"]
    read, wrong = sheets(cut)
    assert ([*read], len(wrong), wrong[0].severity) == ([], 1, "error")


def test_a_sheet_of_a_chart_alone_is_passed_over(tmp_path: Path) -> None:
    path = tmp_path / "chart.xlsx"
    with xlsxwriter.Workbook(path) as book:
        book.add_worksheet("a").write_column(0, 0, ["x", 1, 2])
        chart = book.add_chart({"type": "line"})
        chart.add_series({"values": "=a!$A$2:$A$3"})
        book.add_chartsheet("picture").set_chart(chart)
    read, wrong = sheets(path)
    assert ([sheet.name for sheet in read], wrong) == (["a"], [])
