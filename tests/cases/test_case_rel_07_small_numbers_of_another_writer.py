"""Workbooks of any writer give the same numbers, however small and however spelt."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest
from tests.ledger.read.test_workbook import STYLES, made

from tongyuan.ledger.read.read import Reading, read

HEAD = ("region", "year", "process", "product", "value", "unit", "source", "uncertainty")


def text(cell: str, value: str) -> str:
    return f'<c r="{cell}" t="inlineStr"><is><t>{value}</t></is></c>'


def seen(path: Path, number: str, *, unit: str = "t", last: str = "<c r='H2'/>", styles: str = "") -> Reading:
    head = "".join(text(f"{letter}1", word) for letter, word in zip("ABCDEFGH", HEAD, strict=True))
    row = text("A2", "济南市") + '<c r="B2"><v>2021</v></c>' + text("C2", "energy.power")
    row += text("D2", "bituminous") + number + text("F2", unit) + text("G2", "x") + last
    book = made(path, f'<row r="1">{head}</row><row r="2">{row}</row>', styles=styles)
    return read(book)


@pytest.mark.parametrize(
    "number",
    [
        '<c s="0" r="E2"><v>1.5E-10</v></c>', '<c r="E2" s="0"><v>1.5E-10</v></c>',
        "<c r='E2'><v>1.5e-10</v></c>", "<c><v>1.5E-10</v></c>", '<c r="E2">\n<v>1.5E-10</v>\n</c>',
        '<c t="n" r="E2"><f>1/3</f><v>1.5E-10</v></c>',
        '<c r="E2"><v>0.00000000015</v></c>', '<c r="E2" t="str"><f>A</f><v>1.5E-10</v></c>',
    ],
)  # fmt: skip
def test_a_small_number_stays(number: str, tmp_path: Path) -> None:
    assert seen(tmp_path, number).tables["activity"]["value"].to_list() == [1.5e-10]


@pytest.mark.parametrize("value", ["0.123456789012345", "123456789.123456789", "4.9E-324", "1E+22"])
def test_every_digit_stays(value: str, tmp_path: Path) -> None:
    table = seen(tmp_path, f'<c s="0" r="E2"><v>{value}</v></c>').tables["activity"]
    assert table["value"].to_list() == [float(value)]


@pytest.mark.parametrize(
    ("style", "unit", "uncertainty"), [("0", "t", 7.0), ("1", "t", 700.0), ("2", "t", 700.0)]
)
def test_per_cent_formats_act(style: str, unit: str, uncertainty: float, tmp_path: Path) -> None:
    number = '<c r="E2"><v>5</v></c>'
    last = f'<c s="{style}" r="H2"><v>7</v></c>'
    reading = seen(tmp_path, number, unit=unit, last=last, styles=STYLES)
    assert reading.tables["activity"]["uncertainty"].to_list() == [uncertainty]


def test_a_value_shown_in_per_cent_is_a_share(tmp_path: Path) -> None:
    reading = seen(tmp_path, '<c s="1" r="E2"><v>0.07</v></c>', styles=STYLES)
    assert reading.tables["activity"]["value"].to_list() == [0.07]
    file = made(
        tmp_path,
        '<row r="1">' + "".join(text(f"{c}1", w) for c, w in zip("ABCDEF", ("region", "year", "indicator",
        "value", "unit", "source"), strict=True)) + '</row><row r="2">' + text("A2", "济南市")
        + '<c><v>2021</v></c>' + text("C2", "x") + '<c s="1"><v>0.07</v></c>' + text("E2", "%")
        + text("F2", "y") + "</row>",
        styles=STYLES,
        names=("indicator_observation",),
    )  # fmt: skip
    assert read(file).tables["indicator_observation"]["value"].to_list() == [7.0]


def test_a_byte_changed_in_any_part_in_use_is_damage(tmp_path: Path) -> None:
    seen(tmp_path, '<c r="E2"><v>5</v></c>', styles=STYLES)
    file = tmp_path / "book.xlsx"
    whole = file.read_bytes()
    with zipfile.ZipFile(file) as archive:
        places = {
            i.filename: i.header_offset + 30 + len(i.filename) + i.compress_size // 2
            for i in archive.infolist()
        }
    for name, place in places.items():
        data = bytearray(whole)
        data[place] ^= 0x10
        file.write_bytes(bytes(data))
        reading = read(file)
        same = reading.tables and reading.tables["activity"]["value"].to_list() == [5.0]
        assert same or any(f.check == "corrupt_workbook" for f in reading.findings), name
